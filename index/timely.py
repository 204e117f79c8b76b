"""Whether a report, and a passage of it, is of the year or quarter that a question asks about."""

import re
from functools import lru_cache

from corpus.period import year_of
from corpus.records import Document
from corpus.text import strip_marks
from index.question import Asked

OTHER_YEAR = 0.8  # of the score: a report of another year that speaks of the year asked about
NO_YEAR = 0.0  # one that does not: it is not found
OTHER_PERIOD = 0.9  # a quarter for a year asked about, or a year for a quarter
_HEADED_YEAR = re.compile(r"[^:.;\d]{0,60}năm ((?:19|20)\d\d)[^:.;\d]{0,30}:", re.IGNORECASE)
_COMPARED = re.compile(r"\bso (voi|cung ky|ke hoach) ((cung ky|ke hoach) )?(nam )?$")


def _speaks_of(text: str, year: int) -> bool:
    """Whether a passage says something of a year, more than comparing with it."""
    if str(year) not in text:
        return False
    stripped = strip_marks(text)
    return any(
        not _COMPARED.search(stripped[: match.start()]) for match in re.finditer(rf"(?<![\d/.]){year}(?!\d)", stripped)
    )


def may_tell(asked: Asked, document: Document, named: frozenset[int]) -> bool:
    """Whether a report may say something of a year asked about: it is of that year, of none, or names it."""
    return (
        not asked.years or year_of(document.facts.period) in (None, *asked.years) or not named.isdisjoint(asked.years)
    )


def year_factor(asked: Asked, document: Document, text: str) -> float:
    """1 for the period asked about, less for a near one, 0 for another period unless the passage speaks of it."""
    if not asked.years:
        return 1.0
    period = document.facts.period
    year = year_of(period)
    if year is not None and year not in asked.years:
        return OTHER_YEAR if any(_speaks_of(text, wanted) for wanted in asked.years) else NO_YEAR
    headed = _HEADED_YEAR.match(text) if ":" in text else None  # "Mục tiêu năm 2022: …" in a report on 2021
    if headed and int(headed[1]) not in asked.years:
        return NO_YEAR
    quarter = _quarter_of(period)
    if asked.quarter and quarter != asked.quarter:
        return 0.0 if quarter else OTHER_PERIOD
    return OTHER_PERIOD if quarter and not asked.quarter else 1.0


@lru_cache(1024)
def _quarter_of(period: str | None) -> str | None:
    found = re.search(r"quý (\w+)", period or "")
    return found[1] if found else None
