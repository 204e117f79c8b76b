"""Tables as CSV that Vietnamese Excel opens by a double click.

UTF-8 with a byte order mark, without which Excel takes Vietnamese for another encoding; semicolons between cells,
because where 1,6 is a number the comma cannot part them. No "sep=;" line: with one Excel overlooks the mark.
"""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate


def sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of cells as a file; a cell that a spreadsheet would take for a formula is made text.

    >>> sheet([["Tỉnh", "Giá trị"], ["=1+1", "1,6"]]).decode("utf-8-sig").splitlines()
    ['Tỉnh;Giá trị', "'=1+1;1,6"]
    """
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return ("\ufeff" + file.getvalue()).encode()
