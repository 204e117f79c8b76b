"""A frozen database of every schema there was: opened, backed up and brought up to date with every row."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from bots import kept

from bot.config import load_settings
from bot.wiring import Program
from corpus.errors import StoreError
from corpus.migrating import config
from corpus.rows import log_question
from corpus.schema import HEAD
from corpus.store import Store
from index.records import Question

FROZEN = Path(__file__).parent / "data/schemas"
OLD = sorted(path.stem for path in FROZEN.glob("*.sql"))
OLDER = [revision for revision in OLD if revision != HEAD]
Rows = dict[str, list[dict[str, object]]]


def thaw(revision: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as made:
        made.executescript((FROZEN / f"{revision}.sql").read_text("utf-8"))


def rows(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as made:
        made.row_factory = sqlite3.Row
        tables = [row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [dict(row) for row in made.execute(f"SELECT * FROM {table}")]
            for table in tables
            if table != "alembic_version"
        }


def test_every_schema_before_this_one_is_frozen() -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    assert known - {HEAD} <= set(OLD) <= known, "run tools/freeze.py"


@pytest.mark.parametrize("revision", OLD)
def test_it_is_backed_up_and_loses_nothing(revision: str, tmp_path: Path) -> None:
    path = tmp_path / "home" / "hoidap.db"
    thaw(revision, path)
    before = rows(path)
    assert all(before.values())
    Store.open(f"sqlite:///{path}").close()
    after = rows(path)
    for table, old in before.items():
        assert [{name: now[name] for name in was} for was, now in zip(old, after[table], strict=True)] == old, table
    copy = path.with_name(f"hoidap.db.{revision}.bak")
    assert copy.exists() == (revision != HEAD)
    if copy.exists():
        assert rows(copy) == before
    with closing(sqlite3.connect(path)) as made:
        assert made.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert made.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("revision", OLD)
def test_what_it_held_is_answered_and_added_to(revision: str, tmp_path: Path) -> None:
    thaw(revision, tmp_path / "hoidap.db")
    program = Program(load_settings({"HOIDAP_HOME": str(tmp_path), "HOIDAP_EMBEDDINGS": "off"}))
    program.prepare(lambda text: None)
    asked = "Bến Tre năm 2018 có bao nhiêu điểm phục vụ bưu chính?"
    assert program.ask(Question(asked)).answer == "77 điểm phục vụ bưu chính"
    kept(program.store, log_question, "cli", None, asked, "77 điểm phục vụ bưu chính", None, 1.0, None)
    assert program.store.counts()["questions"] == 2
    program.store.close()


@pytest.mark.parametrize("revision", OLDER)
def test_a_migration_that_is_broken_off_changes_nothing(
    revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hoidap.db"
    thaw(revision, path)
    before = rows(path)
    counted = iter([{"documents": 1}, {"documents": 0}])
    monkeypatch.setattr("corpus.migrating._counts", lambda connection: next(counted))
    with pytest.raises(StoreError, match="dữ liệu cũ còn nguyên"):
        Store.open(f"sqlite:///{path}")
    assert rows(path) == before


def test_a_newer_one_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "hoidap.db"
    thaw(OLD[-1], path)
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("UPDATE alembic_version SET version_num = '9999'")
    before = rows(path)
    with pytest.raises(StoreError, match="mới hơn"):
        Store.open(f"sqlite:///{path}")
    assert rows(path) == before
    assert list(tmp_path.glob("*.bak")) == []
