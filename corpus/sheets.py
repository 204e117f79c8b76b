"""Spreadsheets (.xlsx) and tables of text (.csv): each row a line with its column heads and units."""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from typing import Any

from corpus.archive import check
from corpus.errors import ReportError
from corpus.extract import HEADING, Block, Extract, assemble, tidy
from corpus.tables import table

MOST_ROWS = 20_000
MOST_COLUMNS = 200
_UNNAMED = re.compile(r"(sheet|trang[ _]?tính)[ _]*\d*", re.IGNORECASE)  # as spreadsheets call a new sheet


def read(data: bytes) -> Extract:
    """The visible sheets of a workbook. Raises ReportError for what is no such file, damaged or too large."""
    if "xl/workbook.xml" not in check(data):
        raise ReportError("Không phải tệp Excel (.xlsx).")
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    return assemble(block for sheet in book.worksheets if sheet.sheet_state == "visible" for block in _sheet(sheet))


def _sheet(sheet: Any) -> Iterator[Block]:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise ReportError(f"Trang tính “{sheet.title}” quá lớn (hơn {MOST_ROWS} dòng hoặc {MOST_COLUMNS} cột).")
    rows = [[shown(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]
    if any(any(row) for row in rows):
        if not _UNNAMED.fullmatch(sheet.title):
            yield Block(tidy(sheet.title), HEADING)
        yield from table(rows)


def shown(value: object, form: str = "General") -> str:
    """A cell as Vietnamese readers see it.

    >>> shown(1234567, "#,##0"), shown(0.125, "0.0%"), shown(12.5), shown(35), shown(True)
    ('1.234.567', '12,5%', '12,5', '35', 'có')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return _number(value, form)
    return str(value)


def _number(value: float, form: str) -> str:
    percent = form.rstrip().endswith("%")
    decimals = len(form.split(";")[0].split(".")[1].rstrip("% _)")) if "." in form.split(";")[0] else None
    number = value * 100 if percent else value
    if decimals is None or form == "General":
        plain = f"{number:.10g}" if abs(number) < 1e10 else f"{number:.0f}"
        whole, _, rest = plain.partition(".")
    else:
        whole, _, rest = f"{number:.{min(decimals, 10)}f}".partition(".")
    if "#,##" in form:
        whole = f"{int(whole):,}".replace(",", ".")
    return f"{whole}{',' if rest else ''}{rest}{'%' if percent else ''}"


def read_csv(text: str, named: bool) -> Extract | None:
    """The rows of delimited text; None when it does not look like that: lines of as many fields each.

    `named`: the file's name says so; otherwise prose with a comma in each line must not be taken for a table.
    """
    lines = text.split("\n")
    sample = [line for line in lines if line.strip()][:50]
    least_rows, least_columns = (1, 2) if named else (3, 3)
    for delimiter in ";\t|," if named else ";\t|":
        rows = list(_parsed(sample, delimiter))
        widths = {len(row) for row in rows}
        if len(rows) >= least_rows and len(widths) == 1 and widths.pop() >= least_columns:
            return assemble(table(list(_parsed(lines, delimiter))[:MOST_ROWS]))
    return None


def _parsed(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from (row for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return
