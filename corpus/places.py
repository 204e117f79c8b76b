"""Where passages stand, for people who look them up: page, heading, row of a table."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from corpus.extract import HEADING, PAGE, ROW, Mark
from corpus.litter import is_litter
from corpus.records import Place

_NUMBERED = re.compile(r"([IVX]{1,5}|[A-ZĐ]|\d{1,2}(\.\d{1,2}){0,2})[.)/]\s*\S.{2,110}")
_LONGEST = 120  # characters of a heading


def places(text: str, marks: Sequence[Mark], spans: Iterable[tuple[int, int, int]]) -> tuple[Place, ...]:
    """The place of each passage (start, end, paragraph).

    >>> text = "II. BƯU CHÍNH\\nCó 35 trạm."
    >>> places(text, (Mark(0, 0, PAGE, 4),), [(14, 25, 1)])
    (Place(page=4, heading='II. BƯU CHÍNH', row=None),)
    """
    pages = [(mark.start, mark.number) for mark in marks if mark.kind == PAGE]
    heads = [(mark.start, mark.end) for mark in marks if mark.kind == HEADING] or list(headings(text))
    rows = [(mark.start, mark.end, mark.number) for mark in marks if mark.kind == ROW and mark.number]
    return tuple(_place(text, start, pages, heads, rows) for start, _, _ in spans)


def _place(
    text: str,
    start: int,
    pages: Sequence[tuple[int, int]],
    heads: Sequence[tuple[int, int]],
    rows: Sequence[tuple[int, int, int]],
) -> Place:
    page = bisect_right(pages, start, key=lambda mark: mark[0])
    head = bisect_right(heads, start, key=lambda mark: mark[0])
    row = bisect_right(rows, start, key=lambda mark: mark[0])
    within = row and rows[row - 1][1] > start
    above = text[slice(*heads[head - 1])] if head and heads[head - 1][1] <= start else None
    return Place(pages[page - 1][1] if page else None, above, rows[row - 1][2] if within else None)


def headings(text: str) -> Iterator[tuple[int, int]]:
    """Lines of plain text that look like headings: numbered, or in capitals, and no sentence.

    >>> text = "1. Kết quả thực hiện\\nNăm 2016 tăng 35 trạm.\\nPHƯƠNG HƯỚNG NĂM 2017"
    >>> [text[start:end] for start, end in headings(text)]
    ['1. Kết quả thực hiện', 'PHƯƠNG HƯỚNG NĂM 2017']
    """
    for match in re.finditer(r"[^\n]+", text):
        line = match.group().strip()
        if len(line) > _LONGEST or line.endswith((".", ";", ",")) or is_litter(line):
            continue
        letters = sum(map(str.isalpha, line))
        if (letters >= 8 and " " in line and line.isupper()) or _NUMBERED.fullmatch(line):
            yield match.span()
