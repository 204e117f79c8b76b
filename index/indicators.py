"""Figures as records: value, unit, role, the indicator in the passage's words, and whose and which period's it is.

They are read off a passage when it is looked at: a comparison looks at some hundred passages, a question at few, so
that records kept beside the index would only be one more thing to go stale.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.gazetteer import mentions
from corpus.period import year_of
from corpus.records import Document, Passage
from corpus.text import fold, strip_marks
from index.figures import Span, figures
from index.kinds import Kind
from index.numbers import parse
from index.roles import Role, base_of, role_of, role_of_figure
from index.tokens import WORD

_FENCE = re.compile(r"[;:()\n]|[.](?=\s)|,(?=\s)")
_LEAD = re.compile(
    r"(?:\b(?:là|đạt|được|có|còn|ước|với|gồm|tăng|giảm|thêm|vượt|lên|tới|đến|hơn|gần|trên|khoảng|cho|bằng|chiếm|ở mức"
    r"|xếp|đứng|thứ|hạng|mức|tỉnh|của tỉnh|toàn tỉnh|hiện|đã|nay|cũng|phấn đấu|tối thiểu|về)\b[\s:]*)+$"
)
_OPENING = re.compile(
    r"\s*(?:\b(?:trong|vào|đến|tính đến|và|toàn tỉnh|tỉnh|hiện|đã|đã có|có|cũng|với|trong đó|nay|cuối|kỳ|quý|năm"
    r"|20\d\d)\b[\s,]*)+"
)
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d[\d.,/]*")
_DAY = re.compile(r"(?P<day>[0-3]?\d)/(?P<month>[01]?\d)")
_YEAR_LIKE = re.compile(r"(?:19|20)\d\d")
_LEAST = 2  # words of an indicator
_YEAR = re.compile(
    r"(?:\b(?:trong|vao|den|tinh den|ca|cuoi|het|cua)\s+)*\b(?:cuoi )?nam (?P<year>(?:19|20)\d\d)\b(?!\s?[-–/])"
)
_LAST_YEAR = re.compile(r"\bnam (?:truoc|ngoai)\b")
_NOT_THEN = re.compile(r"(?:\bso (?:voi|cung ky|ke hoach)(?: [a-z]+){0,4}|\bgiai doan|\btu|\bcung ky|\bke hoach) ?$")
_COLUMN = re.compile(r"\s*\([^()]{0,40}?\b(?P<year>(?:19|20)\d\d)\)")
_BETWEEN = re.compile(r"[;()]|\.\s")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report; `document.text[start:end] == text`."""

    document: Document
    passage: Passage
    span: Span  # in the passage's text
    text: str  # with its qualifier and unit, as written
    number: Decimal
    of: Decimal | None  # 141 of "132/141"
    unit: str  # "" of a rank
    qualifier: str  # "trên", "khoảng"; "" without one
    kind: Kind
    role: Role
    base: str  # what a change is measured against: "so với năm 2015"; "" where it is not said
    period: str | None

    @property
    def start(self) -> int:
        return self.passage.start + self.span.start

    @property
    def end(self) -> int:
        return self.passage.start + self.span.end

    @property
    def indicator(self) -> tuple[int, int]:
        """Offsets into the document's text of the words that say what is measured."""
        low, high = indicator(self.passage.text, self.span)
        return self.passage.start + low, self.passage.start + high

    @property
    def indicator_text(self) -> str:
        return self.passage.text[slice(*indicator(self.passage.text, self.span))]


def figures_of(passage: Passage, document: Document) -> Iterator[Figure]:
    """All figures of a passage, in order.

    >>> from corpus.records import Facts
    >>> text = "Năm 2016, doanh thu bưu chính đạt gần 38 tỷ đồng, tăng 9,5 % so với năm 2015."
    >>> found = figures_of(Passage("a", 0, 0, len(text), 0, text), Document("a", "a", "", "", Facts("A", "B", "2017")))
    >>> for f in found:
    ...     print(f.text, f.number, f.unit, f.qualifier, f.role, f.base, f.indicator_text, f.period, sep=" | ")
    gần 38 tỷ đồng | 38 | tỷ đồng | gần | level |  | doanh thu bưu chính | 2016
    9,5 % | 9.5 | % |  | change | so với năm 2015 | doanh thu bưu chính | 2016
    """
    spans = (span for span in figures(passage.text) if not is_name(passage.text, span))
    return (figure(passage, document, span) for span in spans)


def is_name(text: str, span: Span) -> bool:
    """Whether a number is a year, a day or one that counts events, and no figure.

    >>> texts = ("Hậu Giang 2016 thành lập", "kỷ niệm 28/8", "lần thứ 46", "có 4 xã")
    >>> [is_name(text, next(figures(text))) for text in texts]
    [True, True, True, False]
    """
    number, before = text[span.number : span.unit], text[: span.start].rstrip()
    day = _DAY.fullmatch(number) if span.unit == span.end else None
    event = span.kind is Kind.RANK and before.endswith("lần")
    year = _YEAR_LIKE.fullmatch(number) and before.rpartition(" ")[2][:1].isupper()
    return bool(year or event or (day and int(day["day"]) > int(day["month"])))


def figure(passage: Passage, document: Document, span: Span) -> Figure:
    """The record of one figure of a passage."""
    text = passage.text
    percent = span.kind is Kind.PERCENT
    number = parse(text[span.number : span.unit].rstrip("% "))
    period = period_of(text, span, document.facts.period)
    role = role_of_figure(text, span)
    return Figure(
        document,
        passage,
        span,
        text[span.start : span.end],
        number.value,
        number.of,
        "%" if percent else text[span.unit : span.end].strip(),
        text[span.start : span.number].strip() if span.kind is not Kind.RANK else "",
        span.kind,
        Role.TARGET if role is Role.LEVEL and _ahead(period, document.facts.period) else role,
        base_of(text, span.end),
        period,
    )


def _ahead(period: str | None, report: str | None) -> bool:
    """What a report gives for a year after its own is not done yet."""
    year, own = year_of(period), year_of(report)
    return year is not None and own is not None and year > own


def period_of(text: str, span: Span, report: str | None) -> str | None:
    """The period of a figure: the year that its sentence gives it, else the report's.

    >>> text = "Năm 2016 có 35 trạm (năm trước 20 trạm), tăng 15 trạm so với năm 2015"
    >>> [period_of(text, span, "quý IV/2017") for span in figures(text)]
    ['2016', '2016', '2016']
    >>> [period_of("Có 12 trạm (năm 2015); 35 trạm (năm 2016)", s, "2016") for s in figures("Có 12 trạm, 35 trạm")]
    ['2015', '2016']
    """
    year = _own_year(strip_marks(text), span, year_of(report))
    return report if year is None or year == year_of(report) else str(year)


def _own_year(stripped: str, span: Span, report: int | None) -> int | None:
    if column := _COLUMN.match(stripped, span.end):
        before = stripped[span.end : column.start("year")]
        return None if _NOT_THEN.search(before.rstrip("nam ")) else int(column["year"])
    just_before = _BETWEEN.split(stripped[: span.start])[-1]
    if report and (last := _LAST_YEAR.search(just_before)) and not _NOT_THEN.search(just_before[: last.start()]):
        return report - 1
    said = [m for m in _YEAR.finditer(stripped[: span.start]) if not _NOT_THEN.search(stripped[: m.start()])]
    if said:
        return int(said[-1]["year"])
    rest = re.split(r"[,;()]|\.\s|\d", stripped[span.end :].split(" nam ")[0])
    after = _YEAR.search(stripped, span.end)
    near = after and len(rest) == 1 and not _NOT_THEN.search(stripped[span.end : after.start()])
    return int(after["year"]) if after and near else None


def indicator(text: str, span: Span) -> tuple[int, int]:
    """Offsets of what a figure measures: the words before it in its clause; of "có 35 trạm BTS" its unit and the rest.

    >>> text = "Tổng doanh thu bưu chính ước đạt 38 tỷ đồng; lắp đặt 512 camera giám sát trên các tuyến đường"
    >>> [text[slice(*indicator(text, span))] for span in figures(text)]
    ['Tổng doanh thu bưu chính', 'lắp đặt 512 camera giám sát trên các tuyến đường']
    """
    folded = fold(text)
    marks = [match.end() for match in _FENCE.finditer(folded, 0, span.start)]
    own = _trimmed(folded, _after_number(folded, marks[-1] if marks else 0, span.start), span.start)
    aside = own[0] == own[1] and folded[: marks[-1] if marks else 0].endswith("(")  # "(tăng 9 bậc)"
    counted = span.kind is Kind.COUNT and _words(folded, span.unit, span.end) and _words(folded, *own) < 2 * _LEAST
    leads = span.kind is Kind.PERCENT and own[0] == own[1] and _words(folded, span.end, len(folded))
    if (counted or leads) and not ((aside or leads) and role_of(text, span.start) is Role.CHANGE):
        fence = _FENCE.search(folded, span.end)
        start = own[0] if _words(folded, *own) else span.unit
        end = len(text[: fence.start() if fence else len(text)].rstrip(" ."))
        return start + len(text[start:end]) - len(text[start:end].lstrip()), max(end, span.end)
    clauses = list(zip((0, *marks), (*marks, span.start), strict=True))[:-1]
    for start, end in reversed(clauses):
        if _words(folded, *own) >= _LEAST and not _province(text[slice(*own)]):
            break
        number = _DIGIT.search(folded, start, end)
        own = _trimmed(folded, start, number.start() if number else end - 1)
    return own if own[0] < own[1] else (span.start, span.end)


def _province(text: str) -> bool:
    return any((m.start, m.end) == (0, len(text)) for m in mentions(text))


def _after_number(folded: str, start: int, end: int) -> int:
    """Where a clause goes on behind the figure before, if it says enough there."""
    last = list(_NUMBER.finditer(folded, start, end))
    after = last[-1].end() if last else start
    return after if _words(folded, *_trimmed(folded, after, end)) > _LEAST else start


def _trimmed(folded: str, start: int, end: int) -> tuple[int, int]:
    """Without the words that lead to the figure, at its end, and those that say when and where, at its beginning."""
    opening = _OPENING.match(folded, start, end)
    start = opening.end() if opening else start
    lead = _LEAD.search(folded[start:end])
    end = start + lead.start() if lead else end
    part = folded[start:end]
    start += len(part) - len(part.lstrip(" ,:–-("))
    return (start, start + len(folded[start:end].rstrip(" ,:–-("))) if start < end else (start, start)


def _words(folded: str, start: int, end: int) -> int:
    return sum(1 for _ in WORD.finditer(folded, start, end))
