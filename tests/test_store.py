"""The store: whole reports or nothing, one document for the same bytes, everything recomputable, clear errors."""

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from corpus.checking import check
from corpus.database import open_engine, writing
from corpus.errors import StoreError
from corpus.load import bundled, make
from corpus.store import Store

ROOT = Path(__file__).parent.parent


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


def spoil(path: Path, statement: str, *values: object) -> None:
    """Change the database behind the store's back."""
    connection = sqlite3.connect(path)
    assert connection.execute(statement, values).rowcount > 0
    connection.commit()
    connection.close()


def test_what_is_put_comes_back(store: Store) -> None:
    for given in bundled():
        status, document = store.put(given)
        assert status == "added"
        assert (document.text, document.facts) == (given.text, given.facts)
        assert store.original(document.sha256) == given.data
        assert [p.text for p in store.passages(document.id)] == [given.text[a:b] for a, b, _ in given.spans]
    assert [d.id for d in store.documents()] == [d.id for d, _ in store.listing()]
    assert list(check(store)) == []


def test_same_replaced_and_renamed(store: Store) -> None:
    assert store.put(report())[0] == "added"
    assert store.put(report())[0] == "same"
    assert store.put(report("b.txt"))[1].id == "a"
    status, document = store.put(report(text="Tỉnh Hậu Giang có 36 trạm BTS."))
    assert (status, document.id) == ("replaced", "a")
    assert store.counts()["documents"] == 1
    assert [p.text for p in store.passages()] == ["Tỉnh Hậu Giang có 36 trạm BTS."]


def test_facts_given_later_replace(store: Store) -> None:
    store.put(report())
    again = make("a.txt", "Tỉnh Hậu Giang có 35 trạm BTS.".encode(), {"period": "2016"})
    assert store.put(again)[0] == "replaced"
    assert store.document("a").facts.period == "2016"


def test_names_with_one_slug_get_numbers(store: Store) -> None:
    ids = [
        store.put(report(name, f"Có {n} trạm phát sóng."))[1].id
        for n, name in enumerate(("Báo cáo.txt", "bao cao.txt", "…….txt"))
    ]
    assert ids == ["bao-cao", "bao-cao-2", "tai-lieu"]


def test_remove_is_all_or_nothing(store: Store) -> None:
    store.put(report("a.txt", "Có một trạm ở đây."))
    store.put(report("b.txt", "Có hai trạm ở đây."))
    with pytest.raises(StoreError, match="“c”"):
        store.remove(["a", "c"])
    assert store.counts()["documents"] == 2
    store.remove(["a", "b"])
    assert store.counts()["documents"] == store.counts()["passages"] == 0
    with pytest.raises(StoreError):
        store.original("0" * 64)


def test_fingerprint_follows_documents_and_facts(store: Store) -> None:
    seen = [store.fingerprint()]
    store.put(report())
    seen.append(store.fingerprint())
    store.put(make("a.txt", report().data, {"period": "2016"}))
    seen.append(store.fingerprint())
    store.log_question("cli", None, "câu hỏi", None, "lý do", 0.0, None)
    assert store.fingerprint() == seen[-1]
    assert len(set(seen)) == 3
    store.remove(["a"])
    assert store.fingerprint() == seen[0]


def test_questions_are_kept_newest_first(store: Store) -> None:
    store.log_question("cli", None, "một", "35 trạm", None, 0.9, ("a", 1, 2))
    store.log_question("telegram", "42", "hai", None, "không nói đến", 0.1, None)
    last, first = store.questions()
    assert (last.user, last.answer, last.place) == ("42", None, None)
    assert (first.channel, first.answer, first.place) == ("cli", "35 trạm", ("a", 1, 2))


def test_writers_do_not_lose_each_others_changes(path: Path) -> None:
    Store.open(f"sqlite:///{path}").close()

    def work(name: str) -> None:
        own = Store.open(f"sqlite:///{path}")
        for number in range(10):
            own.put(report(f"{name}{number}.txt", f"Tỉnh có {name} {number} trạm phát sóng."))
        own.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store.open(f"sqlite:///{path}")
    assert store.counts()["documents"] == 40
    store.close()


def test_what_was_acknowledged_survives_a_kill(path: Path) -> None:
    code = (
        "import sys\nfrom corpus.store import Store\nfrom corpus.load import make\n"
        "store = Store.open(sys.argv[1])\n"
        "for n in range(10**6):\n"
        "    store.put(make(f'{sys.argv[2]}-{n}.txt', f'Lượt {sys.argv[2]}: {n} trạm phát sóng.'.encode(), {}))\n"
        "    print(n, flush=True)\n"
    )
    kept = 0
    for kill in range(8):
        command = [sys.executable, "-c", code, f"sqlite:///{path}", f"lan{kill}"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            for _ in range(3 + kill):
                child.stdout.readline()
            child.kill()
            kept += 3 + kill
    store = Store.open(f"sqlite:///{path}")
    assert store.counts()["documents"] >= kept
    assert list(check(store)) == []
    store.close()


def test_check_finds_each_kind_of_damage(path: Path) -> None:
    damages = (
        ("UPDATE originals SET data = ?", b"khac", "sha256"),
        ("UPDATE documents SET text = ?", "Văn bản khác hẳn đã bị sửa đổi.", "không khớp tệp gốc"),
        ("UPDATE passages SET text = ?", "Đoạn đã bị sửa.", "nguyên văn"),
        ("UPDATE passages SET start = ?", 3, "đoạn"),
    )
    for number, (statement, value, says) in enumerate(damages):
        own = path.with_name(f"{number}.db")
        store = Store.open(f"sqlite:///{own}")
        store.put(report())
        assert list(check(store)) == []
        spoil(own, statement, value)
        assert any(says in complaint for complaint in check(store)), statement
        store.close()


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


def test_a_lock_held_too_long_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.database.BUSY_MS", 50)
    one, two = Store.open(f"sqlite:///{path}"), Store.open(f"sqlite:///{path}")
    with writing(one._engine), pytest.raises(StoreError, match="đang bận"):
        two.put(report())
    one.close()
    two.close()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("không phải địa chỉ", "DATABASE_URL"),
        ("nothing://user:matkhau@host/db", "DATABASE_URL"),
        ("sqlite:////proc/nowhere/hoidap.db", "quyền ghi"),
    ],
)
def test_bad_addresses_get_one_line_without_the_password(address: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as caught:
        Store.open(address)
    assert "\n" not in str(caught.value)
    assert "matkhau" not in str(caught.value)


def test_files_that_are_no_database_get_one_line(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"This is no database at all. " * 100)
    with pytest.raises(StoreError, match="không phải cơ sở dữ liệu"):
        Store.open(f"sqlite:///{other}")
    assert other.read_bytes().startswith(b"This is no")
    with pytest.raises(StoreError):
        Store.open(f"sqlite:///{tmp_path}")


def test_a_newer_schema_is_refused_untouched(path: Path) -> None:
    Store.open(f"sqlite:///{path}").close()
    spoil(path, "UPDATE alembic_version SET version_num = ?", "9999")
    with pytest.raises(StoreError, match="mới hơn"):
        Store.open(f"sqlite:///{path}")


def test_migrations_make_the_schema(path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from corpus.database import _config
    from corpus.schema import HEAD, metadata

    engine = open_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()
    assert ScriptDirectory.from_config(_config()).get_current_head() == HEAD


_NEWER = {"documents": ("origins", "recipe", "stamp", "site"), "passages": ("page", "heading", "row", "repeated")}


def test_an_older_schema_is_backed_up_and_migrated(path: Path) -> None:
    """A database from before facts had origins."""
    store = Store.open(f"sqlite:///{path}")
    store.put(report())
    store.close()
    with closing(sqlite3.connect(path)) as old, old:
        for table in ("screens", "feedback", "people", "audit", "versions", "inbox", "outbox"):
            old.execute(f"DROP TABLE {table}")
        old.execute("DROP INDEX ix_documents_site")
        old.execute("DROP INDEX ix_passages_text")
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


def test_two_processes_may_create_one_database(path: Path) -> None:
    code = "import sys\nfrom corpus.store import Store\nStore.open(sys.argv[1]).close()"
    command = [sys.executable, "-c", code, f"sqlite:///{path}"]
    children = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [child.communicate()[1] for child in children]
    assert [child.returncode for child in children] == [0] * 4, said
