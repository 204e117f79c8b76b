"""Which figures of a passage are of another time than a question asks about: another year, half of the year."""

from collections.abc import Sequence

from corpus.period import year_of
from corpus.text import pattern, sought
from index.dated import head, whens
from index.figures import Span, spelt
from index.kinds import FIGURES
from index.portions import since_full_stop
from index.question import Asked
from index.roles import role_asked, role_of

_HEADED = pattern(r"[^:.;\d]{0,60}[nN]ăm (?P<year>(?:19|20)\d\d)[^:.;\d]{0,30}[:,]")  # "Kế hoạch năm 2021: …"
_A_WHILE = sought(
    "thang |nua ",
    r"\b(?:0?[369] thang|(?:sau|ba|chin) thang (?:dau|cuoi) nam|nua (?:dau|cuoi) nam|thang cao diem)\b"
    r"(?!.*\b(?:ca nam|cuoi nam|nam (?:19|20)\d\d|luy ke)\b)",
)
_A_WHILE_ASKED = pattern(r"\b(?:thang|quy|nua (?:dau|cuoi)|cao diem|dot)\b")


def untimely(text: str, found: Sequence[Span], asked: Asked, year: int | None, whole: bool) -> list[bool]:
    """For each figure of a passage whether it is. `year` is its report's, and whether the report is of all of it."""
    if asked.kind not in FIGURES:
        return [False] * len(found)
    others = _of_another_year(text, found, asked, year)
    return [other or (whole and _of_a_while(text, span, asked)) for span, other in zip(found, others, strict=True)]


def _of_another_year(text: str, found: Sequence[Span], asked: Asked, year: int | None) -> list[bool]:
    """ "12 trạm (Năm 2015); 35 trạm (Năm 2016)", "năm 2015 đạt 12 tỷ, năm 2016 đạt 15 tỷ": whether another is meant."""
    if asked.years and year is not None and year not in asked.years:
        return [
            not _said_of(text, span, when.when, asked) for span, when in zip(found, whens(text, found), strict=True)
        ]
    if len(found) < 2:
        return [False] * len(found)
    columns = [(column := head(spelt(text)[0], span.end)) is not None and not column.compares for span in found]
    if not asked.years and not any(columns):
        return [False] * len(found)
    times = whens(text, found)
    years = [year_of(said.when) for said in times]
    headed = [(span, year or 0) for span, year, column in zip(found, years, columns, strict=True) if column]
    wanted = asked.years or _last_column(text, headed, asked)
    said = bool(asked.years) and any(year in wanted for year in years)
    others = [bool(wanted) and year not in (None, *wanted) for year in years]
    # "Năm 2016 xử phạt 85 triệu đồng" is of 2016 whatever else is said.
    own = [bool(asked.years) and time.own for time in times]
    return [other and (said or column or beside) for other, column, beside in zip(others, columns, own, strict=True)]


def _of_a_while(text: str, span: Span, asked: Asked) -> bool:
    """ "Trong 6 tháng đầu năm …; doanh thu đạt 486 tỷ đồng" in a report of a year, unless such a time is asked for."""
    if asked.quarter or _A_WHILE_ASKED().search(asked.stripped):
        return False
    return _A_WHILE(since_full_stop(text, span)) is not None


def _said_of(text: str, span: Span, when: str, asked: Asked) -> bool:
    """Whether a figure in a report of another year is of one asked about: what says no year is of the report's own."""
    headed = _HEADED().match(text[: span.start]) if not when else None
    return when in map(str, asked.years) or (headed is not None and int(headed["year"]) in asked.years)


def _last_column(text: str, headed: Sequence[tuple[Span, int]], asked: Asked) -> tuple[int, ...]:
    """Where no year is asked for, the last of the columns counts, a plan's only for a target."""
    role = role_asked(asked)
    years = [year for span, year in headed if year and role_of(text, span.start, span.end) is role]
    return (max(years),) if years else ()
