"""Keep the database of each migration as tests/data/schemas/NNNN.sql: made by it, with a row in each table.

    python tools/freeze.py

What is there already is left as it is: a frozen database is never made again.
"""

import hashlib
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from corpus.load import make
from corpus.migrating import config

FOLDER = Path(__file__).parent.parent / "tests/data/schemas"
TEXT = "Báo cáo của Sở Thông tin và Truyền thông tỉnh Bến Tre năm 2018.\nToàn tỉnh có 77 điểm phục vụ bưu chính.\n"
DAY = "2026-01-02T03:04:05+00:00"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for script in ScriptDirectory.from_config(config()).walk_revisions():
        path = FOLDER / f"{script.revision}.sql"
        if not path.exists():
            path.write_text(frozen(script.revision), "utf-8")
            print(path.name)


def frozen(revision: str) -> str:
    """The statements that make a database of a revision."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        engine = create_engine(f"sqlite:///{path}")
        settings = config()
        with engine.begin() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, revision)
        engine.dispose()
        with closing(sqlite3.connect(path)) as made:
            tables = {row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table, rows in known().items():
                if table in tables:
                    insert(made, table, rows)
            for table in sorted(tables - known().keys() - {"alembic_version"}):
                insert(made, table, [{}])
            made.commit()
            return "\n".join(made.iterdump()) + "\n"


def insert(made: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Rows with what the table's columns of this revision have; a column that is not known gets a value of its type."""
    columns = [(name, kind, need) for _, name, kind, need, *_ in made.execute(f"PRAGMA table_info({table})")]
    for row in rows:
        kept = {name: row.get(name, filler(kind) if need else None) for name, kind, need in columns}
        marks = ", ".join("?" * len(kept))
        names = ", ".join(f'"{name}"' for name in kept)
        made.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(kept.values()))  # noqa: S608


def filler(kind: str) -> Any:
    return 1 if kind.startswith(("INT", "BOOL", "FLOAT", "BIG")) else b"x" if kind == "BLOB" else "x"


def known() -> dict[str, list[dict[str, Any]]]:
    """A report with its passages, and what was asked, answered and done about it."""
    report = make("ben-tre.txt", TEXT.encode(), {})
    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    facts = {"title": report.facts.title, "province": "Bến Tre", "period": "2018", "issuer": report.facts.issuer}
    old = {"file": "ben-tre.txt", "text": "x", "facts": facts, "origins": [], "passages": [], "recipe": ""}
    return {
        "originals": [{"sha256": sha, "data": TEXT.encode(), "added_at": DAY}],
        "documents": [
            {"id": "ben-tre", "file": "ben-tre.txt", "sha256": sha, "text": report.text, **facts, "added_at": DAY}
            | {"origins": "[]", "recipe": "", "stamp": ""}
        ],
        "passages": [
            {"document_id": "ben-tre", "ordinal": n, "start": a, "end": b, "paragraph": p, "text": report.text[a:b]}
            | {"repeated": 0}
            for n, (a, b, p) in enumerate(report.spans)
        ],
        "generations": [
            {"id": 1, "number": 1, "made_at": DAY, "documents": 1, "passages": len(report.spans), "fingerprint": sha}
        ],
        "questions": [
            {"id": 1, "asked_at": DAY, "channel": "cli", "question": "Bến Tre có bao nhiêu điểm phục vụ bưu chính?"}
            | {"answer": "77 điểm", "confidence": 0.9, "document_id": "ben-tre", "start": 0, "end": 9}
        ],
        "screens": [{"id": "a1", "user_id": "7", "chat_id": "7", "question": "Bến Tre?", "made_at": DAY}],
        "conversations": [{"chat": 7, "user_id": "7", "turn": 10, "question": "Bến Tre?", "asked_at": DAY}],
        "feedback": [{"id": 1, "given_at": DAY, "user_id": "7", "question": "Bến Tre?", "verdict": "wrong"}],
        "people": [{"user_id": "7", "name": "An", "state": "allowed", "changed_at": DAY}],
        "audit": [{"id": 1, "done_at": DAY, "actor": "7", "act": "add", "subject": "ben-tre"}],
        "versions": [{"id": 1, "document_id": "ben-tre", "sha256": sha, "report": json.dumps(old), "replaced_at": DAY}],
    }


if __name__ == "__main__":
    main()
