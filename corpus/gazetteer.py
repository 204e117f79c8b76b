"""The provinces of Vietnam: 63 until 30 June 2025, 34 since; their other names, and districts that give them away.

Data: gazetteer.json, made by tools/make_gazetteer.py.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from corpus.text import fold, has_marks, strip_marks

_DISTRICT = re.compile(r"\b(huyen|thi xa|tx|thanh pho|tp|quan)\.? $")
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[\s–-]+")


class Mention(NamedTuple):
    """A province found in text[start:end]; `district` when one of its districts gave it away."""

    province: str
    start: int
    end: int
    district: bool


class _Names(NamedTuple):
    """Names of provinces and districts in one spelling; for the first word of each, how many words to try."""

    owner: dict[str, tuple[str, bool]]
    lengths: dict[str, list[int]]  # longest first


class _Province(NamedTuple):
    name: str
    aliases: list[str]
    districts: list[str]


@cache
def _data() -> tuple[tuple[_Province, ...], dict[str, list[str]]]:
    loaded = json.loads(Path(__file__).with_name("gazetteer.json").read_text("utf-8"))
    return tuple(_Province(**entry) for entry in loaded["provinces"]), loaded["since_2025"]


@cache
def provinces() -> tuple[str, ...]:
    """The 63 names reports use.

    >>> len(provinces()), "Hậu Giang" in provinces()
    (63, True)
    """
    return tuple(province.name for province in _data()[0])


def parts_of(name: str) -> tuple[str, ...]:
    """The old provinces that a province of today was made of; () for a name that is none.

    >>> parts_of("Cần Thơ")
    ('Cần Thơ', 'Hậu Giang', 'Sóc Trăng')
    """
    return tuple(_data()[1].get(name, ()))


def whole_of(name: str) -> str | None:
    """The province of today that an old one belongs to; itself where the name stayed.

    >>> whole_of("Hậu Giang"), whole_of("An Giang"), whole_of("Atlantis")
    ('Cần Thơ', 'An Giang', None)
    """
    return next((whole for whole, parts in _data()[1].items() if name in parts), None)


@cache
def _names(marked: bool) -> _Names:
    districts = [(name, province.name, True) for province in _data()[0] for name in province.districts]
    own = [(name, province.name, False) for province in _data()[0] for name in (*province.aliases, province.name)]
    listed = "\n".join(name for name, _, _ in (*districts, *own))  # spelt in one go, which is ten times faster
    spelt = (fold if marked else strip_marks)(listed).split("\n")
    pairs = zip(spelt, (*districts, *own), strict=True)
    owner = {_key(name): (province, district) for name, (_, province, district) in pairs}
    lengths: dict[str, set[int]] = {}
    for name in owner:
        words = _WORD.findall(name)
        lengths.setdefault(words[0], set()).add(len(words))
    return _Names(owner, {first: sorted(known, reverse=True) for first, known in lengths.items()})


def _key(name: str) -> str:
    return _BETWEEN.sub(" ", name)


def mentions(text: str) -> Iterator[Mention]:
    """Provinces named in a text, with or without diacritics (a text without any is matched without).

    >>> [m.province for m in mentions("tram BTS hau giang va BUON MA THUOT")]
    ['Hậu Giang', 'Đắk Lắk']
    >>> [m.province for m in mentions("Hoà Bình, ban giang hồ")]
    ['Hòa Bình']
    >>> [m.province for m in mentions("cap quang ninh binh, quang ninh")]
    ['Ninh Bình', 'Quảng Ninh']
    """
    marked = has_marks(text)
    names = _names(marked)
    spelt = fold(text) if marked else strip_marks(text)
    # Folding may only change a letter for another: offsets stay true for NFC text.
    for start, end in _found(names, spelt):
        province, district = names.owner[_key(spelt[start:end])]
        if marked or not district or _meant(spelt, start, end):
            yield Mention(province, start, end, district)


def _found(names: _Names, spelt: str) -> Iterator[tuple[int, int]]:
    """Where names stand, the longest of those that begin at a word, without overlaps."""
    words = list(_WORD.finditer(spelt))
    free = 0
    for number, word in enumerate(words):
        lengths = names.lengths.get(word.group())
        if not lengths or word.start() < free:
            continue
        for length in lengths:
            end = words[min(number + length, len(words)) - 1].end()
            known = names.owner.get(_key(spelt[word.start() : end]))
            part = known and (known[1] or spelt.endswith("cap quang", 0, word.end()))  # "cap quang ninh binh"
            if known and not (part and _runs_on(names, spelt, words[number + 1 :], end)):
                yield word.start(), end
                free = end
                break


def _runs_on(names: _Names, spelt: str, words: list[re.Match[str]], end: int) -> bool:
    """Whether a province begins within a district: "thu hoi an giang" is of An Giang, not of Hội An."""
    for number, word in enumerate(takewhile(lambda word: word.start() < end, words)):
        for length in names.lengths.get(word.group(), ()):
            after = words[min(number + length, len(words)) - 1].end()
            owner = names.owner.get(_key(spelt[word.start() : after]))
            if owner and not owner[1] and after > end:
                return True
    return False


@cache
def _also_words() -> frozenset[str]:
    """Districts whose names, stripped, are common words or pairs of them."""
    return frozenset(Path(__file__).with_name("also_words.txt").read_text("utf-8").split("\n"))


def _meant(stripped: str, start: int, end: int) -> bool:
    """Without diacritics "van ban" is văn bản before it is Văn Bàn: such a district needs its "huyen" before it."""
    return _key(stripped[start:end]) not in _also_words() or bool(_DISTRICT.search(stripped[:start]))


def canonical(name: str) -> str | None:
    """The name reports use for what somebody typed; None for what is no province.

    >>> canonical("dak lak"), canonical("TP.HCM"), canonical("Atlantis")
    ('Đắk Lắk', 'Hồ Chí Minh', None)
    """
    found = [m for m in mentions(name.strip()) if not m.district]
    return found[0].province if found else None
