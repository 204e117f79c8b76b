"""The truth: original bytes, documents, passages, generations and questions asked. All SQL of the program is here."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update

from corpus import postgres, rows, sqlite
from corpus.database import open_engine, translated, writing
from corpus.desk import Desk
from corpus.errors import StoreError
from corpus.mailbox import Mailbox
from corpus.records import Document, Passage, Report
from corpus.schema import documents, generations, originals, passages, questions, versions

_HEADS = [column for column in documents.c if column.name != "text"]


@dataclass(frozen=True, slots=True)
class Version:
    """What a document was before it was replaced."""

    replaced_at: str  # UTC, ISO 8601
    file: str
    sha256: str
    passages: int


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

    @property
    def mailbox(self) -> Mailbox:
        """What came in by chat and what goes out, in the same database."""
        return Mailbox(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def put(self, report: Report, recipe: str = "") -> tuple[str, Document]:
        """Keep a report whole: ("added" | "replaced" | "same", the document).

        The same bytes are one document whatever their file's name, and so is the same text; a file of a known name
        replaces what it had, which stays in its history. `recipe` tells `made` how the report was made.
        """
        sha = hashlib.sha256(report.data).hexdigest()
        with writing(self._engine) as connection:
            known = rows.same(connection, report, sha)
            if known and _unchanged(connection, known, report):
                connection.execute(update(documents).where(documents.c.id == known.id).values(recipe=recipe))
                return "same", known
            if known:
                rows.keep(connection, known)
            id = known.id if known else rows.free_id(connection, report.file)
            file = known.file if known else report.file
            document = Document(id, file, sha, report.text, report.facts, report.origins)
            rows.put(connection, document, report, recipe)
        return "replaced" if known else "added", document

    def made(self, sha256: str, recipe: str) -> Document | None:
        """The document that was made from these bytes in this way, so that they need not be read again."""
        query = select(documents).where(documents.c.sha256 == sha256, documents.c.recipe == recipe)
        with self._reading() as connection:
            row = connection.execute(query).first()
        return rows.document(row) if row else None

    def history(self, id: str) -> list[Version]:
        """The versions that newer ones replaced, the newest first."""
        query = select(versions).where(versions.c.document_id == id).order_by(versions.c.id.desc())
        with self._reading() as connection:
            kept = [(row, json.loads(row.report)) for row in connection.execute(query)]
        return [Version(row.replaced_at, report["file"], row.sha256, len(report["passages"])) for row, report in kept]

    def undo(self, id: str) -> Document:
        """Bring back the version before; the one that goes is not kept. Raises StoreError when there is none."""
        known = self.document(id)
        query = select(versions).where(versions.c.document_id == id).order_by(versions.c.id.desc())
        with writing(self._engine) as connection:
            row = connection.execute(query).first()
            if row is None:
                raise StoreError(f"“{id}” chưa có bản nào trước đó; muốn bỏ hẳn thì dùng “hoidap remove {id}”.")
            other = select(documents.c.id).where(documents.c.sha256 == row.sha256, documents.c.id != id)
            if taken := connection.execute(other).scalar():
                raise StoreError(f"Bản trước của “{id}” nay là tài liệu “{taken}”; hãy xóa tài liệu ấy trước.")
            data = connection.execute(select(originals.c.data).where(originals.c.sha256 == row.sha256)).scalar_one()
            report, recipe = rows.former(row, bytes(data))
            document = Document(id, known.file, row.sha256, report.text, report.facts, report.origins)
            connection.execute(delete(versions).where(versions.c.id == row.id))
            rows.put(connection, document, report, recipe)
            rows.sweep(connection)
        return document

    def documents(self) -> list[Document]:
        """All documents without their text, by id."""
        query = select(*_HEADS).order_by(documents.c.id)
        with self._reading() as connection:
            return [rows.document(row) for row in connection.execute(query)]

    def stamps(self) -> dict[str, str]:
        """For each document, by id, sha256 of what the index takes from it: file, bytes, facts and passages."""
        query = select(documents.c.id, documents.c.stamp).order_by(documents.c.id)
        with self._reading() as connection:
            return {row.id: row.stamp for row in connection.execute(query)}

    def listing(self) -> list[tuple[Document, int]]:
        """All documents without their text, by id, each with the number of its passages."""
        query = (
            select(*_HEADS, func.count(passages.c.ordinal).label("passages"))
            .outerjoin(passages, (passages.c.document_id == documents.c.id) & passages.c.repeated.is_(False))
            .group_by(*_HEADS)
            .order_by(documents.c.id)
        )
        with self._reading() as connection:
            return [(rows.document(row), row.passages) for row in connection.execute(query)]

    def document(self, id: str) -> Document:
        with self._reading() as connection:
            row = connection.execute(select(documents).where(documents.c.id == id)).first()
        if row is None:
            raise _unknown(id)
        return rows.document(row)

    def passages(self, document_id: str | None = None, repeated: bool = False) -> list[Passage]:
        """Of one document or of all, by document and place; lines that repeat over a site only if wanted."""
        query = select(passages).order_by(passages.c.document_id, passages.c.ordinal)
        if document_id is not None:
            query = query.where(passages.c.document_id == document_id)
        if not repeated:
            query = query.where(passages.c.repeated.is_(False))
        with self._reading() as connection:
            return [rows.passage(row) for row in connection.execute(query)]

    def passages_of(self, ids: Iterable[str]) -> Iterator[Passage]:
        """Of some documents, by document and place, read as they are wanted."""
        return (passage for id in ids for passage in self.passages(id))

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
            rows.remove(connection, ids)

    def fingerprint(self) -> str:
        """sha256 over all that the index is made from; another one exactly when documents, facts or passages change."""
        return fingerprint(self.stamps())

    def record_generation(self, number: int, documents: int, passages: int, fingerprint: str) -> None:
        row = {"number": number, "documents": documents, "passages": passages, "fingerprint": fingerprint}
        with writing(self._engine) as connection:
            connection.execute(insert(generations).values(made_at=rows.now(), **row))
            postgres.announce(connection)

    @property
    def shared(self) -> bool:
        """Whether other machines may work with the same database."""
        return self._engine.dialect.name == "postgresql"

    def news(self, stopped: Event) -> Iterator[None]:
        """Whenever a generation was published, here or elsewhere, and once at the beginning; until stopped.

        Only of a shared database; what comes while the last news is looked into comes as one.
        """
        with translated():
            yield from postgres.listen(self._engine, stopped)

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
        """Complaints of the database about itself; PostgreSQL holds to its own rules."""
        if sqlite.file_of(self._engine) is None:
            return []
        with self._reading() as connection:
            said = str(connection.execute(text("PRAGMA integrity_check")).scalar())
            orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
        return [f"Cơ sở dữ liệu bị hỏng: {said}"] * (said != "ok") + ["Cơ sở dữ liệu có dòng mồ côi."] * bool(orphans)

    def backup(self, path: Path) -> None:
        """A whole copy while others go on working; nothing is written over."""
        source = sqlite.file_of(self._engine)
        if source is None:
            raise StoreError("Lệnh này chỉ sao lưu SQLite; với PostgreSQL hãy dùng pg_dump.")
        if path.exists():
            raise StoreError(f"{path} đã có; hãy chọn tên khác để không ghi đè.")
        with translated():
            sqlite.copy_file(source, path)

    def copy_to(self, target: "Store", step: Callable[[int, int], None], force: bool = False) -> int:
        """Make another store equal to this one; the number of rows put in. See corpus.copying."""
        from corpus.copying import copy

        return copy(self._engine, target._engine, step, force)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A read transaction: one unchanging view of the database."""
        with translated(), self._engine.connect() as connection:
            yield connection


def fingerprint(stamps: Mapping[str, str]) -> str:
    """One stamp for all documents."""
    return hashlib.sha256(repr(sorted(stamps.items())).encode()).hexdigest()


def _unchanged(connection: Connection, known: Document, report: Report) -> bool:
    """Nothing that is asked of differs; the bytes may, when their text does not."""
    kept = (known.text, known.facts, known.origins)
    return kept == (report.text, report.facts, report.origins) and rows.places(connection, known.id) == rows.placed(
        report
    )


def _question(row: Any) -> LoggedQuestion:
    place = (row.document_id, row.start, row.end) if row.document_id else None
    return LoggedQuestion(
        row.asked_at, row.channel, row.user_id, row.question, row.answer, row.reason, row.confidence, place
    )


def _unknown(id: str) -> StoreError:
    return StoreError(f"Không có tài liệu “{id}”; xem các mã bằng “hoidap list”.")
