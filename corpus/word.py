"""Word files (.docx): headings, paragraphs, lists, tables, headers, footers and footnotes, in reading order."""

import io
import re
from collections.abc import Iterator
from typing import Any

from corpus.archive import check
from corpus.encodings import repair
from corpus.errors import ReportError
from corpus.extract import ASIDE, HEADING, PARAGRAPH, Block, Extract, assemble, tidy
from corpus.tables import table

_SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_SPACE}tab", f"{_SPACE}br", f"{_SPACE}cr"}
_NOT_TEXT = {f"{_SPACE}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "fldData")}
_HEADING = re.compile(r"(heading|title|tiêu đề|đầu đề)", re.IGNORECASE)


def read(data: bytes) -> Extract:
    """The text of a document. Raises ReportError for what is no such file or damaged."""
    if "word/document.xml" not in check(data):
        raise ReportError("Không phải tệp Word (.docx).")
    import docx

    document = docx.Document(io.BytesIO(data))
    headings = {style.style_id for style in document.styles if style.name and _HEADING.match(style.name)}
    body = list(_blocks(document.element.body, headings))
    heads, feet = _margins(document)
    notes = (block._replace(kind=PARAGRAPH) for block in _notes(document))
    return assemble([*heads, *body, *notes, *feet])


def _blocks(parent: Any, headings: set[str]) -> Iterator[Block]:
    """Of everything in a part that may hold paragraphs: controls, text boxes and inserted text, too."""
    before = ""
    for child in parent:
        if child.tag == f"{_SPACE}tbl":
            yield from table(list(_rows(child)), before)
        elif child.tag == f"{_SPACE}p":
            boxes = [box for box in child.iter(f"{_SPACE}txbxContent") if not _again(box)]
            before = tidy(repair(_text(child)))
            yield Block(before, _kind(child, before, headings))
            for box in boxes:
                yield from _blocks(box, headings)
        elif child.tag not in _NOT_TEXT and isinstance(child.tag, str):
            yield from _blocks(child, headings)


def _again(box: Any) -> bool:
    """Word keeps each text box twice, the second time for old programs."""
    return any(above.tag.endswith("}Fallback") for above in box.iterancestors())


def _text(paragraph: Any) -> str:
    """The visible text of a paragraph, without what was deleted or lies in text boxes."""
    parts = []
    for child in paragraph:
        if child.tag == f"{_SPACE}t":
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(" ")
        elif child.tag == f"{_SPACE}noBreakHyphen":
            parts.append("-")
        elif isinstance(child.tag, str) and child.tag not in _NOT_TEXT and not child.tag.endswith("}txbxContent"):
            parts.append(_text(child))
    return "".join(parts)


def _kind(paragraph: Any, text: str, headings: set[str]) -> str:
    styles = paragraph.xpath("./w:pPr/w:pStyle/@w:val")
    outlined = paragraph.xpath("./w:pPr/w:outlineLvl")
    return HEADING if len(text) <= 200 and (outlined or (styles and styles[0] in headings)) else PARAGRAPH


def _rows(element: Any) -> Iterator[list[str]]:
    """A merged cell's text stands in its first place."""
    for row in element.iter(f"{_SPACE}tr"):
        cells: list[str] = []
        for cell in row.xpath("./w:tc|./w:sdt/w:sdtContent/w:tc"):
            wide = cell.xpath("./w:tcPr/w:gridSpan/@w:val")
            text = " ".join(_text(paragraph) for paragraph in cell.iter(f"{_SPACE}p"))
            cells += [repair(text), *[""] * (min(int(wide[0]), 100) - 1 if wide else 0)]
        yield cells


def _margins(document: Any) -> tuple[list[Block], list[Block]]:
    """Headers, which may name the office, and footers, each text once; the latter are asides."""
    heads: dict[str, None] = {}
    feet: dict[str, None] = {}
    for section in document.sections:
        for part, kept in ((section.first_page_header, heads), (section.header, heads), (section.footer, feet)):
            if not part.is_linked_to_previous:
                kept.update(dict.fromkeys(block.text for block in _blocks(part._element, set()) if block.text))
    return [Block(text) for text in heads], [Block(text, ASIDE) for text in feet]


def _notes(document: Any) -> Iterator[Block]:
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes") and not relation.is_external:
            yield from _blocks(parse_xml(relation.target_part.blob), set())
