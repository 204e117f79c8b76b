"""Cells of a comparison: their common unit, which goes first of several for one place, and whether they agree."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from corpus.text import strip_marks
from index.numbers import money
from index.recorded import Figure
from index.roles import Role
from index.tokens import concepts, words

COMMON = 3  # figures whose unit is that of a comparison, whatever its words count
CLOSE = Decimal("0.05")  # part by which figures of one thing may differ where one is said to be about so much
UNKNOWN = "(chưa rõ tỉnh)"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure that answers for a province and a period. `doubts` say, in Vietnamese, why it may not."""

    figure: Figure
    role: Role  # that it plays in this comparison
    sure: float  # 0..1, how often such figures are right
    doubts: tuple[str, ...] = ()
    comparable: bool = True  # False: in a unit that does not convert
    converted: Decimal | None = None  # into the comparison's unit, where that is safe and not its own

    @property
    def province(self) -> str | None:
        return self.figure.province

    @property
    def period(self) -> str | None:
        return self.figure.period

    @property
    def place(self) -> tuple[str, str]:
        """The row and the column it stands in."""
        return self.province or UNKNOWN, self.period or ""

    @property
    def value(self) -> Decimal:
        """In the comparison's unit."""
        return self.figure.number if self.converted is None else self.converted


def first(cell: Cell) -> tuple[bool, bool, float, str]:
    """Which of the figures for one place is shown: its own report goes before one that looks back, or elsewhere."""
    facts = cell.figure.document.facts
    elsewhere = (facts.province, facts.period) != (cell.province, cell.period)
    return bool(cell.doubts), elsewhere, -cell.sure, cell.figure.document.id


def conflict(group: Sequence[Cell]) -> tuple[Cell, ...]:
    """Sure figures for one place that contradict each other; () when none do."""
    sure = [cell for cell in group if not cell.doubts]
    different = [cell for cell in sure[1:] if not _agree(sure[0], cell)]
    return (sure[0], *different) if different else ()


def common_unit(cells: Sequence[Cell], noun: str) -> str:
    """The unit that most figures have: of those that are what the words count, else of all if there are many."""
    named = Counter(cell.figure.unit for cell in [cell for cell in cells if not cell.doubts] or cells)
    fit = Counter({unit: n for unit, n in named.items() if (_alike(unit, noun) if noun else money(unit))})
    if not fit and noun and max(named.values(), default=0) < COMMON:
        return noun
    return (fit or named).most_common(1)[0][0] if named else ""


def in_unit(cells: Iterable[Cell], unit: str) -> Iterator[Cell]:
    """Cells with values in one unit: money of one currency is converted, all else in another unit is doubtful."""
    for cell in cells:
        own, common = money(cell.figure.unit), money(unit)
        if own == common and (own or _alike(cell.figure.unit, unit)):
            yield cell
        elif own and common and own[1] == common[1]:
            yield replace(cell, converted=cell.figure.number.scaleb(own[0] - common[0]))
        else:
            doubt = f"đơn vị khác: {cell.figure.unit or 'không có'}"
            yield replace(cell, comparable=False, doubts=(*cell.doubts, doubt))


@lru_cache(maxsize=1024)  # a comparison asks it of every cell, and units are few
def _alike(one: str, other: str) -> bool:
    """Whether units begin with the same word, or one means the other: TTHC, thủ tục hành chính."""
    left, right = words(strip_marks(one)), words(strip_marks(other))
    names = [{name for name, start, _ in concepts(unit) if not start} for unit in (left, right)]
    return left[:1] == right[:1] or bool(names[0] & names[1])


def _agree(one: Cell, other: Cell) -> bool:
    """Whether two figures say the same, as far as the rounder one goes."""
    difference = abs(one.value - other.value)
    if one.figure.qualifier or other.figure.qualifier:
        return difference <= CLOSE * max(one.value, other.value)
    step = max(Decimal(1).scaleb(int(cell.value.as_tuple().exponent)) for cell in (one, other))
    return difference <= step / 2
