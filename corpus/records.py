"""One frozen record for each step from a report file to its passages, and the small values they are made of."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a report. None: neither found in it nor given."""

    title: str
    province: str | None = None
    period: str | None = None  # "2016", "quý III/2019", "6 tháng đầu năm 2018"
    issuer: str | None = None
    date: str | None = None  # YYYY-MM-DD, the day of publication
    url: str | None = None


class Finding(NamedTuple):
    """A fact's value, the words of the text it was read from, and how sure that is, 0..1."""

    value: str
    words: str
    sure: float


class Origin(NamedTuple):
    """Where a fact comes from: words of the report (`text[start : start + len(words)]`), or who gave it."""

    fact: str  # the name of a field of Facts
    words: str
    start: int | None  # code point in the report's text; None when it was given, not found
    sure: float  # 0..1


@dataclass(frozen=True, slots=True)
class Document:
    """A report in the store; offsets of its passages are code points into `text` (NFC)."""

    id: str  # a slug of the file's name, unique: "hau-giang-2016"
    file: str  # the name of the file that was added
    sha256: str  # of the original bytes
    text: str
    facts: Facts
    origins: tuple[Origin, ...] = ()


class Place(NamedTuple):
    """Where a passage stands for a reader. None: the format has no such thing, or nothing was found."""

    page: int | None = None  # from 1
    heading: str | None = None  # the one above it
    row: int | None = None  # of its table, from 1, heads not counted


@dataclass(frozen=True, slots=True)
class Passage:
    """`document.text[start:end]`: a sentence, or a clause group of a long one (≤ 500 code points)."""

    document_id: str
    ordinal: int  # 0, 1, 2… in the document
    start: int
    end: int
    paragraph: int  # passages with the same number stand in one paragraph
    text: str
    place: Place = Place()  # noqa: RUF009 - a tuple, which cannot change


@dataclass(frozen=True, slots=True)
class Report:
    """A file as read, before it is stored: original bytes, cleaned text, facts and passages."""

    file: str
    data: bytes
    text: str
    facts: Facts
    spans: tuple[tuple[int, int, int], ...]  # (start, end, paragraph) of each passage
    origins: tuple[Origin, ...] = ()
    places: tuple[Place, ...] = ()  # of each passage
