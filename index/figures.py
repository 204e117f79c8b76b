"""Figures in a passage: qualifier, number and unit, as they stand in it; numbers that name something are none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.text import strip_marks
from index.kinds import Kind

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_FIGURE = re.compile(
    rf"(?<![\w.,/-])(?P<number>(?:{_NUMBER})(?:\s?/\s?(?:{_NUMBER}))?)(?P<percent>\s?%)?(?![\w/%-]|[.,]\d)"
)
_QUALIFIER = re.compile(r"\b(tren|hon|gan|khoang|uoc dat|uoc|toi thieu|it nhat|toi da|duoi|khong qua|xap xi|chung)\s+$")
# A number after one of these is a name or a time, not a figure.
_NAMING = re.compile(
    r"(\b(so|muc( do)?|cap do|cap|dot|nam|nien do|quy|thang|ngay|luc|lan thu|khoa|giai doan|tieu chi( so)?|dieu|khoan|chuong"
    r"|nghi dinh|quyet dinh|nghi quyet|thong tu|ke hoach|chi thi|cong van|van ban|luat|phan|bang|phu luc|phien ban|doan lien nganh"
    r"|dien thoai|fax|sdt|windows|quoc lo|khu vuc|loai|hang|iso|bac|tuoi)|[^\W\d_]-)\s*:?\s*$"
)
_NAMING_PAIR = re.compile(r"\b(muc( do)?|cap do|quy|thang|dot|giai doan|nam)\s+\d+\s*(va|,|den|-|–)\s*$")
_RANK = re.compile(r"(xep|dung|hang|vi tri)?\s*(thu|hang)\s+$")
_MONEY = re.compile(
    r"\s?((nghin|ngan|trieu|ty|ti|tram)\s+)*(dong(?! chi)|usd|vnd|dola|do la|euro)\b|\s?(trieu|ty|ti)\b(?! le)"
)
_YEAR_LIKE = re.compile(r"(19|20)\d\d$")
_UNIT_END = frozenset(
    "cua va voi trong o tai cho da duoc dat la co tren so nham tu den theo ve tang giam chiem cung con hoac nay do se bi do "
    "phuc-vu khi tuong nop vuot qua gom bao cac".split()
)
_SYLLABLE = re.compile(r"[^\W\d_]+(?:&[^\W\d_]+)?")
_UNIT_SYLLABLES = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A possible answer, text[start:end]; of a figure, the number begins at `number` and its unit at `unit`."""

    start: int
    end: int
    kind: Kind
    number: int = -1
    unit: int = -1


def figures(text: str, asked: frozenset[str] = frozenset()) -> Iterator[Span]:
    """All figures of a passage; a unit goes on as long as its syllables are `asked` for (stripped).

    >>> text = "Đạt trên 56.000 hộ nghèo, tăng 9 bậc, mức độ 3: 1,6 tỷ đồng (100%)."
    >>> [(text[f.start : f.end], str(f.kind)) for f in figures(text)]
    [('trên 56.000 hộ nghèo', 'count'), ('9 bậc', 'count'), ('1,6 tỷ đồng', 'money'), ('100%', 'percent')]
    """
    stripped = strip_marks(text)
    for match in _FIGURE.finditer(stripped):
        before = stripped[: match.start()]
        rank = _RANK.search(before)
        if not rank and (_is_name(before) or _is_year(match.group("number"), stripped[match.end() :])):
            continue
        qualifier = _QUALIFIER.search(before)
        start = qualifier.start() if qualifier else match.start()
        if rank:
            yield Span(rank.start(2), match.end(), Kind.RANK, match.start(), match.end())
        elif match.group("percent"):
            yield Span(start, match.end(), Kind.PERCENT, match.start(), match.end())
        elif money := _MONEY.match(stripped, match.end()):
            yield Span(start, money.end(), Kind.MONEY, match.start(), match.end())
        else:
            end = _unit_end(stripped, match.end(), asked)
            yield Span(start, end, Kind.COUNT, match.start(), match.end())


def _is_name(before: str) -> bool:
    return bool(_NAMING.search(before) or _NAMING_PAIR.search(before))


def _is_year(number: str, after: str) -> bool:
    """A bare 2016, but not "2016 hộ"."""
    return bool(_YEAR_LIKE.fullmatch(number)) and not re.match(r"\s[^\W\d_]", after)


def _unit_end(stripped: str, start: int, asked: frozenset[str]) -> int:
    """The end of the unit: up to three syllables, further while the question says them, "/100 dân" included."""
    at, count = start, 0
    while match := re.compile(r"(?P<gap>\s|,\s|\s?-\s?)(?P<word>[^\W\d_]+(?:&[^\W\d_]+)?)").match(stripped, at):
        word, wanted = match.group("word"), match.group("word") in asked
        if match.group("gap") != " " and not (wanted and count):
            break
        if word in _UNIT_END or (count >= _UNIT_SYLLABLES and not wanted):
            break
        at, count = match.end(), count + 1
    if per := re.compile(r"\s?/\s?\d*\s?[^\W\d_]+").match(stripped, at):
        at = per.end()
    return at
