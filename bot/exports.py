"""A comparison as rows of JSON, as CSV, and as a picture."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot import charts, tables
from bot.sheets import sheet
from index.cells import Cell
from index.comparing import Comparison
from index.numbers import spell
from index.roles import Role

COLUMNS = (
    *("Tỉnh", "Kỳ", "Nguyên văn", "Giá trị", "Đơn vị", "Quy đổi", "Loại", "Chỉ tiêu trong báo cáo", "So với"),
    *("Lưu ý", "Tệp", "Từ ký tự", "Đến ký tự", "Nguồn", "Đoạn văn"),
)
FOOT = "Nguồn: {reports} báo cáo; mỗi số liệu có trích dẫn trong bảng"
_LINES = 6  # provinces that are told apart in a picture of lines
_BARS = 70


def as_json(found: Comparison) -> list[dict[str, Any]]:
    """One object a figure of the table, those that contradict it among them."""
    doubled = {id(cell) for group in found.conflicts for cell in group}
    shown = [cell for cell in tables.cells(found) if cell.role is found.role]
    return [_object(cell, id(cell) in doubled) for cell in shown]


def _object(cell: Cell, contradicted: bool) -> dict[str, Any]:
    figure = cell.figure
    return {
        "province": cell.province,
        "period": cell.period,
        "text": figure.text,
        "number": _plain(figure.number),
        "unit": figure.unit,
        "role": str(cell.role),
        "indicator": figure.indicator_text,
        "file": figure.document.file,
        "start": figure.start,
        "end": figure.end,
        "qualifier": figure.qualifier or None,
        "of": None if figure.of is None else _plain(figure.of),
        "converted": None if cell.converted is None else _plain(cell.converted),
        "confidence": round(cell.sure, 3),
        "doubts": list(cell.doubts),
        "contradicted": contradicted,
    }


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def as_csv(found: Comparison) -> bytes:
    """A row for each figure, and one for each gap, which says why."""
    gaps = [(r, c) for r in tables.rows(found) for c in found.columns if found.at(r, c) is None]
    blank = [""] * (len(COLUMNS) - 3)
    why = {place: "báo cáo không nêu" if place in found.reports else "chưa có báo cáo" for place in gaps}
    empty = [[*place, "", *blank[:6], why[place], *blank[7:]] for place in gaps]
    return sheet([COLUMNS, *(_line(found, cell) for cell in tables.cells(found)), *empty])


def _line(found: Comparison, cell: Cell) -> list[str]:
    figure = cell.figure
    minded = [*cell.doubts, *(["báo cáo khác nói khác"] if any(cell in group for group in found.conflicts) else [])]
    return [
        *(*cell.place, figure.text, spell(figure.number).replace(".", ""), figure.unit),
        spell(cell.converted).replace(".", "") if cell.converted is not None else "",
        *(tables.ROLES[cell.role], figure.indicator_text, figure.base, "; ".join(minded)),
        *(figure.document.file, str(figure.start), str(figure.end), tables.source(cell), figure.passage.text),
    ]


def picture(found: Comparison) -> bytes | None:
    """A PNG: bars over provinces for one period (the last of several), lines over years for a few provinces.

    Only with charts.available(); None without a figure in the common unit. Doubtful figures are pale bars.
    """
    drawn = _drawn(found)
    if not drawn:
        return None
    if _over_years(found):
        rows = [row for row in found.rows if any(cell.place[0] == row for cell in drawn)]
        series = [(row, [_value(found.at(row, c)) for c in found.alike]) for row in rows]
        return charts.lines(tables.title(found), found.alike, series, _foot(drawn))
    bars = [(c.place[0], float(c.value), tables.said(found, c), bool(c.doubts)) for c in drawn]
    return charts.bars(_headline(found, drawn), bars, _foot(drawn))


def caption(found: Comparison) -> str:
    """What stands under a picture: its title, and whose figures it shows. "" where there is none."""
    drawn = _drawn(found)
    return f"{_headline(found, drawn)}\n{_foot(drawn)}" if drawn else ""


def _drawn(found: Comparison) -> list[Cell]:
    """The cells of a picture: all for lines, those of the last period for bars, the highest first."""
    cells = [cell for cell in found.cells if cell.comparable and cell.place[1] in found.alike]
    if _over_years(found):
        return cells
    column = max((cell.place[1] for cell in cells), key=found.columns.index, default="")
    last = [cell for cell in cells if cell.place[1] == column]
    last.sort(key=lambda cell: cell.value, reverse=found.role is not Role.RANK)  # the first rank is the best
    return last[:_BARS]


def _over_years(found: Comparison) -> bool:
    rows = {cell.place[0] for cell in found.cells if cell.comparable}
    return len(found.alike) > 1 and len(rows) <= _LINES


def _headline(found: Comparison, drawn: Sequence[Cell]) -> str:
    return tables.title(found) if _over_years(found) else f"{tables.title(found)}, {drawn[0].place[1]}"


def _foot(drawn: Sequence[Cell]) -> str:
    return FOOT.format(reports=len({cell.figure.document.id for cell in drawn}))


def _value(cell: Cell | None) -> float | None:
    return float(cell.value) if cell and cell.comparable else None
