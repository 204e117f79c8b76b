"""Encodings from before Unicode, told by how Vietnamese the result reads: right or refused, never silently wrong."""

import random
import unicodedata
from collections.abc import Callable

import pytest

from corpus import encodings
from corpus.encodings import decode, repair
from corpus.errors import ReportError
from corpus.load import bundled
from corpus.text import clean

TEXTS = [report.text for report in bundled()]
TONES = "\u0300\u0301\u0303\u0309\u0323"


def single(high: str, low: dict[int, str]) -> Callable[[str], bytes]:
    table = {char: bytes([byte]) for byte, char in low.items()}
    table |= {char: bytes([128 + place]) for place, char in enumerate(high)}

    def encode(text: str) -> bytes:
        return b"".join(char.encode() if char.isascii() else table[char] for char in text)

    return encode


def vni(text: str) -> bytes:
    marks = {found: mark for mark, found in encodings._VNI_MARKS.items()}
    letters = {found: letter for letter, found in encodings._VNI_LETTERS.items()}
    return "".join(_vni(char, marks, letters) for char in text).encode("cp1252")


def _vni(char: str, marks: dict[str, str], letters: dict[str, str]) -> str:
    low = char.lower()
    if char.isascii() or low in letters:
        spelled = letters.get(low, low)
    else:
        apart = unicodedata.normalize("NFD", low)
        horn = "\u031b" in apart
        base = unicodedata.normalize("NFC", apart[0] + "\u031b" * horn)
        rest = sorted((mark for mark in apart[1:] if mark != "\u031b"), key=lambda mark: mark in TONES)
        spelled = letters.get(base, base) + marks["".join(rest)]
    return spelled.upper() if char.isupper() else spelled


def windows(text: str) -> bytes:
    """windows-1258: letters with a breve, circumflex or horn are whole, tones stand behind."""
    apart = (unicodedata.normalize("NFD", char) for char in text)
    whole = ((unicodedata.normalize("NFC", "".join(c for c in a if c not in TONES)), a) for a in apart)
    return b"".join((base + "".join(c for c in a if c in TONES)).encode("cp1258") for base, a in whole)


ENCODERS = {
    "TCVN3": single(encodings._TCVN3_HIGH, encodings._TCVN3_LOW),
    "VISCII": single(encodings._VISCII_HIGH, encodings._VISCII_LOW),
    "VNI": vni,
    "windows-1258": windows,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_sixty_characters_are_enough_and_nothing_is_wrong(name: str) -> None:
    seen = random.Random(5)
    right = refused = 0
    while right + refused < 400:
        text = seen.choice(TEXTS)
        begin = seen.randrange(len(text) - 60)
        try:
            data = ENCODERS[name](text[begin : begin + 60])
        except (KeyError, UnicodeEncodeError):
            continue  # a letter that the encoding never had
        if data.isascii():
            continue
        try:
            assert clean(decode("a.txt", data)) == clean(text[begin : begin + 60])
            right += 1
        except ReportError as error:
            assert "có vẻ là" in str(error)
            refused += 1
    assert right >= 0.99 * 400


@pytest.mark.parametrize("name", ENCODERS)
def test_whole_reports(name: str) -> None:
    for text in TEXTS:
        kept = "".join(char for char in text if _has(name, char))
        assert clean(decode("a.txt", ENCODERS[name](kept))) == clean(kept)


def _has(name: str, char: str) -> bool:
    try:
        return bool(ENCODERS[name](char))
    except (KeyError, UnicodeEncodeError):
        return False


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_unicode(name: str) -> None:
    for text in TEXTS:
        assert decode("a.txt", text.encode(name)).lstrip("\ufeff") == text


@pytest.mark.parametrize("data", [b"\xff" * 40, bytes(range(128, 256)), "é ü ß ñ".encode("latin-1"), b"\x00\x01\x02"])
def test_what_reads_as_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(ReportError, match=r"UTF-8|không phải văn bản"):
        decode("a.txt", data)


@pytest.mark.parametrize("name", ["TCVN3", "VNI"])
def test_letters_of_old_fonts_in_word_are_made_unicode(name: str) -> None:
    said = "Năm 2016 toàn tỉnh tăng 35 trạm BTS, nâng tổng số lên 1.204 trạm.\nSở Thông tin và Truyền thông."
    assert repair(ENCODERS[name](said).decode("cp1252")) == said


def test_foreign_words_are_left_alone() -> None:
    said = "François Müller và André Gómez đến Đà Nẵng; Øre, Ångström."
    assert repair(said) == said
