"""What the command line prints: colours on a terminal, plain text when piped, results on standard output only."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from bot import wording
from corpus.errors import HoidapError
from corpus.records import Document, Passage
from corpus.text import clean
from index.records import Answer, Cited

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.store import Version
    from index.comparing import Comparison
    from index.evaluate import Measured

ADDED = {"added": "Đã nạp", "replaced": "Đã thay", "same": "Đã có, không đổi"}


def note(text: str) -> None:
    """One line for the person, apart from the result."""
    print(clean(text), file=sys.stderr, flush=True)


def line(text: str) -> None:
    """One line of the result; file names may hold anything, so it is cleaned of control characters."""
    print(clean(text), flush=True)


def answer(given: Answer, as_json: bool) -> None:
    """An answer with its passages and sources, or the reason why there is none."""
    if as_json:
        print(json.dumps(given.as_json(), ensure_ascii=False), flush=True)
    elif sys.stdout.isatty():
        _answer_in_colour(given, _console())
    else:
        _answer_plain(given)


def _answer_plain(given: Answer) -> None:
    line(given.answer if given.answer is not None else f"Không trả lời: {given.reason}")
    if given.note:
        line(wording.note(given.note))
    if given.abstained and given.passages:
        line(wording.NEAREST)
    for cited in wording.worth_reading(given):
        line(f"\n{cited.rank}. {_marked(cited, given)}\n   Nguồn: {wording.source(cited)}")
    line("")


def _marked(cited: Cited, given: Answer) -> str:
    """The passage with the answer between »…«."""
    text = cited.passage.text
    if given.abstained or cited.rank > 1 or not cited.highlight:
        return text
    start, end = cited.highlight
    return f"{text[:start]}»{text[start:end]}«{text[end:]}"


def _answer_in_colour(given: Answer, console: "Console") -> None:
    from rich.text import Text

    if given.answer is not None:
        console.print(Text(given.answer, style="bold green"))
        if given.note:
            console.print(Text(wording.note(given.note), style="yellow"))
    else:
        console.print(Text(given.reason or "", style="yellow"))
        if given.passages:
            console.print(Text(wording.NEAREST, style="dim"))
    for cited in wording.worth_reading(given):
        text = Text(f"\n{cited.rank}. {cited.passage.text}")
        if cited.highlight and cited.rank == 1 and not given.abstained:
            lead = len(text) - len(cited.passage.text)
            text.stylize("bold reverse", lead + cited.highlight[0], lead + cited.highlight[1])
        console.print(text)
        console.print(Text(f"   {wording.source(cited)}", style="dim"))
    console.print()


def taken(rows: Sequence[tuple[Path, tuple[str, Document] | HoidapError]]) -> None:
    """What became of each file: one line when piped, else a table; why one was refused stands in its row."""
    if len(rows) == 1 or not sys.stdout.isatty():
        for _, became in rows:
            if isinstance(became, tuple):
                line(_added(*became))
        return
    table = [_row(path, became) for path, became in rows]
    _table(("Tệp", "", "Mã", "Tỉnh", "Kỳ"), table)


def _added(status: str, document: Document) -> str:
    known = document.facts
    return f"{ADDED[status]}: {document.id} — {known.province or 'chưa rõ tỉnh'}, kỳ {known.period or 'chưa rõ'}"


def _row(path: Path, became: tuple[str, Document] | HoidapError) -> tuple[str, ...]:
    if isinstance(became, HoidapError):
        return path.name, f"Không nạp: {became}", "", "", ""
    status, document = became
    return path.name, ADDED[status], document.id, _told(document, "province"), _told(document, "period")


def history(known: Document, versions: Sequence["Version"]) -> None:
    """The versions of a document, the one that answers first."""
    line(f"{known.id}: {known.file}, đang dùng (sha256 {known.sha256[:12]})")
    for number, version in enumerate(versions, 1):
        when = version.replaced_at.replace("T", " ")
        line(f"{number}. thay lúc {when}: {version.passages} đoạn (sha256 {version.sha256[:12]})")


def listing(rows: Sequence[tuple[Document, int]]) -> None:
    """The documents: id, province, period, passages and title."""
    table = [
        (d.id, _told(d, "province"), _told(d, "period"), wording.grouped(passages), d.facts.title)
        for d, passages in rows
    ]
    _table(("Mã", "Tỉnh", "Kỳ", "Đoạn", "Tên"), table)


def _told(known: Document, fact: str) -> str:
    return wording.doubted(known, fact, getattr(known.facts, fact))


def document(found: Document, passages: Iterable[Passage]) -> None:
    """Its facts, then its passages with their places."""
    for label, value in wording.facts(found):
        line(f"{label}: {value}")
    for passage in passages:
        place = wording.place(passage.place)
        where = f" · {place}" if place else ""
        line(f"\n[{passage.ordinal + 1}] {passage.start}–{passage.end}{where}\n{passage.text}")


def comparison(found: "Comparison", as_json: bool) -> None:
    """The table with its citations, then what to mind and the sources; or a line of JSON for each figure."""
    from bot import exports, tables

    told = [found.reason] if found.reason else []
    if as_json:
        for row in exports.as_json(found):
            print(json.dumps(row, ensure_ascii=False), flush=True)
        for remark in (*told, *tables.remarks(found)):
            note(remark)
        return
    for text in told or [tables.title(found)]:
        line(text)
    if found.cells:
        _table(*tables.table(found))
    for remark in tables.remarks(found):
        line(remark)
    for number, cell in enumerate(tables.cells(found), 1):
        line(f"[{number}] {tables.source(cell)}")


def measured(results: dict[str, dict[str, "Measured"]]) -> None:
    """One row for each file and kind of question."""
    rows = []
    for name, kinds in results.items():
        for kind, figures in kinds.items():
            cells = [getattr(figures, field.name) for field in fields(figures)]
            shown = ("–" if cell is None else f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
            rows.append((name if kind == "all" else f"  {kind}", *shown))
    _table(("tệp", "câu", "hit@1", "hit@3", "MRR@10", "answer", "refused", "invented"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not sys.stdout.isatty():
        for row in (head, *rows):
            line("\t".join(row))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(*head)
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    _console().print(table)


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False)


def status(rows: Iterable[tuple[str, str]]) -> None:
    """Labels and values, one a line."""
    for label, value in rows:
        line(f"{label}: {value}")
