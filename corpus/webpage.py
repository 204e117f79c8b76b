"""Web pages: all visible text in its order; what trafilatura does not count to the article becomes an aside."""

import re
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReportError
from corpus.extract import ASIDE, HEADING, PARAGRAPH, Block, Extract, assemble, tidy
from corpus.tables import table

_UNSEEN = {"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "select", "textarea", "button"}
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "big",
    "cite",
    "code",
    "del",
    "em",
    "font",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "mark",
}
_INLINE |= {"o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
_FRAME = {"nav", "footer", "aside", "menu"}
_MOST = 0.5  # of the page's text: what holds more is the page, whatever it is called
_FRAMED = re.compile(
    r"\b(nav|navbar|menu|footer|sidebar|breadcrumbs?|related|share|social|rating|vote|counter|visitors?|banner|copyright"
    r"|comments?|pager|pagination|portlet-topper|widget|lien-?ket|thong-?ke|tin-?khac|tin-?lien-?quan)\b",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHORT = 80  # characters: a line outside the article that is no longer and ends no sentence is an aside
_LINKED = 0.6  # of a line's characters: a list of links
_ENOUGH = 0.5  # of the visible text: an article that is less was not recognised
_DEEP = 200  # elements within each other; a page has some twenty


def read(data: str) -> Extract:
    """The text of a page. Raises ReportError when there is none."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(data.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ReportError("Trang web không có chữ nào đọc được.") from error
    lines, stated = list(_lines(root, False, 0)), _stated(root)
    article = _article(root)
    visible = sum(len(line.text) for line in lines if not line.framed and line.linked <= _LINKED)
    known = article if len(article) >= _ENOUGH * visible else None
    return assemble((_judged(line, known) for line in lines), stated)


class _Line:
    """A block with the share of its characters that are links, and whether menus or the like hold it."""

    def __init__(
        self, text: str, linked: float, framed: bool, kind: str = PARAGRAPH, block: Block | None = None
    ) -> None:
        self.text, self.linked, self.framed = text, linked, framed
        self.block = block or Block(text, kind)


def _judged(line: _Line, article: str | None) -> Block:
    """The block, as an aside when nothing speaks for it."""
    listed = line.linked > _LINKED and len(line.text) < 3 * _SHORT
    aside = line.framed or listed
    if article is not None and not aside and _squeezed(line.text) not in article:
        ends = line.text.endswith((".", ";", ":"))
        aside = len(line.text) < _SHORT and not ends and line.block.kind == PARAGRAPH
    return line.block._replace(kind=ASIDE) if aside else line.block


def _article(root: Any) -> str:
    """What trafilatura takes for the article, without spaces."""
    import trafilatura

    found = trafilatura.extract(root, favor_recall=True, include_comments=False, include_tables=True, deduplicate=False)
    return _squeezed(found or "")


def _squeezed(text: str) -> str:
    return re.sub(r"[\s|]+", "", tidy(text))


def _lines(element: Any, framed: bool, depth: int) -> Iterator[_Line]:
    """The lines of a block element: its own inline text, and those of the blocks in it, in order."""
    framed = framed or _is_frame(element)
    kind = HEADING if re.fullmatch(r"h[1-6]", str(element.tag)) else PARAGRAPH
    open_line = _Open(framed, kind)
    yield from _walk(element, open_line, framed, depth)
    yield from open_line.close()


class _Open:
    """The line that inline text is being added to."""

    def __init__(self, framed: bool, kind: str) -> None:
        self._framed, self._kind = framed, kind
        self._parts: list[str] = []
        self._linked = 0

    def add(self, text: str | None, linked: bool = False) -> None:
        if text:
            self._parts.append(text)
            self._linked += len(text.strip()) if linked else 0

    def close(self) -> Iterator[_Line]:
        text = tidy("".join(self._parts))
        if text:
            yield _Line(text, self._linked / len(text), self._framed, self._kind)
        self._parts, self._linked = [], 0


def _walk(element: Any, line: _Open, framed: bool, depth: int, linked: bool = False) -> Iterator[_Line]:
    line.add(element.text, linked)
    for child in element:
        if depth > _DEEP:
            break
        tag = child.tag
        if tag == "br":
            yield from line.close()
        elif tag in _INLINE and not _unseen(child):
            yield from _walk(child, line, framed, depth + 1, linked or tag == "a")
        elif not _unseen(child):
            yield from line.close()
            yield from _table(child, framed, depth) if tag == "table" else _lines(child, framed, depth + 1)
        line.add(child.tail, linked)


def _table(element: Any, framed: bool, depth: int) -> Iterator[_Line]:
    """The rows of a table of data; a table that only lays out the page is a block like others."""
    rows = [[_cell(cell) for cell in row.xpath("./td|./th")] for row in element.xpath("./tr|./*/tr")]
    cells = [cell for row in rows for cell in row if cell]
    data = not element.xpath(".//table") and len(rows) > 1 and sum(len(row) > 1 for row in rows) > len(rows) / 2
    if not data or not cells or sum(map(len, cells)) / len(cells) > 2 * _SHORT:
        yield from _lines(element, framed, depth + 1)
        return
    for block in table(rows):
        yield _Line(block.text, 0.0, framed, block=block)


def _cell(cell: Any) -> str:
    return tidy(" ".join(cell.itertext()))


def _unseen(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return True
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def _is_frame(element: Any) -> bool:
    """A menu, footer or the like, by its tag or by what it is called."""
    named = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}".replace("_", "-")
    if element.tag in ("body", "html") or not (element.tag in _FRAME or _FRAMED.search(named)):
        return False
    return _length(element) <= _MOST * _length(element.getroottree().getroot())


def _length(element: Any) -> int:
    return sum(map(len, element.itertext()))


def _stated(root: Any) -> dict[str, str]:
    """The page's own address and day, where its head names them."""
    addresses = root.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")
    days = root.xpath("//meta[@property='article:published_time' or @itemprop='datePublished']/@content")
    url = next((str(found).strip() for found in addresses if str(found).startswith("http")), "")
    day = re.match(r"\d{4}-\d\d-\d\d", str(days[0]).strip()) if days else None
    return {name: value for name, value in (("url", url), ("date", day.group() if day else "")) if value}
