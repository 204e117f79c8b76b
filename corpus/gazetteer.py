"""The provinces of Vietnam: 63 until 30 June 2025, 34 since; their other names, and districts that give them away.

Data: gazetteer.json, made by tools/make_gazetteer.py.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.text import fold, has_marks, strip_marks

_DISTRICT = re.compile(r"\b(huyen|thi xa|tx|thanh pho|tp|quan)\.? $")


@dataclass(frozen=True, slots=True)
class Mention:
    """A province found in text[start:end]; `district` when one of its districts gave it away."""

    province: str
    start: int
    end: int
    district: bool


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of provinces and districts in one spelling, and one pattern over all of them."""

    owner: dict[str, tuple[str, bool]]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Province:
    name: str
    aliases: list[str]
    districts: list[str]


@cache
def _data() -> tuple[tuple[_Province, ...], dict[str, list[str]]]:
    loaded = json.loads(files("corpus").joinpath("gazetteer.json").read_text("utf-8"))
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
    spell = fold if marked else strip_marks
    owner: dict[str, tuple[str, bool]] = {}
    for province in _data()[0]:
        owner.update({_key(spell(name)): (province.name, True) for name in province.districts})
    for province in _data()[0]:
        owner.update({_key(spell(name)): (province.name, False) for name in (*province.aliases, province.name)})
    longest_first = sorted(owner, key=len, reverse=True)
    joined = "|".join(re.escape(name).replace(r"\ ", r"[\s-]+") for name in longest_first)
    return _Names(owner, re.compile(rf"(?<!\w)(?:{joined})(?!\w)"))


def _key(name: str) -> str:
    return re.sub(r"[\s-]+", " ", name)


def mentions(text: str) -> Iterator[Mention]:
    """Provinces named in a text, with or without diacritics (a text without any is matched without).

    >>> [m.province for m in mentions("tram BTS hau giang va BUON MA THUOT")]
    ['Hậu Giang', 'Đắk Lắk']
    >>> [m.province for m in mentions("Hoà Bình, ban giang hồ")]
    ['Hòa Bình']
    """
    marked = has_marks(text)
    names = _names(marked)
    spelt = fold(text) if marked else strip_marks(text)
    # Folding may only change a letter for another: offsets stay true for NFC text.
    for match in names.pattern.finditer(spelt):
        province, district = names.owner[_key(match.group())]
        if marked or not district or _meant(spelt, match):
            yield Mention(province, match.start(), match.end(), district)


@cache
def _also_words() -> frozenset[str]:
    """Districts whose names, stripped, are common words or pairs of them."""
    return frozenset(files("corpus").joinpath("also_words.txt").read_text("utf-8").split("\n"))


def _meant(stripped: str, match: re.Match[str]) -> bool:
    """Without diacritics "van ban" is văn bản before it is Văn Bàn: such a district needs its "huyen" before it."""
    return _key(match.group()) not in _also_words() or bool(_DISTRICT.search(stripped[: match.start()]))


def canonical(name: str) -> str | None:
    """The name reports use for what somebody typed; None for what is no province.

    >>> canonical("dak lak"), canonical("TP.HCM"), canonical("Atlantis")
    ('Đắk Lắk', 'Hồ Chí Minh', None)
    """
    found = [m for m in mentions(name.strip()) if not m.district]
    return found[0].province if found else None
