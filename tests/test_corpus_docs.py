"""docs/corpus.md against the code: formats, limits, and every refusal that a file can meet."""

import ast
import re
from pathlib import Path

from corpus import archive, child, formats, pdf, reader, sheets

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "corpus.md").read_text("utf-8")


def refusals() -> list[str]:
    """The fixed words of each ReportError of the readers, without names and numbers."""
    found = list(formats._OTHER.values())
    for name in ("child", "archive", "word", "pdf", "sheets", "webpage", "reader", "encodings", "load"):
        tree = ast.parse((ROOT / "corpus" / f"{name}.py").read_text("utf-8"))
        calls = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
        for call in calls:
            if getattr(call.func, "id", "") != "ReportError":
                continue
            parts = [part.value for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant)]
            found.append("…".join(part for part in parts if isinstance(part, str)))
    return [said for said in found if said.strip(" .:…") not in ("", "error")]


def test_every_refusal_is_explained() -> None:
    table = TEXT.split("## Lý do từ chối")[1]
    told = [said.strip() for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:] for said in row.split(";")]
    told = [re.sub(r"\d.*", "", said).strip() for said in told]
    for said in [*refusals(), archive._DECLARED]:
        if not said.startswith("Tệp có …"):
            assert any(words in said for words in told), said


def test_every_limit_is_told() -> None:
    limits = (
        f"{reader.MAX_BYTES // 2**20} MB",
        f"{child.MEMORY // 2**20} MB",
        f"{child.CPU} giây, {child.WALL} giây",
        f"{child.LONGEST // 2**20} triệu",
        f"{archive.MOST_BYTES // 2**20} MB, {archive.MOST_MEMBERS} phần",
        f"{pdf.MOST_PAGES} trang",
        f"{sheets.MOST_ROWS} dòng, {sheets.MOST_COLUMNS} cột",
    )
    assert [limit for limit in limits if f"| {limit}" not in TEXT] == []


def test_every_extension_is_in_the_table() -> None:
    assert set(re.findall(r"`(\.\w+)`", TEXT)) == set(formats.EXTENSIONS)
