"""The truth: original bytes, documents, passages, generations and questions asked. All SQL of the program is here."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from corpus.database import copy_sqlite, open_engine, sqlite_file, translated, writing
from corpus.desk import Desk
from corpus.errors import StoreError
from corpus.records import Document, Facts, Origin, Passage, Report
from corpus.schema import documents, generations, originals, passages, questions
from corpus.text import strip_marks

_FACTS = tuple(field.name for field in fields(Facts))
_LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A question as it was asked and answered, or why it was not."""

    asked_at: str  # UTC, ISO 8601
    channel: str
    user: str | None
    question: str
    answer: str | None
    reason: str | None
    confidence: float
    place: tuple[str, int, int] | None  # document, start, end of the passage cited


class Store:
    """One open database; safe to use from several threads. Every method may raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open, creating or migrating as needed. Raises StoreError."""
        return cls(open_engine(url))

    @property
    def desk(self) -> Desk:
        """What is kept around answers, in the same database."""
        return Desk(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def put(self, report: Report) -> tuple[str, Document]:
        """Keep a report whole: ("added" | "replaced" | "same", the document).

        The same bytes are one document whatever their file's name; a file of a known name replaces what it had.
        """
        sha = hashlib.sha256(report.data).hexdigest()
        with writing(self._engine) as connection:
            known = _same(connection, report.file, sha)
            if known and _kept(known) == (sha, report.text, report.facts, report.origins):
                spans = connection.execute(
                    select(passages.c.start, passages.c.end, passages.c.paragraph)
                    .where(passages.c.document_id == known.id)
                    .order_by(passages.c.ordinal)
                )
                if [tuple(row) for row in spans] == list(report.spans):
                    return "same", known
            id = known.id if known else _free_id(connection, report.file)
            if known:
                _delete(connection, [known.id])
            document = Document(
                id, known.file if known else report.file, sha, report.text, report.facts, report.origins
            )
            _insert(connection, document, report)
        return "replaced" if known else "added", document

    def documents(self) -> list[Document]:
        """All documents with their text, by id."""
        with self._reading() as connection:
            return [_document(row) for row in connection.execute(select(documents).order_by(documents.c.id))]

    def listing(self) -> list[tuple[Document, int]]:
        """All documents without their text, by id, each with the number of its passages."""
        columns = [column for column in documents.c if column.name != "text"]
        query = (
            select(*columns, func.count(passages.c.ordinal).label("passages"))
            .outerjoin(passages)
            .group_by(*columns)
            .order_by(documents.c.id)
        )
        with self._reading() as connection:
            return [(_document(row), row.passages) for row in connection.execute(query)]

    def document(self, id: str) -> Document:
        with self._reading() as connection:
            row = connection.execute(select(documents).where(documents.c.id == id)).first()
        if row is None:
            raise _unknown(id)
        return _document(row)

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """Of one document or of all, by document and place."""
        query = select(passages).order_by(passages.c.document_id, passages.c.ordinal)
        if document_id is not None:
            query = query.where(passages.c.document_id == document_id)
        with self._reading() as connection:
            return [_passage(row) for row in connection.execute(query)]

    def original(self, sha256: str) -> bytes:
        """The bytes of a file as it was added."""
        with self._reading() as connection:
            data = connection.execute(select(originals.c.data).where(originals.c.sha256 == sha256)).scalar()
        if data is None:
            raise StoreError(f"Không có tệp gốc {sha256[:12]}… trong kho.")
        return bytes(data)

    def remove(self, ids: Sequence[str]) -> None:
        """All or none of the documents, with their passages and original bytes."""
        with writing(self._engine) as connection:
            known = set(connection.execute(select(documents.c.id).where(documents.c.id.in_(ids))).scalars())
            for id in ids:
                if id not in known:
                    raise _unknown(id)
            _delete(connection, ids)

    def fingerprint(self) -> str:
        """sha256 over all that the index is made from; another one exactly when documents, facts or passages change."""
        columns = [documents.c.id, documents.c.file, documents.c.sha256, *(documents.c[name] for name in _FACTS)]
        places = select(passages.c.document_id, passages.c.start, passages.c.end, passages.c.paragraph)
        digest = hashlib.sha256()
        with self._reading() as connection:
            for row in connection.execute(select(*columns).order_by(documents.c.id)):
                digest.update(repr(tuple(row)).encode())
            for row in connection.execute(places.order_by(passages.c.document_id, passages.c.ordinal)):
                digest.update(repr(tuple(row)).encode())
        return digest.hexdigest()

    def record_generation(self, number: int, documents: int, passages: int, fingerprint: str) -> None:
        row = {"number": number, "documents": documents, "passages": passages, "fingerprint": fingerprint}
        with writing(self._engine) as connection:
            connection.execute(insert(generations).values(made_at=_now(), **row))

    def log_question(
        self,
        channel: str,
        user: str | None,
        question: str,
        answer: str | None,
        reason: str | None,
        confidence: float,
        place: tuple[str, int, int] | None,
    ) -> None:
        """Keep who asked what when, and what was answered or why not."""
        document, start, end = place or (None, None, None)
        row = {"question": question, "answer": answer, "reason": reason, "confidence": confidence}
        where = {"document_id": document, "start": start, "end": end}
        with writing(self._engine) as connection:
            connection.execute(insert(questions).values(asked_at=_now(), channel=channel, user_id=user, **row, **where))

    def questions(self, limit: int = 50) -> list[LoggedQuestion]:
        """The last ones asked, newest first."""
        with self._reading() as connection:
            return [
                _question(row)
                for row in connection.execute(select(questions).order_by(questions.c.id.desc()).limit(limit))
            ]

    def counts(self) -> dict[str, int]:
        """Rows of documents, passages, questions and generations."""
        tables = (documents, passages, questions, generations)
        with self._reading() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
            }

    def integrity(self) -> list[str]:
        """Complaints of the database about itself."""
        if sqlite_file(self._engine) is None:
            return []
        with self._reading() as connection:
            said = str(connection.execute(text("PRAGMA integrity_check")).scalar())
            orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
        return [f"Cơ sở dữ liệu bị hỏng: {said}"] * (said != "ok") + ["Cơ sở dữ liệu có dòng mồ côi."] * bool(orphans)

    def backup(self, path: Path) -> None:
        """A whole copy while others go on working; nothing is written over."""
        source = sqlite_file(self._engine)
        if source is None:
            raise StoreError("Chỉ sao lưu được SQLite; với PostgreSQL hãy dùng pg_dump.")
        if path.exists():
            raise StoreError(f"{path} đã có; hãy chọn tên khác để không ghi đè.")
        temporary = path.with_name(f"{path.name}.tmp")
        try:
            with translated():
                copy_sqlite(source, temporary)
            temporary.rename(path)
        except OSError as error:
            raise StoreError(f"Không ghi được {path}: {error.strerror}.") from error
        finally:
            temporary.unlink(missing_ok=True)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A read transaction: one unchanging view of the database."""
        with translated(), self._engine.connect() as connection:
            yield connection


def _same(connection: Connection, file: str, sha: str) -> Document | None:
    """The document of these bytes, else the one of this file name."""
    for condition in (documents.c.sha256 == sha, documents.c.file == file):
        if row := connection.execute(select(documents).where(condition)).first():
            return _document(row)
    return None


def _kept(known: Document) -> tuple[str, str, Facts, tuple[Origin, ...]]:
    return known.sha256, known.text, known.facts, known.origins


def _insert(connection: Connection, document: Document, report: Report) -> None:
    now = _now()
    connection.execute(insert(originals).values(sha256=document.sha256, data=report.data, added_at=now))
    origins = json.dumps([astuple(origin) for origin in document.origins], ensure_ascii=False)
    head = {"id": document.id, "file": document.file, "sha256": document.sha256, "text": document.text}
    head["origins"] = origins
    connection.execute(insert(documents).values(**head, **asdict(document.facts), added_at=now))
    rows = [
        {
            "document_id": document.id,
            "ordinal": number,
            "start": start,
            "end": end,
            "paragraph": paragraph,
            "text": document.text[start:end],
        }
        for number, (start, end, paragraph) in enumerate(report.spans)
    ]
    connection.execute(insert(passages), rows)


def _delete(connection: Connection, ids: Sequence[str]) -> None:
    shas = list(connection.execute(select(documents.c.sha256).where(documents.c.id.in_(ids))).scalars())
    connection.execute(delete(passages).where(passages.c.document_id.in_(ids)))
    connection.execute(delete(documents).where(documents.c.id.in_(ids)))
    connection.execute(delete(originals).where(originals.c.sha256.in_(shas)))


def _free_id(connection: Connection, file: str) -> str:
    """A slug of the file's stem; with a number behind it when another file has that."""
    words = re.findall(r"[a-z0-9]+", strip_marks(Path(file).stem))
    slug = "-".join(words)[:_LONGEST_ID].strip("-") or "tai-lieu"
    taken = set(connection.execute(select(documents.c.id).where(documents.c.id.startswith(slug))).scalars())
    number = 1
    while (id := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return id


def _document(row: Any) -> Document:
    found = row._mapping
    facts = Facts(**{name: found[name] for name in _FACTS})
    origins = tuple(Origin(*row) for row in json.loads(found["origins"]))
    return Document(found["id"], found["file"], found["sha256"], found.get("text", ""), facts, origins)


def _passage(row: Any) -> Passage:
    return Passage(row.document_id, row.ordinal, row.start, row.end, row.paragraph, row.text)


def _question(row: Any) -> LoggedQuestion:
    place = (row.document_id, row.start, row.end) if row.document_id else None
    return LoggedQuestion(
        row.asked_at, row.channel, row.user_id, row.question, row.answer, row.reason, row.confidence, place
    )


def _unknown(id: str) -> StoreError:
    return StoreError(f"Không có tài liệu “{id}”; xem các mã bằng “hoidap list”.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
