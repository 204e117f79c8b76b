"""One indicator over provinces and years: the question put to every report at once, each figure a cell with its source.

A cell is what `ask` would answer from that report alone. What comes near but not near enough is shown as doubtful,
never merged in silence; a figure of another role stands apart; where nothing is said there is a gap.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from corpus.period import year_of
from corpus.records import Document
from index.answering import check
from index.cells import UNKNOWN, Cell, common_unit, conflict, first, in_unit
from index.compared import Compared, compared, role_wanted
from index.confidence import SURE, confidence, evidence, needed
from index.dated import UNCLEAR, YEARS
from index.kinds import Kind
from index.question import Asked
from index.recorded import Figure, in_series, restored
from index.records import Question
from index.roles import Role, moved, newly, only_other
from index.scope import scope
from index.search import EACH_LOOKED, Found, Search
from index.wordings import Wordings
from index.words import read

FLOOR, DOUBTFUL = 0.3, 0.45  # evidence of a figure shown with a question mark: in words that recur, in any words
LEAST_SAID = 0.8  # weight of the words of an indicator: "số" alone is none
NOUN_FIRST = 2.0  # times as much must speak for sums or shares as for counting what bare words name
SAMPLE = 12  # reports by which the kind of figure is told that bare words mean
_YEARS = re.compile(r"(?:19|20)\d\d")
VAGUE = "Chưa rõ muốn so sánh chỉ tiêu nào. Hãy nêu rõ, ví dụ: doanh thu bưu chính năm 2017."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to compare, in words, with limits beside those that the words set."""

    text: str
    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    role: Role | None = None


@dataclass(frozen=True)
class Comparison:
    """Cells by province and period; a gap is a place in rows × columns without one."""

    question: str
    indicator: str
    role: Role
    unit: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Cell, ...] = ()  # at most one for each place
    conflicts: tuple[tuple[Cell, ...], ...] = ()  # of one place: the cell, and those of other reports that differ
    others: tuple[Cell, ...] = ()  # figures of the indicator in another role than the one asked for
    reports: frozenset[tuple[str, str]] = frozenset()  # (province, period) that there is a report of
    most: int = 0
    trend: bool = False
    notes: tuple[str, ...] = ()
    reason: str | None = None  # why there is nothing to compare

    @cached_property
    def _places(self) -> dict[tuple[str, str], Cell]:
        return {cell.place: cell for cell in self.cells}

    @cached_property
    def alike(self) -> tuple[str, ...]:
        """The columns of one length of time that most figures are of: a half year is no step in a course of years."""
        lengths = Counter(_YEARS.sub("", cell.period or "") for cell in self.cells)
        usual = max(lengths, key=lambda length: (lengths[length], not length), default="")
        return tuple(column for column in self.columns if _YEARS.sub("", column) == usual)

    def at(self, row: str, column: str) -> Cell | None:
        """The figure for a place; None for a gap."""
        return self._places.get((row, column))


def compare(search: Search, wanted: Wanted) -> Comparison:
    """Every report's figure of an indicator. Raises QuestionError."""
    check(wanted.text)
    what = compared(search.evened(Question(wanted.text)).text, wanted.role)
    what = replace(
        what,
        provinces=tuple(dict.fromkeys([*wanted.provinces, *what.provinces])),
        years=tuple(sorted({*wanted.years, *what.years})),
        asked=search.mended(what.asked),
    )
    empty = Comparison(wanted.text, what.text, what.role, "", (), ())
    if sum(term.weight for term in what.asked.terms) < LEAST_SAID:
        return replace(empty, reason=VAGUE)
    documents, notes = _documents(search, what)
    if not documents:
        return replace(empty, reason=" ".join(notes) or "Chưa có báo cáo nào của các năm này.")
    if what.open:
        told = _told(search, what.asked, documents)
        what = replace(what, asked=told, role=role_wanted(told, wanted.role))
        empty = replace(empty, role=what.role)
    found = search.find_each(what.asked._replace(years=what.years), documents)
    cells = [cell for cell in _cells(search, found, what) if _wanted(cell, what, documents)]
    others = tuple(cell for cell in cells if cell.role is not what.role)
    made = replace(empty, others=others, notes=notes, most=what.most, trend=what.trend)
    return _arranged(made, what, documents, [cell for cell in cells if cell.role is what.role])


def _documents(search: Search, what: Compared) -> tuple[list[Document], tuple[str, ...]]:
    """The reports to look at, those of the year after among them, which may give the year's figures, too, or for
    targets those of the year before."""
    known, notes = search.reports, []
    chosen: dict[str, Document] = {}
    for province in what.provinces:
        where = scope(known, Question(what.text), what.asked._replace(provinces=(province,), years=what.years))
        notes += [note for note in (where.reason, where.note) if note]
        chosen |= {} if where.reason else {document.id: document for document in where.documents}
    documents = chosen.values() if what.provinces else known.all
    years = {*what.years, *(year + (-1 if what.role is Role.TARGET else 1) for year in what.years)}
    return [d for d in documents if not years or year_of(d.facts.period) in years], tuple(notes)


def _told(search: Search, asked: Asked, documents: Sequence[Document]) -> Asked:
    """Bare words such as "thanh toán không tiền mặt" with the kind of figure that most reports give of them."""
    kinds = (asked, *(asked._replace(kind=kind, noun=()) for kind in (Kind.MONEY, Kind.PERCENT, Kind.RANK)))
    step = max(1, len(documents) // SAMPLE)

    def speaks(asked: Asked) -> float:
        found = [best[0] for best in search.find_each(asked, documents[::step]).values()]
        return sum(max(0.0, evidence(best, asked, ()) - SURE) * _counts(best, asked) for best in found if best.choice)

    return max(kinds, key=speaks)


def _wanted(cell: Cell, what: Compared, documents: Sequence[Document]) -> bool:
    """Whether a figure is of a place that is asked about; what is said of several years at once is of none of them."""
    of_years = year_of(cell.period) in what.years and not (cell.period or "").startswith(YEARS)
    there = not what.provinces or cell.province in {document.facts.province for document in documents}
    return cell.period != UNCLEAR and there and (of_years or not what.years)


def _counts(best: Found, asked: Asked) -> float:
    """ "1.250 lao động" are no "xuất khẩu", "35 trạm BTS" are "trạm BTS"."""
    said = read(best.passage.text[best.choice.start : best.choice.end]).stripped if best.choice else ()
    return NOUN_FIRST if asked.noun and asked.noun[0] in said else 1.0


def _cells(search: Search, found: Mapping[str, Sequence[Found]], what: Compared) -> Iterator[Cell]:
    """The figures that each report gives for its own period, and surely given ones for others."""
    unknown = search.unknown(what.asked)
    # What has a figure goes before what has none, such as the country's average.
    found = {id: sorted(best, key=lambda item: item.choice is None) for id, best in found.items()}
    weighed = {id: evidence(best[0], what.asked, unknown) for id, best in found.items()}
    likely = Wordings(found, {id for id, weight in weighed.items() if weight >= SURE})
    for id, best in found.items():
        least = needed(best[:EACH_LOOKED], what.asked._replace(provinces=("",), years=(0,)))
        taken: set[tuple[str, str]] = set()
        for number, item in enumerate(best):
            weight = evidence(item, what.asked, unknown) if number else weighed[id]
            if weight < (least if number else FLOOR):
                continue
            new = [_cell(figure, what, weight, least) for figure in _figures(search, item, what)]
            new = [cell for cell in new if cell.place not in taken]
            if new and (weight >= SURE or likely.same(item, weight >= DOUBTFUL)):
                taken |= {cell.place for cell in new if cell.role is what.role}
                yield from new


def _figures(search: Search, item: Found, what: Compared) -> list[Figure]:
    """The record of a passage's best span, and of the same thing in other years, at most one for each."""
    if not item.choice:
        return []
    rows = search.generation.passages.figures(item.number)
    own = next((row for row in rows if row[0] == item.choice.start), None)
    if own is None:
        return []
    best, *others = (Figure(item.document, item.passage, record) for record in restored(in_series(rows, own)))
    best = best.widened(item.choice.first_end)
    found = {(best.province, best.period): best}
    for other in others:
        found.setdefault((other.province, other.period), other.of_unit(best))
    return list(found.values())


def _cell(said: Figure, what: Compared, weight: float, least: float) -> Cell:
    text, place = said.passage.text, (said.span.start, said.span.end)
    still = what.role is Role.CHANGE is not said.role and not moved(text, *place, newly(what.asked))
    aimed = (said.role is Role.TARGET) is not (what.role is Role.TARGET)
    part = what.role is Role.LEVEL and said.role in (Role.SHARE, Role.RANK)
    role = (
        said.role
        if aimed or still or part or only_other(what.asked, text, *place, year_of(said.document.facts.period))
        else what.role
    )
    own = said.document.facts.province
    worded = ("câu chữ trong báo cáo khác chỉ tiêu được hỏi",) if weight < least else ()
    elsewhere = (f"số liệu trong báo cáo của {own}",) if own not in (None, said.province) else ()
    return Cell(said, role, confidence(weight), (*worded, *elsewhere))


def _arranged(made: Comparison, what: Compared, documents: Sequence[Document], cells: Sequence[Cell]) -> Comparison:
    unit = common_unit(cells, " ".join(what.asked.noun) if what.asked.kind is Kind.COUNT else "")
    places: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in in_unit(cells, unit):
        places[cell.place].append(cell)
    groups = [sorted(group, key=first) for _, group in sorted(places.items())]
    filled = {cell.place for cell in cells}
    own = {(d.facts.province or UNKNOWN, d.facts.period or "") for d in documents}
    rows = {row for row, _ in (*own, *places)} | set(what.provinces)
    return replace(
        made,
        unit=unit if any(cell.figure.unit == unit for cell in cells) else "",
        rows=tuple(sorted(rows)),
        columns=_columns(what.years, {column for _, column in places}, {column for _, column in own}),
        cells=tuple(group[0] for group in groups),
        others=tuple(cell for cell in made.others if cell.place not in filled),
        conflicts=tuple(filter(None, map(conflict, groups))),
        reports=frozenset(own),
        reason=None if cells or made.others else "Các báo cáo không nói đến chỉ tiêu này.",
    )


def _columns(years: Sequence[int], filled: set[str], reported: set[str]) -> tuple[str, ...]:
    """The periods with figures, and those asked about or reported on without any."""
    found = filled | {period for period in reported if period and (not years or year_of(period) in years)}
    found |= {str(year) for year in years if year not in set(map(year_of, found))}
    return tuple(sorted(found, key=lambda period: (year_of(period) or 0, period)))
