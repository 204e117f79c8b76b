"""Tables as text: a row becomes a line that can be read alone, with its column heads and units."""

import re
from collections.abc import Iterator, Sequence

from corpus.extract import HEADING, PARAGRAPH, ROW, Block, tidy

Rows = Sequence[Sequence[str]]

_NUMBER = re.compile(r"[<>≥≤~±]?\s*[-+–]?\d[\d.,\s]*(%|‰)?(/\d[\d.,]*)?")
_YEAR = re.compile(r"(19|20)\d\d")
_INDEX = re.compile(r"(stt|tt|số tt|số thứ tự|#|no\.?)", re.IGNORECASE)
_UNIT_HEAD = re.compile(r"(đvt|đv tính|đơn vị( tính)?|unit)\.?", re.IGNORECASE)
_UNIT_NOTE = re.compile(r"\(?\s*(?:đvt|đơn vị(?: tính)?)\s*:\s*([^()]{1,40}?)\s*\)?", re.IGNORECASE)
_UNIT_IN_HEAD = re.compile(r"(.+?)\s*\(([^()\d]{1,25})\)")
_HEADS = 3  # rows that heads may take


def table(rows: Rows, before: str = "") -> Iterator[Block]:
    """The blocks of a table; `before` is the line above it, which may name a unit for all of it.

    >>> rows = [["STT", "Chỉ tiêu", "ĐVT", "Năm 2015", "Năm 2016"], ["1", "Trạm BTS tăng", "trạm", "12", "35"]]
    >>> [block.text for block in table(rows)]
    ['STT | Chỉ tiêu | ĐVT | Năm 2015 | Năm 2016', '1. Trạm BTS tăng: 12 trạm (Năm 2015); 35 trạm (Năm 2016)']
    >>> rows = [["Chỉ tiêu", "ĐVT", "Năm 2016", "So với năm 2015 (%)"], ["Doanh thu", "tỷ đồng", "36", "118"]]
    >>> [block.text for block in table(rows)][1]
    'Doanh thu: 36 tỷ đồng (Năm 2016); 118% (So với năm 2015)'
    >>> [block.text for block in table([["Họ tên", "Chức vụ"], ["Lê Văn A", "Giám đốc"]])]
    ['Họ tên | Chức vụ', 'Lê Văn A: Chức vụ: Giám đốc']
    """
    full = _full(rows)
    if not full or len(full[0]) == 1:
        yield from (Block(cell) for row in full for cell in row)
        return
    while full and (alone := _alone(full[0])):
        yield Block(alone)
        before, full = alone, full[1:]
    heads, data = _heads(full)
    if heads:
        yield Block(" | ".join(cell for cell in heads if cell), ROW)
    note = _UNIT_NOTE.search(before)
    columns = _Columns(heads or [""] * len(full[0] if full else []), data, note[1] if note else "")
    for number, row in enumerate(data, 1):
        yield columns.line(row, number)


def _full(rows: Rows) -> list[list[str]]:
    """Tidy cells, without empty rows and columns, all rows of one length."""
    tidied = [[tidy(cell) for cell in row] for row in rows]
    width = max(map(len, tidied), default=0)
    padded = [row + [""] * (width - len(row)) for row in tidied if any(row)]
    used = [place for place in range(width) if any(row[place] for row in padded)]
    return [[row[place] for place in used] for row in padded]


def _alone(row: Sequence[str]) -> str:
    """The only text of a row: a caption or a note above the heads."""
    cells = list(dict.fromkeys(cell for cell in row if cell))
    return cells[0] if len(cells) == 1 and not is_number(cells[0]) else ""


def is_number(cell: str) -> bool:
    """
    >>> [cell for cell in ("1.234", "96,5%", "132/141", "35 trạm", "2016") if is_number(cell)]
    ['1.234', '96,5%', '132/141']
    """
    return bool(_NUMBER.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _heads(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Column heads, those of several rows joined, and the rows below; no heads when the first row has numbers."""
    number = 0
    while number < min(_HEADS, len(rows) - 1) and _is_head(rows[number], rows[:number]):
        number += 1
    if not number:
        return [], rows
    above = [_spread(row) for row in rows[: number - 1]] + [rows[number - 1]]
    heads = [" ".join(dict.fromkeys(cell for cell in column if cell)) for column in zip(*above, strict=True)]
    return heads, rows[number:]


def _is_head(row: Sequence[str], above: Rows) -> bool:
    """No numbers; below a first row of heads only where that left columns open, as merged cells do."""
    cells = [cell for cell in row if cell]
    if len(cells) < 2 or any(map(is_number, cells)):
        return False
    return not above or ((not row[0] or row[0] == above[-1][0]) and "" in (*above[-1], *row))


def _spread(row: Sequence[str]) -> list[str]:
    """A head of merged cells stands over all of them."""
    spread, last = [], ""
    for cell in row:
        last = cell or last
        spread.append(last)
    return spread


class _Columns:
    """Which column numbers the rows, names them, has their unit, and what the others are headed."""

    def __init__(self, heads: Sequence[str], data: Rows, unit: str) -> None:
        self._heads, self._unit = heads, unit
        self._index = next((at for at, head in enumerate(heads) if _INDEX.fullmatch(head)), None)
        self._units = next((at for at, head in enumerate(heads) if _UNIT_HEAD.fullmatch(head)), None)
        others = [at for at in range(len(heads)) if at not in (self._index, self._units)]
        named = (at for at in others if any(row[at] and not is_number(row[at]) for row in data))
        self._label = next(named, others[0] if others else 0)

    def line(self, row: Sequence[str], number: int) -> Block:
        index = row[self._index] if self._index is not None else ""
        label = " ".join(part for part in (f"{index.rstrip('.')}." if index else "", row[self._label]) if part)
        unit = row[self._units] if self._units is not None else ""
        own = (self._index, self._units, self._label)
        cells = [self._cell(cell, at, unit) for at, cell in enumerate(row) if cell and at not in own]
        if not cells:
            return Block(f"{label} ({unit})" if unit else label, PARAGRAPH if len(label) > 80 else HEADING)
        return Block(f"{label}: {'; '.join(cells)}" if label else "; ".join(cells), ROW, row=number)

    def _cell(self, cell: str, at: int, unit: str) -> str:
        head = self._heads[at]
        if not is_number(cell):
            return f"{head}: {cell}" if head else cell
        named = _UNIT_IN_HEAD.fullmatch(head)
        if named and (not unit or named[2] in ("%", "‰")):  # "So với năm 2015 (%)" is no sum of money
            head, unit = named[1], named[2]
        unit = "" if cell.endswith(("%", "‰")) else unit or self._unit
        joined = f"{cell}{unit}" if unit in ("%", "‰") else f"{cell} {unit}".strip()
        return f"{joined} ({head})" if head else joined
