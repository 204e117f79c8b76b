"""Possible answers in a passage that are no figures: dates, persons, offices, places, numbers of documents…"""

import re
from collections.abc import Callable, Iterator

from corpus.gazetteer import mentions
from corpus.text import fold, pattern, strip_marks
from index.figures import Span, figures
from index.kinds import FIGURES, Kind
from index.vocabulary import vocabulary

_CAPITAL = "[A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ]"
_SMALL = "[a-zà-ýăđĩũơưạ-ỹ]"
_NAME = pattern(rf"(?<!\w)(?!(?:Ông|Bà|Anh|Chị)\s){_CAPITAL}{_SMALL}*(?:\s{_CAPITAL}{_SMALL}*){{1,3}}(?!\w)")
_TITLE = (
    r"(?:(?:pho|quyen|nguyen|tong) )*(?:giam doc|chu tich|bi thu|truong(?: (?:ban|phong|khoa|doan|ty|cong an))?"
    r"|chanh (?:van phong|thanh tra)|(?:cuc|vu|bo|thu|hieu|doi|chi huy|to) truong|thuong truc|uy vien|thu ky)"
)
_ACTS = "nghi dinh|quyet dinh|nghi quyet|thong tu|chi thi|luat"
_PAPERS = f"{_ACTS}|ke hoach|cong van|van ban|giay phep|thong bao|to trinh"
ANOTHER_PAPER = pattern(rf"[,;)]\s*(?:va\s)?(?:{_PAPERS})\b(?! so\b)(?!\s\d)")
_PATTERNS: dict[Kind, Callable[[], re.Pattern[str]]] = {
    Kind.DATE: pattern(
        r"(?<![\d/])(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?|\d{1,2} thang \d{1,2}(?: nam \d{4})?)(?![\d/%]|[.,]\d)"
        r"|thang \d{1,2}/\d{4}"
    ),
    Kind.YEAR: pattern(r"(?<![\d/.,])(?:19|20)\d\d(?![\d/.,]\d)"),
    Kind.PERIOD: pattern(r"(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d|tu nam \d{4} den (?:nam )?\d{4}"),
    Kind.EMAIL: pattern(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    Kind.PHONE: pattern(r"(?:\(\+?\d{2,5}\)|\+?\d{2,5})[\s.-]?\d{3,4}(?:[\s.-]?\d{2,4}){1,2}(?!\d)"),
    Kind.WEBSITE: pattern(r"https?://[^\s,;)]+|(?:[a-z0-9-]+\.)+(?:gov|com|org|edu|net)(?:\.vn)?(?![\w@])"),
    Kind.ADDRESS: pattern(r"(?<=dia chi: )\S.+|(?<=tru so: )\S.+|(?<=dia chi )(?=so |duong |khu |ap |thon |\d)\S.+"),
    Kind.NUMBER: pattern(
        rf"(?:(?:{_PAPERS})\s(?:lien tich\s)?(?:so:?\s)?)?"
        r"(?<!\w)\d{1,5}[a-z]?/(?:\d{4}/)?[a-z][a-z0-9]*(?:-[a-z&0-9]+)*"
        rf"|(?:{_ACTS})\s(?:so:?\s)?\d{{1,5}}[a-z]?(?:/\d{{4}})?(?![/\w])"
    ),
    Kind.NAME: pattern(r"(?<=[“\"'«])[^“”\"«»\n]{3,120}(?=[”\"'»])"),
}
_PLACE = pattern(
    r"\b(?:tại|ở|trên địa bàn|thuộc|khu vực)\s"
    r"(?P<place>(?:(?!\b(?:tại|và|để|nhằm|cho|đã|được|trong|với|về|là|có)\b)[^,.;:()\n])+)"
)
_NAMED_AFTER = pattern(r"(\d|duong|pho|guong dao duc|tp\.?|thanh pho|huyen|xa|phuong|chien dich|truong|chuyen de)\s*$")
_LONG_CLAUSE = 120  # code points: an answer is short
_LISTED = pattern(
    r"(?:\b(?:bao gồm|gồm|như|cụ thể(?: là)?|trong đó có|đó là)(?: có|:)?|:)\s+"
    r"(?P<things>[^\n]{8,400}?)(?=\.\s|\.?$|\n)",
    re.IGNORECASE,
)
_THINGS = pattern(r"[,;]\s?|\svà\s")
_IN_CLAUSE = r"(?:[^;:.()\n]|(?<=\d)[.:](?=\d))"  # "22.860 lao động" has no end of a clause in it
_CLAUSES = pattern(rf"{_IN_CLAUSE}+(?:\([^)]*\){_IN_CLAUSE}*)*")


def spans(text: str, kind: Kind, asked: frozenset[str] = frozenset()) -> list[Span]:
    """All possible answers of a kind; figures of every kind when a figure is asked for.

    >>> text = "Ông Phạm Văn Tửu, Giám đốc Sở TT&TT tặng Giấy khen ngày 27/12/2016 (Quyết định số 17/2019/QĐ-UBND)"
    >>> for kind in (Kind.PERSON, Kind.ROLE, Kind.DATE, Kind.NUMBER):
    ...     [text[span.start : span.end] for span in spans(text, kind)]
    ['Phạm Văn Tửu']
    ['Giám đốc Sở TT&TT']
    ['27/12/2016']
    ['Quyết định số 17/2019/QĐ-UBND']
    """
    if kind in FIGURES:
        return list(figures(text, asked))
    if kind is Kind.PERSON:
        return list(_persons(text))
    if kind is Kind.ROLE:
        return list(_roles(text))
    if kind is Kind.PLACE:
        return [Span(*m.span("place"), kind) for m in _PLACE().finditer(fold(text))]
    if kind is Kind.LIST:
        return list(_lists(text)) or list(_clauses(text, kind))
    if kind in (Kind.CLAUSE, Kind.WHETHER):
        return list(_clauses(text, kind))
    known = _PATTERNS.get(kind)
    return [Span(*match.span(), kind) for match in known().finditer(strip_marks(text))] if known else []


def _persons(text: str) -> Iterator[Span]:
    """Capitalised names that begin with a family name; provinces and streets called after somebody are none."""
    places = {mention.start for mention in mentions(text) if not mention.district}
    for match in _NAME().finditer(text):
        start, end = match.span()
        while strip_marks(text[start:end].split()[0]) not in vocabulary("surnames") and " " in text[start:end]:
            start += len(text[start:end].split()[0]) + 1
        before = strip_marks(text[max(0, start - 60) : start])
        named_after = _NAMED_AFTER().search(before) and not re.search(rf"{_TITLE}[^,.;]*$", before)
        if " " in text[start:end] and not named_after and start not in places:
            yield Span(start, end, Kind.PERSON)


def _roles(text: str) -> Iterator[Span]:
    stripped = strip_marks(text)
    at = 0
    for match in re.finditer(rf"\b{_TITLE}\b", stripped):
        if match.start() < at:
            continue
        at = match.end()
        while word := re.compile(r"\s([^\W\d_]+(?:&[^\W\d_]+)?)").match(stripped, at):
            capital = text[word.start(1)].isupper()
            surname = capital and word.group(1) in vocabulary("surnames") and _NAME().match(text, word.start(1))
            if surname or not (capital or word.group(1) in vocabulary("office_words")):
                break
            at = word.end()
        yield Span(match.start(), at, Kind.ROLE)


def _lists(text: str) -> Iterator[Span]:
    """What is enumerated: two or more things after "gồm", "như" or a colon, up to the end of the sentence."""
    for match in _LISTED().finditer(text):
        part = text[match.start("things") : match.end("things")].rstrip(" .;,…")
        if len(_THINGS().split(part)) > 1:
            yield Span(match.start("things"), match.start("things") + len(part), Kind.LIST)


def _clauses(text: str, kind: Kind) -> Iterator[Span]:
    """Clauses between strong marks; for yes or no, from the word that says which up to the clause's end."""
    for match in _CLAUSES().finditer(text):
        start, end = match.span()
        folded = fold(text[start:end])
        if kind is Kind.WHETHER:
            said = re.search(r"\b(không|chưa|đã|có)\b", folded)
            if not said:
                continue
            start += said.start()
        part = text[start:end]
        start += len(part) - len(part.lstrip())
        end = start + len(part.strip())
        long = kind is not Kind.LIST and end - start > _LONG_CLAUSE
        if comma := re.search(r"(?<=.{40}),", text[start:end]) if long else None:
            end = start + comma.start()
        if end - start >= 8:
            yield Span(start, end, kind)
