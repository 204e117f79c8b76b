"""What each format gives: blocks of text in reading order, put together into one text with marks of their places."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.text import clean

PARAGRAPH, HEADING, ROW, ASIDE, PAGE = "paragraph", "heading", "row", "aside", "page"


class Block(NamedTuple):
    """A paragraph, heading or table row of a file, or an aside: menus, footers and the like, which are no passage."""

    text: str
    kind: str = PARAGRAPH
    pages: tuple[tuple[int, int], ...] = ()  # (code point in text, the page that begins there)
    row: int = 0  # in its table, from 1


class Mark(NamedTuple):
    """`text[start:end]` is a heading, a row, an aside; a page begins at start."""

    start: int
    end: int
    kind: str
    number: int = 0  # of the page or row


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file, NFC and clean; what stood where in it; facts that its format states apart from the text."""

    text: str
    marks: tuple[Mark, ...] = ()
    stated: dict[str, str] = field(default_factory=dict)


def assemble(blocks: Iterable[Block], stated: dict[str, str] | None = None) -> Extract:
    """Blocks with an empty line between them; their text must be clean already.

    >>> made = assemble([Block("Mạng lưới", HEADING), Block("Có 35 trạm.", pages=((0, 2),))])
    >>> made.text, [(made.text[mark.start : mark.end], mark.kind) for mark in made.marks]
    ('Mạng lưới\\n\\nCó 35 trạm.', [('Mạng lưới', 'heading'), ('', 'page')])
    """
    parts, marks, at = [], list[Mark](), 0
    for block in blocks:
        if not block.text:
            continue
        marks += [Mark(at + offset, at + offset, PAGE, page) for offset, page in block.pages]
        if block.kind != PARAGRAPH:
            marks.append(Mark(at, at + len(block.text), block.kind, block.row))
        parts.append(block.text)
        at += len(block.text) + 2
    return Extract("\n\n".join(parts), tuple(marks), stated or {})


def tidy(text: str) -> str:
    """A block's text: clean, on one line, its runs of space made one.

    >>> tidy(" Có\\n 35\\u00a0 trạm ")
    'Có 35 trạm'
    """
    return " ".join(clean(text).split())


def spans(marks: Iterable[Mark], kind: str) -> Iterator[tuple[int, int]]:
    return ((mark.start, mark.end) for mark in marks if mark.kind == kind)
