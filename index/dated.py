"""When a figure is of: what its column's head or its sentence says, else the report's period.

What is said is kept apart from the report, which may be told another period later: "" is the report's own, "2016" a
year, "<" the year before the report's, "quý I/*" a part of the report's year, UNCLEAR several years at once.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.period import year_of
from corpus.text import pattern
from index.figures import Span, spelt

UNCLEAR = "?"
YEARS = "giai đoạn"  # begins what is of several years together
_Y = r"(?:19|20)\d\d"
_YEAR = pattern(
    rf"(?:\b(?:trong|vao|den|tinh den|ca|cuoi|het|cua)\s+)*\b(?:cuoi )?nam (?P<year>{_Y})\b(?!\s?[-–/]\s?\d)"
)
_PART = pattern(
    r"(?:\b(?:trong|của)\s+)?\b(?:(?:lũy kế |luỹ kế |cộng dồn )?(?P<months>\d{1,2}|ba|sáu|chín) tháng"
    r"(?:(?P<half> đầu| cuối)?(?: của)? năm|(?<=lũy kế \d tháng)|(?<=luỹ kế \d tháng))"
    rf"|quý (?P<quarter>iv|i{{1,3}}|[1-4]))\b(?:(?:\s?/\s?|\s(?:năm\s)?)(?P<year>{_Y})\b)?"
)
_WHOLE = pattern(rf"\bcả năm\b(?!\s{_Y})")
_BEGINNING = pattern(rf"(?<!tháng )\bđầu năm\b(?! học)(?: (?P<year>{_Y})\b)?")
_RANGE = pattern(
    rf"(?:(?:^|[;.,(]\s|\b(?:trong|cả|của)\s)giai đoạn (?P<a>{_Y})\s?[-–]\s?(?P<b>{_Y})"
    rf"|\bgiai đoạn (?P<c>{_Y})\s?[-–]\s?(?P<d>{_Y})(?=(?:,?\s(?:là|đạt|ước)\b|:))"
    rf"|\btừ (?:năm )?(?P<e>{_Y}) (?:đến|tới) (?:(?:hết |cuối )?năm )?(?P<f>{_Y}))"
)
_LIST = pattern(rf"\b(?:nam )?(?P<years>{_Y}(?:(?:,| va|;) (?:nam )?{_Y})+)\b(?!\s?[-–/])")
_LABEL = pattern(rf"(?<![\d/.-])(?P<year>{_Y})\s?:(?=\s?\d)")  # "2015: 12; 2016: 35"
_NOT_THEN = pattern(  # folded: "từ" is not the "tư" of "đầu tư"
    r"(?:\bso (?:với|cùng kỳ|kế hoạch)(?: [^\W\d_]+){0,4}|\bgiai đoạn|\btừ|\bcùng kỳ|\bkế hoạch) ?$"
)
_SAYS_WHEN = pattern(rf"{_Y}|quý|tháng|(?:cả|đầu) năm|năm (?:trước|ngoái)")
_IN_TURN = pattern(r"\b(?:lan luot|tuong ung)\b")
_LAST_YEAR = pattern(r"\bnăm (?:trước|ngoái)\b")
_MONTHS_OF = pattern(r"\b(?P<months>\d{1,2}|ba|sáu|chín) tháng(?P<half> đầu| cuối)?(?: của)? $")
_ASIDE = pattern(rf"\bnăm (?:(?P<year>{_Y})|trước|ngoái)\s?\(\s*(?:(?:là|đạt|có|chỉ|khoảng|gần|trên|:)\s*)*$")
_BETWEEN = pattern(r"[;()]|\.\s")
_CLOSED = pattern(r"\([^()]*\)")
_GOES_ON = pattern(r"\s*(?:(?:uoc|da|thi|dat|la|co)\b|[:\d])")
_UNIT_GOES_ON = r"(?:\s[^\W\d_]+){0,4}"  # units are cut at three syllables
_BEHIND = pattern(rf"{_UNIT_GOES_ON}\s?$")
_IN_BRACKETS = rf"{_UNIT_GOES_ON}\s*\((?P<head>(?:[^()\d]|{_Y}|quý \d|\d{{1,2}} tháng)+)\)"
_HEAD, _CELL = pattern(_IN_BRACKETS), pattern(rf"\d\s?%?{_IN_BRACKETS}")
_COMPARES = pattern(  # a head of two years, or of a column that sets others side by side
    rf"\bso (?:với|sánh|cùng kỳ)\b|^\s*(?:chênh lệch|tăng|giảm|tỷ lệ|tốc độ|%)|{_Y}.*{_Y}"
)
_NUMBERS = {"ba": "3", "sáu": "6", "chín": "9"}
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}


class Said(NamedTuple):
    """When a figure is of; `end` is behind what says it, if that stands behind the figure; `own` if it is beside it."""

    when: str
    end: int
    own: bool


class Head(NamedTuple):
    """A column's head in brackets behind a figure; `compares` with another column."""

    start: int
    end: int
    text: str
    compares: bool


class _Mention(NamedTuple):
    start: int
    end: int
    when: str


def period(when: str, report: str | None) -> str | None:
    """What a report's figure is of.

    >>> [period(when, "quý III/2017") for when in ("", "2016", "<", "quý I/*", "2017")]
    ['quý III/2017', '2016', '2016', 'quý I/2017', 'quý III/2017']
    """
    year = year_of(report)
    if not when or when == str(year) or (year is None and re.search(r"[*<]", when)):
        return report
    return when if year is None else when.replace("*", str(year)).replace("<", str(year - 1))


def head(folded: str, end: int) -> Head | None:
    """The head of the column of a figure that ends there.

    >>> head("12 trạm (năm 2015); 35 trạm (kế hoạch)", 7).text
    'năm 2015'
    """
    match = _HEAD().match(folded, end)
    return Head(*match.span("head"), match["head"], bool(_COMPARES().search(match["head"]))) if match else None


def in_row(folded: str) -> bool:
    """Whether a passage is a row of a table, whose figures have heads behind them."""
    return len(_CELL().findall(folded)) > 1


def whens(text: str, spans: Sequence[Span]) -> list[Said]:
    """When each figure of a passage is of.

    >>> from index.figures import figures
    >>> for text in (
    ...     "Năm 2016 có 35 trạm (năm trước 20 trạm), tăng 15 trạm so với năm 2015",
    ...     "Có 12 trạm (Năm 2015); 35 trạm (Năm 2016); 40 trạm",
    ...     "Doanh thu tăng từ 12 tỷ đồng năm 2015 lên 15 tỷ đồng năm 2016, quý I đạt 3 tỷ đồng",
    ...     "Các năm 2015, 2016 lần lượt đạt 12 tỷ đồng, 15 tỷ đồng",
    ... ):
    ...     print([said.when for said in whens(text, list(figures(text)))])
    ['2016', '<', '2016']
    ['2015', '2016', '']
    ['2015', '2016', 'quý I/*']
    ['2015', '2016']
    """
    folded, stripped = spelt(text)
    if not _SAYS_WHEN().search(folded):
        return [Said("", span.end, False) for span in spans]
    mentions = _mentions(stripped, folded)
    found: list[Said] = []
    for span in spans:
        found.append(said := _said(stripped, folded, mentions, span, found[-1].end if found else 0))
        mentions = [m for m in mentions if not span.end <= m.start < said.end]  # what is this figure's alone
    return _in_turn(stripped, spans, found)


def is_part(folded: str, span: Span) -> bool:
    """Whether a number only says when: the 6 of "6 tháng đầu năm"."""
    match = _PART().match(folded, span.number)
    return bool(match and match.start("months") == span.number)


def _mentions(stripped: str, folded: str) -> list[_Mention]:
    """What says when, without what a figure is compared with."""
    years = [_Mention(*m.span(), m["year"]) for p in (_YEAR, _LABEL) for m in p().finditer(stripped)]
    parts = [_Mention(*m.span(), _part(m)) for m in _PART().finditer(folded) if m["months"] != "12"]
    parts += [_Mention(*m.span(), "*") for m in _WHOLE().finditer(folded)]
    parts += [_Mention(*m.span(), f"đầu năm {m['year'] or '*'}") for m in _BEGINNING().finditer(folded)]
    ranges = [
        _Mention(*m.span(), "{} {}-{}".format(YEARS, *filter(None, m.groups()))) for m in _RANGE().finditer(folded)
    ]
    lists = [_Mention(*m.span(), UNCLEAR) for m in _LIST().finditer(stripped)]
    found: list[_Mention] = []
    for mention in sorted([*ranges, *parts, *lists, *years], key=lambda mention: mention.start):
        inside = any(other.start <= mention.start < other.end for other in found)
        if not inside and (mention in ranges or not _NOT_THEN().search(folded[: mention.start])):
            found.append(mention)
    return found


def _part(match: re.Match[str]) -> str:
    year = match["year"] or "*"
    if quarter := match["quarter"]:
        return f"quý {_ROMAN.get(quarter, quarter.upper())}/{year}"
    return f"{_months(match)} năm {year}"


def _months(match: re.Match[str]) -> str:
    months = _NUMBERS.get(match["months"], match["months"])
    half = " cuối" if match["half"] == " cuối" else " đầu" if months == "6" else ""
    return f"{months} tháng{half}"


def _said(stripped: str, folded: str, mentions: Sequence[_Mention], span: Span, free: int) -> Said:
    if said := _in_head(folded, mentions, span) or _just_before(folded, span):
        return said
    if behind := _directly_behind(stripped, mentions, span):
        return Said(behind.when, behind.end, True)
    closed = [match.span() for match in _CLOSED().finditer(stripped, 0, span.start)]
    before = [m for m in mentions if m.end <= span.start and not any(a <= m.start < b for a, b in closed)]
    if before:
        return Said(before[-1].when, span.end, before[-1].start >= free)
    return Said(_later(stripped, mentions, span), span.end, False)


def _in_head(folded: str, mentions: Sequence[_Mention], span: Span) -> Said | None:
    column = head(folded, span.end)
    if not column or column.compares:
        return None
    inside = [m.when for m in mentions if column.start <= m.start < column.end] or re.findall(_Y, column.text)
    return Said(inside[-1], column.end + 1, True) if inside else None


def _just_before(folded: str, span: Span) -> Said | None:
    """ "so với năm 2015 (12 tỷ đồng)", "năm trước 12 tỷ đồng"."""
    if aside := _ASIDE().search(folded, 0, span.start):
        return Said(aside["year"] or "<", span.end, True)
    clause = _BETWEEN().split(folded[: span.start])[-1]
    last = _LAST_YEAR().search(clause)
    if not last or _NOT_THEN().search(clause[: last.start()]):
        return None
    months = _MONTHS_OF().search(clause, 0, last.start())
    return Said(f"{_months(months)} năm <" if months else "<", span.end, True)


def _directly_behind(stripped: str, mentions: Sequence[_Mention], span: Span) -> _Mention | None:
    """ "12 tỷ đồng năm 2015", but not "12 tỷ đồng năm 2015 đạt"."""
    after = next((m for m in mentions if m.start >= span.end), None)
    if not after or after.when == UNCLEAR or not _BEHIND().match(stripped[span.end : after.start]):
        return None
    return None if _GOES_ON().match(stripped, after.end) else after


def _later(stripped: str, mentions: Sequence[_Mention], span: Span) -> str:
    """What stands later in the clause, with nothing else said before: "có 35 trạm được lắp đặt trong năm 2015"."""
    after = next((m for m in mentions if m.start >= span.end), None)
    between = stripped[span.end : after.start] if after else ""
    return after.when if after and not re.search(r"[,;()\d]|\.\s", between) and after.when != UNCLEAR else ""


def _in_turn(stripped: str, spans: Sequence[Span], found: list[Said]) -> list[Said]:
    """ "Các năm 2015, 2016 lần lượt đạt 12 tỷ, 15 tỷ": a year for each figure, if there are as many."""
    for match in _LIST().finditer(stripped):
        years = re.findall(_Y, match["years"])
        after = [n for n, span in enumerate(spans) if span.start >= match.end()]
        before = [n for n, span in enumerate(spans) if span.end <= match.start()]
        led = bool(after and _IN_TURN().search(stripped, match.end(), spans[after[0]].start))
        run = after[: len(years)] if led else before[-len(years) :]
        told = led or bool(run and _IN_TURN().search(stripped, spans[run[-1]].end, match.start()))
        if told and len(run) == len(years) and len({spans[n].kind for n in run}) == 1:
            for n, year in zip(run, years, strict=True):
                found[n] = Said(year, spans[n].end, True)
    return found
