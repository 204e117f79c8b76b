"""PDF: the lines of each page, joined to paragraphs again; running heads and page numbers dropped, pages remembered."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from corpus.encodings import repair
from corpus.errors import ReportError
from corpus.extract import ASIDE, PARAGRAPH, Block, Extract, assemble, tidy

MOST_PAGES = 2000
_EDGE = 3  # lines at the top and bottom of a page where running heads stand
_RUNNING = 0.5  # of the pages: a line that stands on more of them, in at least three, is a running head
_FULL = (
    0.93  # of the usual line, as letters differ in width: a word that had room on the line before begins a paragraph
)
_ITEM = re.compile(r"([-–—•+*▪●]|\d{1,3}[.)]|\d{1,2}(\.\d{1,2})+\.?|[IVXLC]{1,6}[.)/]|[a-zđ][.)])\s", re.IGNORECASE)
_LABEL = re.compile(r"[A-ZĐ][^\s:]*( [^\s:]+){0,2}: ")  # "Email: …" on a line of its own
_NUMBER = re.compile(r"(trang\s*)?[-–\s]*\d{1,4}\s*[-–]?(\s*/\s*\d{1,4})?", re.IGNORECASE)
_LEAST_LETTERS = 20  # in the whole file: fewer are a scan's


def read(data: bytes) -> Extract:
    """The text of a PDF. Raises ReportError for what is locked, too long or without text, as scans are."""
    import pypdf
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReportError("PDF có mật khẩu; hãy bỏ mật khẩu rồi nạp.")
        if len(reader.pages) > MOST_PAGES:
            raise ReportError(f"PDF có hơn {MOST_PAGES} trang; hãy chia nhỏ rồi nạp.")
        pages = [_lines(page) for page in reader.pages]
    except DependencyError as error:
        raise ReportError("PDF bị khóa bằng cách mã hóa không đọc được; hãy bỏ khóa rồi nạp.") from error
    if sum(char.isalpha() for page in pages for line in page for char in line) < _LEAST_LETTERS:
        raise ReportError("PDF không có chữ (bản quét ảnh); hãy dùng bản có chữ hoặc nhận dạng chữ (OCR) trước.")
    return assemble(_blocks(pages))


def _lines(page: Any) -> list[str]:
    return [line for raw in page.extract_text().split("\n") if (line := tidy(repair(raw)))]


def _blocks(pages: Sequence[list[str]]) -> Iterator[Block]:
    running = _running(pages)
    usual = _usual(pages)
    paragraph = _Paragraph()
    for number, lines in enumerate(pages, 1):
        paragraph.page = number
        for place, line in enumerate(lines):
            edge = place < _EDGE or place >= len(lines) - _EDGE
            last = place in (0, len(lines) - 1)
            if (edge and _shape(line) in running) or (last and _NUMBER.fullmatch(line)):
                continue
            if paragraph.text and not _goes_on(paragraph.last, line, usual):
                yield paragraph.close()
            paragraph.add(line)
    if paragraph.text:
        yield paragraph.close()
    yield from (Block(line, ASIDE) for line in running.values())


class _Paragraph:
    """The paragraph that lines are being added to, with the places where pages begin in it."""

    def __init__(self) -> None:
        self.text, self.last, self.page = "", "", 1
        self._pages: list[tuple[int, int]] = []
        self._shown = 0

    def add(self, line: str) -> None:
        self.text += ("" if not self.text or self.last.endswith("-") else " ") * bool(self.text)
        if self.page != self._shown:
            self._pages.append((len(self.text), self.page))
            self._shown = self.page
        self.text += line
        self.last = line

    def close(self) -> Block:
        text, pages = self.text, tuple(self._pages)
        self.text, self.last, self._pages = "", "", []
        return Block(text, PARAGRAPH, pages)


def _goes_on(before: str, line: str, usual: int) -> bool:
    """Whether a line belongs to the paragraph of the one before: that was full, or this begins in lower case."""
    if _ITEM.match(line) or _LABEL.match(line):
        return False
    if line[0].islower() or before.endswith((",", "-")):
        return True
    fits = len(before) + 1 + len(line.split()[0]) < _FULL * usual
    return not fits and not before.endswith((":", ";"))


def _usual(pages: Sequence[list[str]]) -> int:
    """The length that a tenth of the lines exceed: that of a full line."""
    lengths = sorted(len(line) for lines in pages for line in lines)
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def _running(pages: Sequence[list[str]]) -> dict[str, str]:
    """Lines at the edges of most pages, by their shape, and one of each as it stands there."""
    seen: dict[str, str] = {}
    times: Counter[str] = Counter()
    for lines in pages:
        edges = {_shape(line): line for line in (*lines[:_EDGE], *lines[-_EDGE:])}
        times.update(edges.keys())
        seen.update(edges)
    return {shape: seen[shape] for shape, number in times.items() if number >= max(3, _RUNNING * len(pages))}


def _shape(line: str) -> str:
    """The line with its numbers made one, for these count the pages."""
    return re.sub(r"\d+", "0", line).lower()
