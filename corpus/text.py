"""Text functions that everything else builds on: cleaning that changes no word, and folding for comparison.

Offsets everywhere are code points into cleaned text.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial

# A number with its marks, else letters and digits: "132/141", "dvb", "t2".
WORD = re.compile(r"\d+(?![^\W_])(?:[.,/]\d+)*|[^\W_]+")
# Controls but tab and newline, zero-width and bidirectional marks, soft hyphen, byte-order mark, lone surrogates.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
# Old style puts the tone on the first vowel (hòa, thủy), new style on the second (hoà, thuỷ).
_OLD_STYLE = re.compile("[òóỏõọùúủũụ][aey](?![\\w\u0300-\u036f])")  # its first letters are quick to look for
_TONED = {
    first + second: plain + unicodedata.normalize("NFC", second + unicodedata.normalize("NFD", first)[1])
    for firsts, plain, seconds in (("òóỏõọ", "o", "ae"), ("ùúủũụ", "u", "y"))
    for first in firsts
    for second in seconds
}
_QUI = re.compile(r"\bquí\b")
_TI = re.compile(r"\btỉ\b")
_HANG = re.compile(r"\bhằng(?= (?:ngày|tuần|tháng|quý|năm)\b)")
_BARE_TI = re.compile(r"\bti(?= (?:le|trong)\b)")


def pattern(text: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A pattern that is compiled when it is first called for: a cold question needs few of them all.

    >>> number = pattern(r"\\d+")
    >>> number().findall("35 trạm, 12 xã")
    ['35', '12']
    """
    return cache(partial(re.compile, text, flags))


def sought(words: str, text: str) -> Callable[[str], re.Match[str] | None]:
    """A search for a pattern that can only stand where one of some words does; it is compiled at the first of those.

    >>> rank = sought("xep|hang", r"(?:xep|thu) hang (?P<rank>\\d+)")
    >>> rank("co 35 tram"), rank("xep hang 3")["rank"]
    (None, '3')
    """
    known, compiled = words.split("|"), pattern(text)

    def search(where: str) -> re.Match[str] | None:
        for word in known:
            if word in where:
                return compiled().search(where)
        return None

    return search


def clean(text: str) -> str:
    """NFC, newline line ends, nothing invisible; words stay as they are.

    >>> clean("Tha\\u0301i\\r\\nBi\\u0300nh\\u200b\\x00")
    'Thái\\nBình'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Strip before composing: a mark between a letter and its accent would keep them apart.
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def strip_marks(text: str) -> str:
    """Lower case without diacritics, of the same length for NFC Vietnamese text.

    >>> strip_marks("Đắk Lắk đạt 96 thuê bao")
    'dak lak dat 96 thue bao'
    """
    return text.translate(_PLAIN)


def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    if char in "đĐ":
        return "d"
    bare = unicodedata.normalize("NFD", char)[0].lower()
    return bare if len(bare) == 1 else char


class _Plain(dict[int, str]):
    """Characters as they are first met, so that all others cost one look."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain(chr(code))
        return plain


_PLAIN = _Plain()


def fold(text: str) -> str:
    """Lower case with one spelling for words that have two: hoà/hòa, quí/quý, tỉ/tỷ; of the same length for NFC text.

    >>> fold("Hoà Bình quí II đạt 3 tỉ; Thuỷ quân") == fold("Hòa Bình quý II đạt 3 tỷ; Thủy quân")
    True
    >>> fold("hằng tháng"), fold("Hằng")
    ('hàng tháng', 'hằng')
    >>> fold("hoàn toàn, quỳ, của"), fold("tỉ lệ"), fold("ti le"), fold("ti vi")
    ('hoàn toàn, quỳ, của', 'tỷ lệ', 'ty le', 'ti vi')
    """
    low = text.lower()
    if len(low) != len(text):  # a few foreign capitals have longer small forms
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    found = _OLD_STYLE.sub(_toned, unicodedata.normalize("NFC", low))
    found = _QUI.sub("quý", found) if "quí" in found else found
    found = _TI.sub("tỷ", found) if "tỉ" in found else found
    found = _HANG.sub("hàng", found) if "hằng" in found else found
    return _BARE_TI.sub("ty", found) if "ti " in found else found


def _toned(match: re.Match[str]) -> str:
    """Two vowels with the tone where the new style has it; "qu" is a consonant."""
    pair = match.group()
    of_qu = pair[1] == "y" and match.string.endswith("q", 0, match.start())
    return pair if of_qu else _TONED.get(pair, pair)


def has_marks(text: str) -> bool:
    """Whether anything in the text carries a Vietnamese diacritic.

    >>> has_marks("tram BTS"), has_marks("trạm BTS")
    (False, True)
    """
    return strip_marks(text) != text.lower()
