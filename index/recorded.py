"""Figures as records: value, unit, role, the indicator in the passage's words, and whose and which period's it is.

They are made when the index is made and kept beside its passages, a row for each. A row follows from the text of its
passage alone: what a figure takes over from its report, which may be given another period, is only known when it is
read. Whoever changes what is read off a passage raises index.generation.FORMAT.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from corpus.period import year_of
from corpus.records import Document, Passage
from index.dated import is_part, period, whens
from index.figures import Span, figures, spelt
from index.indicators import indicator
from index.kinds import Kind
from index.numbers import parse
from index.roles import Role, base_of, only_by_year, role_of_figure
from index.series import ALONE, series
from index.whose import whose

_DAY = re.compile(r"(?P<day>[0-3]?\d)/(?P<month>[01]?\d)")
_YEAR_LIKE = re.compile(r"(?:19|20)\d\d")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Record:
    """A figure of a passage; offsets are into the passage's text."""

    span: Span
    value: Decimal
    of: Decimal | None  # 141 of "132/141"
    role: Role
    base: tuple[int, int]  # what a change is measured against: "so với năm 2015"; empty where it is not said
    indicator: tuple[int, int]  # the words that say what is measured
    when: str  # as index.dated says it, "" of the report's period
    province: str  # that the passage names for it, "" of the report's
    series: int  # the same number has the same thing in another year; -1 where none has


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report; `document.text[start:end] == text`."""

    document: Document
    passage: Passage
    record: Record

    @property
    def span(self) -> Span:
        """Its place in the passage's text."""
        return self.record.span

    @property
    def start(self) -> int:
        return self.passage.start + self.span.start

    @property
    def end(self) -> int:
        return self.passage.start + self.span.end

    @property
    def text(self) -> str:
        """With its qualifier and unit, as written."""
        return self.passage.text[self.span.start : self.span.end]

    @property
    def number(self) -> Decimal:
        return self.record.value

    @property
    def of(self) -> Decimal | None:
        return self.record.of

    @property
    def unit(self) -> str:
        """ "" of a rank."""
        return "%" if self.kind is Kind.PERCENT else self.passage.text[self.span.unit : self.span.end].strip()

    @property
    def qualifier(self) -> str:
        """ "trên", "khoảng"; "" without one."""
        rank = self.kind is Kind.RANK
        return "" if rank else self.passage.text[self.span.start : self.span.number].strip()

    @property
    def kind(self) -> Kind:
        return self.span.kind

    @property
    def role(self) -> Role:
        """What a report gives for a year after its own is not done yet."""
        year, own = year_of(self.period), year_of(self.document.facts.period)
        ahead = year is not None and (only_by_year(self.passage.text, self.span.start) if own is None else year > own)
        return Role.TARGET if ahead and self.record.role is Role.LEVEL else self.record.role

    @property
    def base(self) -> str:
        return self.passage.text[slice(*self.record.base)]

    @property
    def period(self) -> str | None:
        return period(self.record.when, self.document.facts.period)

    @property
    def province(self) -> str | None:
        return self.record.province or self.document.facts.province

    @property
    def indicator_text(self) -> str:
        return self.passage.text[slice(*self.record.indicator)]

    def widened(self, end: int) -> "Figure":
        """The same with a unit that goes on to another place in the passage's text."""
        return replace(self, record=replace(self.record, span=self.span._replace(end=end)))

    def of_unit(self, other: "Figure") -> "Figure":
        """The same with another figure's unit, however long, where that stands behind this one, too."""
        unit = other.passage.text[other.span.unit : other.span.end]
        return self.widened(self.span.unit + len(unit)) if self.passage.text.startswith(unit, self.span.unit) else self


def records(text: str) -> list[Record]:
    """All figures of a passage, in order.

    >>> text = "Năm 2016, doanh thu bưu chính đạt gần 38 tỷ đồng, tăng 9,5 % so với năm 2015."
    >>> for r in records(text):
    ...     said = (text[slice(*place)] for place in ((r.span.start, r.span.end), r.base, r.indicator))
    ...     print(r.value, r.role, r.when, *said, sep=" | ")
    38 | level | 2016 | gần 38 tỷ đồng |  | doanh thu bưu chính
    9.5 | change | 2016 | 9,5 % | so với năm 2015 | doanh thu bưu chính
    """
    if not _DIGIT.search(text):
        return []
    folded = spelt(text)[0]
    spans = [s for s in figures(text) if not _is_name(text, s) and not is_part(folded, s)]
    if not spans:
        return []
    said, owners = whens(text, spans), whose(text, spans)
    roles = [role_of_figure(text, span) for span in spans]
    alike = series(text, spans, said, roles)
    rows = zip(spans, roles, said, owners, alike, strict=True)
    # What is measured, and where, is said where a series begins.
    return [
        _record(text, span, role, when.when, province or owners[group], group, spans[group])
        if group != ALONE
        else _record(text, span, role, when.when, province, group, span)
        for span, role, when, province, group in rows
    ]


def _record(text: str, span: Span, role: Role, when: str, province: str, group: int, first: Span) -> Record:
    number = parse(text[span.number : span.unit].rstrip("% "))
    base = base_of(text, span.end)
    return Record(span, number.value, number.of, role, base, indicator(text, first), when, province, group)


def _is_name(text: str, span: Span) -> bool:
    """Whether a number is a year, a day or one that counts events, and no figure.

    >>> texts = ("Hậu Giang 2016 thành lập", "kỷ niệm 28/8", "lần thứ 46", "có 4 xã")
    >>> [_is_name(text, next(figures(text))) for text in texts]
    [True, True, True, False]
    """
    number, before = text[span.number : span.unit], text[: span.start].rstrip()
    day = _DAY.fullmatch(number) if span.unit == span.end else None
    event = span.kind is Kind.RANK and text.startswith("lần", span.start)
    year = _YEAR_LIKE.fullmatch(number) and before.rpartition(" ")[2][:1].isupper()
    return bool(year or event or (day and int(day["day"]) > int(day["month"])))


def stored(text: str) -> str:
    """A passage's records as a line of JSON."""
    return _JSON.encode(list(map(_row, records(text))))


def _row(r: Record) -> list[Any]:
    span = (r.span.start, r.span.end, r.span.kind, r.span.number, r.span.unit)
    of = None if r.of is None else str(r.of)
    return [*span, str(r.value), of, r.role, r.base, r.indicator, r.when, r.province, r.series]


def restored(rows: Iterable[Sequence[Any]]) -> list[Record]:
    """The records that `stored` wrote, decoded from JSON."""
    return [_restored(*row) for row in rows]


def in_series(rows: Sequence[Sequence[Any]], own: Sequence[Any]) -> list[Sequence[Any]]:
    """A row that `stored` wrote, and behind it those of the same thing in other years."""
    return [own, *(row for row in rows if row[-1] == own[-1] != ALONE and row is not own)]


def _restored(*row: Any) -> Record:
    start, end, kind, number, unit, value, of, role, base, named, when, province, group = row
    span = Span(start, end, Kind(kind), number, unit)
    out_of = None if of is None else Decimal(of)
    return Record(span, Decimal(value), out_of, Role(role), tuple(base), tuple(named), when, province, group)
