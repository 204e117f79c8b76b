"""What only SQLite does: one private file, backups of it, a full disk, older files brought up to date."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from corpus.checking import check
from corpus.database import open_engine
from corpus.errors import StoreError
from corpus.load import bundled, make
from corpus.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "hoidap.db"


@pytest.fixture
def store(path: Path):
    opened = Store.open(f"sqlite:///{path}")
    yield opened
    opened.close()


def report(name: str = "a.txt", text: str = "Tỉnh Hậu Giang có 35 trạm BTS."):
    return make(name, text.encode(), {})


def test_backup_is_whole_private_and_writes_over_nothing(store: Store, tmp_path: Path) -> None:
    for given in bundled():
        store.put(given)
    copy = tmp_path / "copy.db"
    store.backup(copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    restored = Store.open(f"sqlite:///{copy}")
    assert restored.fingerprint() == store.fingerprint()
    restored.close()
    with pytest.raises(StoreError, match="đã có"):
        store.backup(copy)
    with pytest.raises(StoreError):
        store.backup(tmp_path / "nowhere" / "copy.db")
    assert [p.name for p in tmp_path.glob("*.tmp")] == []


def test_files_are_private(store: Store, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_full_disk_is_told_and_loses_nothing(store: Store, path: Path) -> None:
    store.put(report())
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.rollback()
    with pytest.raises(StoreError, match="Đĩa đầy"):
        store.put(report("b.txt", "Có nhiều trạm phát sóng. " * 5000))
    assert [d.id for d in store.documents()] == ["a"]
    assert list(check(store)) == []


def test_files_that_are_no_database_get_one_line(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"This is no database at all. " * 100)
    with pytest.raises(StoreError, match="không phải cơ sở dữ liệu"):
        Store.open(f"sqlite:///{other}")
    assert other.read_bytes().startswith(b"This is no")
    with pytest.raises(StoreError):
        Store.open(f"sqlite:///{tmp_path}")


_NEWER = {"documents": ("origins", "recipe", "stamp", "site"), "passages": ("page", "heading", "row", "repeated")}


def test_an_older_schema_is_backed_up_and_migrated(path: Path) -> None:
    """A database from before facts had origins."""
    store = Store.open(f"sqlite:///{path}")
    store.put(report())
    store.close()
    with closing(sqlite3.connect(path)) as old, old:
        for table in ("screens", "feedback", "people", "audit", "versions", "inbox", "outbox", "conversations"):
            old.execute(f"DROP TABLE {table}")
        old.execute("DROP INDEX ix_documents_site")
        old.execute("DROP INDEX ix_passages_text")
        old.execute("DROP INDEX ix_documents_length")
        for table, columns in _NEWER.items():
            for column in columns:
                old.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        old.execute("UPDATE alembic_version SET version_num = '0001'")
    again = Store.open(f"sqlite:///{path}")
    assert again.document("a").origins == ()
    assert again.put(report())[0] == "replaced"  # now with the origins of its facts
    again.close()
    copy = sqlite3.connect(path.with_name("hoidap.db.0001.bak"))
    assert copy.execute("SELECT count(*) FROM documents").fetchone() == (1,)
    copy.close()


def test_foreign_keys_are_held_to(path: Path) -> None:
    engine = open_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()
