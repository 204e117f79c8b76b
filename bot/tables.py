"""A comparison for people: its table with a citation in each cell, what to mind about it, CSV, JSON and a picture.

The command line and Telegram show the same. Figures stand as their reports write them; what was converted or
compared here says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from textwrap import fill

from bot import wording
from index.cells import Cell
from index.comparing import Comparison
from index.numbers import spell
from index.records import Cited
from index.roles import Role

UNSAID, UNREPORTED = "–", "×"
PHONE = 34  # letters of one width that a line of a phone holds
ROLES = {
    Role.LEVEL: "số thực hiện",
    Role.CHANGE: "mức tăng giảm",
    Role.TARGET: "chỉ tiêu",
    Role.SHARE: "tỷ lệ",
    Role.RANK: "thứ hạng",
}


def title(found: Comparison) -> str:
    """What is compared: indicator, role and unit."""
    unit = f", {found.unit}" if found.unit else ""
    return f"{found.indicator[:1].upper()}{found.indicator[1:]} ({ROLES[found.role]}{unit})"


def rows(found: Comparison) -> tuple[str, ...]:
    """Provinces in the order to show them: by name, or by value where it is asked which has most."""
    if not found.most or not found.alike:
        return found.rows
    last = {row: cell for row in found.rows if (cell := found.at(row, found.alike[-1])) and not cell.doubts}
    best = sorted(last, key=lambda row: last[row].value, reverse=_descending(found))
    return (*best, *(row for row in found.rows if row not in last))


def _descending(found: Comparison) -> bool:
    """The first rank is the highest place."""
    return (found.most > 0) is not (found.role is Role.RANK)


def cells(found: Comparison) -> list[Cell]:
    """All figures in the order of their numbers [1], [2]…: the table's, those that contradict it, other roles."""
    shown = [cell for row in rows(found) for column in found.columns if (cell := found.at(row, column))]
    return [*shown, *(cell for group in found.conflicts for cell in group[1:]), *found.others]


def table(found: Comparison) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Head and rows of text; a gap is "–" where the report says nothing, "×" where there is no report."""
    numbers = _numbers(found)
    body = [(row, *(_shown(found, row, column, numbers) for column in found.columns)) for row in rows(found)]
    return ("Tỉnh", *found.columns), body


def _numbers(found: Comparison) -> dict[int, int]:
    return {id(cell): number for number, cell in enumerate(cells(found), 1)}


def _shown(found: Comparison, row: str, column: str, numbers: dict[int, int]) -> str:
    cell = found.at(row, column)
    if cell is None:
        return UNSAID if (row, column) in found.reports else UNREPORTED
    marks = ("?" if cell.doubts else "") + ("!" if any(group[0] is cell for group in found.conflicts) else "")
    return f"{said(found, cell)}{marks and ' ' + marks} [{numbers[id(cell)]}]"


def said(found: Comparison, cell: Cell) -> str:
    """A figure as its report writes it, with its value in the common unit where that is another."""
    converted = f" (= {spell(cell.converted)} {found.unit})" if cell.converted is not None else ""
    return f"{cell.figure.text}{converted}"


def narrow(found: Comparison) -> list[str]:
    """The table for a phone: for each province a line, or some under its name where one does not hold its figures."""
    head, body = table(found)
    if len(found.columns) == 1:
        wide = max((len(row) for row, _ in body), default=0)
        lines = [(row, f"{row:<{wide}}  {said}", said) for row, said in body]
        return [line if len(line) <= PHONE else f"{row}\n{_folded(said)}" for row, line, said in lines]
    periods = head[1:]
    return [
        "\n".join([row, *(_folded(f"{column}: {said}") for column, said in zip(periods, own, strict=True))])
        for row, *own in body
    ]


def _folded(text: str) -> str:
    return fill(text, PHONE, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def remarks(found: Comparison) -> list[str]:
    """What to mind: which has most, how it went, contradictions with both passages, doubts, other roles, gaps."""
    numbers, shown = _numbers(found), table(found)[1]
    flat = [cell for _, *own in shown for cell in own]
    marks = ((UNSAID, "báo cáo không nêu"), (UNREPORTED, "chưa có báo cáo"))
    legend = [f"{mark} {meaning}" for mark, meaning in marks if mark in flat]
    return [
        *found.notes,
        *_most(found, numbers),
        *_trend(found),
        *(_contradiction(group, numbers) for group in found.conflicts),
        *(
            f"? {_where(cell)}: “{cell.figure.text}” [{numbers[id(cell)]}]: {'; '.join(cell.doubts)}"
            for cell in found.cells
            if cell.doubts
        ),
        *(
            f"Không xếp vào bảng: {_where(cell)} chỉ có {ROLES[cell.role]} “{cell.figure.text}” [{numbers[id(cell)]}]"
            for cell in found.others
        ),
        *([f"{'; '.join(legend)}."] if legend and found.cells else []),
    ]


def _where(cell: Cell) -> str:
    return f"{cell.place[0]} {cell.place[1]}".strip()


def _most(found: Comparison, numbers: dict[int, int]) -> Iterator[str]:
    for column in found.columns if found.most else ():
        sure = [cell for cell in found.cells if cell.period == column and not cell.doubts]
        if not sure:
            continue
        best = (max if _descending(found) else min)(cell.value for cell in sure)
        names = ", ".join(f"{c.place[0]}, {said(found, c)} [{numbers[id(c)]}]" for c in sure if c.value == best)
        which = {Role.RANK: ("đứng cao nhất", "đứng thấp nhất")}.get(found.role, ("nhiều nhất", "ít nhất"))
        yield f"{column}: {which[found.most < 0]} trong {len(sure)} báo cáo có số liệu: {names}."


def _trend(found: Comparison) -> Iterator[str]:
    for row in found.rows if found.trend else ():
        sure = [cell for c in found.alike if (cell := found.at(row, c)) and not cell.doubts]
        if len(sure) < 2:
            yield f"{row}: không đủ số liệu để nói tăng hay giảm."
        for before, now in pairwise(sure):
            turn = f"{now.period} {_turn(before.value, now.value, found.role)} {before.period}"
            yield f"{row}: {turn} ({said(found, before)} → {said(found, now)})."


def _turn(before: Decimal, now: Decimal, role: Role) -> str:
    if before == now:
        return "bằng"
    if role is Role.RANK:
        return "lên hạng so với" if now < before else "xuống hạng so với"
    return "tăng so với" if now > before else "giảm so với"


def _contradiction(group: Sequence[Cell], numbers: dict[int, int]) -> str:
    told = (f"“{c.figure.text}” [{numbers[id(c)]}] trong “{c.figure.passage.text}”" for c in group)
    return f"! {_where(group[0])}: các báo cáo nói khác nhau: {'; '.join(told)}"


def source(cell: Cell) -> str:
    """The citation of a figure: its report, and where in the text it stands."""
    figure = cell.figure
    place = replace(figure.passage, start=figure.start, end=figure.end)
    return wording.source(Cited(1, cell.sure, place, figure.document))
