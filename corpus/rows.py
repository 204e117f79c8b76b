"""Rows of the store's tables from records, and back. Called within the store's transactions."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, astuple, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from corpus.records import Document, Facts, Origin, Passage, Place, Report
from corpus.repeated import mark, site
from corpus.schema import documents, originals, passages, questions, storable, versions
from corpus.text import strip_marks

FACTS = tuple(field.name for field in fields(Facts))
_LONGEST_ID = 80


def same(connection: Connection, report: Report, sha: str) -> Document | None:
    """The document of these bytes, else the one of this file name, else the one of this text."""
    for condition in (documents.c.sha256 == sha, documents.c.file == report.file):
        if row := connection.execute(select(documents).where(condition)).first():
            return document(row)
    text = storable(report.text)
    # SQLite would look at all texts if the text itself were a condition, too.
    alike = select(documents).where(func.length(documents.c.text) == len(text))
    return next((document(row) for row in connection.execute(alike) if row.text == text), None)


def places(connection: Connection, id: str) -> list[tuple[Any, ...]]:
    """(start, end, paragraph, page, heading, row) of each passage of a document."""
    columns = (passages.c[name] for name in ("start", "end", "paragraph", "page", "heading", "row"))
    query = select(*columns).where(passages.c.document_id == id).order_by(passages.c.ordinal)
    return [tuple(row) for row in connection.execute(query)]


def placed(report: Report) -> list[tuple[Any, ...]]:
    """The same of a report."""
    known = report.places or (Place(),) * len(report.spans)
    return [(*span, *place) for span, place in zip(report.spans, known, strict=True)]


def put(connection: Connection, document: Document, report: Report, recipe: str) -> None:
    """Insert a document, or change the one of its id, with its bytes and passages."""
    stored = connection.execute(select(originals.c.sha256).where(originals.c.sha256 == document.sha256)).first()
    if stored is None:
        connection.execute(insert(originals).values(sha256=document.sha256, data=report.data, added_at=now()))
    origins = json.dumps(list(document.origins), ensure_ascii=False)
    head = {"file": document.file, "sha256": document.sha256, "text": document.text, "origins": origins}
    where = placed(report)
    derived = {"recipe": recipe, "stamp": _stamp(document, where), "site": site(document.facts.url)}
    values = {**head, **asdict(document.facts), **derived, "added_at": now()}
    changed = connection.execute(update(documents).where(documents.c.id == document.id).values(**values))
    if not changed.rowcount:
        connection.execute(insert(documents).values(id=document.id, **values))
    connection.execute(delete(passages).where(passages.c.document_id == document.id))
    names = ("start", "end", "paragraph", "page", "heading", "row")
    rows = [
        {
            "document_id": document.id,
            "ordinal": number,
            "text": document.text[row[0] : row[1]],
            **dict(zip(names, row, strict=True)),
        }
        for number, row in enumerate(where)
    ]
    connection.execute(insert(passages), rows)
    mark(connection, document.id)


def _stamp(document: Document, placed: Sequence[tuple[Any, ...]]) -> str:
    """sha256 of a document's file, bytes, facts and passages."""
    made_from = (document.id, document.file, document.sha256, astuple(document.facts), placed)
    return hashlib.sha256(repr(made_from).encode()).hexdigest()


def keep(connection: Connection, old: Document) -> None:
    """Put a document that is about to be replaced into its history."""
    recipe = connection.execute(select(documents.c.recipe).where(documents.c.id == old.id)).scalar_one()
    report = {
        "file": old.file,
        "text": old.text,
        "facts": asdict(old.facts),
        "origins": list(old.origins),
        "passages": places(connection, old.id),
        "recipe": recipe,
    }
    row = {"document_id": old.id, "sha256": old.sha256, "replaced_at": now()}
    connection.execute(insert(versions).values(**row, report=json.dumps(report, ensure_ascii=False)))


def former(row: Any, data: bytes) -> tuple[Report, str]:
    """The report of a row of history, and its recipe."""
    kept = json.loads(row.report)
    spans = tuple((start, end, paragraph) for start, end, paragraph, *_ in kept["passages"])
    known = tuple(Place(*place) for _, _, _, *place in kept["passages"])
    origins = tuple(Origin(*origin) for origin in kept["origins"])
    return Report(kept["file"], data, kept["text"], Facts(**kept["facts"]), spans, origins, known), kept["recipe"]


def remove(connection: Connection, ids: Sequence[str]) -> None:
    """Documents with their passages and history, and the bytes that nothing else needs."""
    connection.execute(delete(versions).where(versions.c.document_id.in_(ids)))
    connection.execute(delete(passages).where(passages.c.document_id.in_(ids)))
    connection.execute(delete(documents).where(documents.c.id.in_(ids)))
    sweep(connection)


def sweep(connection: Connection) -> None:
    """Delete bytes that no document and no version has."""
    used = or_(
        originals.c.sha256.in_(select(documents.c.sha256)),
        originals.c.sha256.in_(select(versions.c.sha256)),
    )
    connection.execute(delete(originals).where(~used))


def free_id(connection: Connection, file: str) -> str:
    """A slug of the file's stem; with a number behind it when another file has that."""
    words = re.findall(r"[a-z0-9]+", strip_marks(Path(file).stem))
    slug = "-".join(words)[:_LONGEST_ID].strip("-") or "tai-lieu"
    taken = set(connection.execute(select(documents.c.id).where(documents.c.id.startswith(slug))).scalars())
    number = 1
    while (id := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return id


def log_question(
    connection: Connection,
    channel: str,
    user: str | None,
    question: str,
    answer: str | None,
    reason: str | None,
    confidence: float,
    place: tuple[str, int, int] | None,
) -> None:
    """Keep who asked what when, and what was answered or why not; `place`: document, start, end of what was cited."""
    document, start, end = place or (None, None, None)
    row = {"question": question, "answer": answer, "reason": reason, "confidence": confidence}
    where = {"document_id": document, "start": start, "end": end}
    connection.execute(insert(questions).values(asked_at=now(), channel=channel, user_id=user, **row, **where))


def document(row: Any) -> Document:
    found = row._mapping
    facts = Facts(**{name: found[name] for name in FACTS})
    origins = tuple(Origin(*row) for row in json.loads(found["origins"]))
    return Document(found["id"], found["file"], found["sha256"], found.get("text", ""), facts, origins)


def passage(row: Any) -> Passage:
    place = Place(row.page, row.heading, row.row)
    return Passage(row.document_id, row.ordinal, row.start, row.end, row.paragraph, row.text, place)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
