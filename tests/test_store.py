"""The store, on SQLite and PostgreSQL: whole reports or nothing, everything recomputable, clear errors."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from bots import kept
from sqlalchemy import create_engine, event, func, select, text, update

from corpus.checking import check
from corpus.database import open_engine, writing
from corpus.desk import decided
from corpus.errors import StoreError
from corpus.load import bundled, make
from corpus.records import Facts, Report
from corpus.rows import log_question
from corpus.schema import documents, people
from corpus.store import Store

ROOT = Path(__file__).parent.parent


@pytest.fixture
def store(address: str):
    opened = Store.open(address)
    yield opened
    opened.close()


def report(name: str = "a.txt", text: str = "Tỉnh Hậu Giang có 35 trạm BTS."):
    return make(name, text.encode(), {})


def spoil(address: str, statement: str, value: object) -> None:
    """Change the database behind the store's back."""
    engine = create_engine(address)
    with engine.begin() as connection:
        assert connection.execute(text(statement), {"value": value}).rowcount > 0
    engine.dispose()


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


def test_a_version_that_became_another_document_is_not_brought_back(store: Store) -> None:
    one, two = "Tỉnh Hậu Giang có 35 trạm BTS.", "Tỉnh Hậu Giang có 36 trạm BTS."
    for file, words in (("a.txt", one), ("a.txt", two), ("b.txt", one)):
        store.put(report(file, words))
    with pytest.raises(StoreError, match="nay là tài liệu “b”"):
        store.undo("a")
    store.remove(["b"])
    assert store.undo("a").text == one


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
    kept(store, log_question, "cli", None, "câu hỏi", None, "lý do", 0.0, None)
    assert store.fingerprint() == seen[-1]
    assert len(set(seen)) == 3
    store.remove(["a"])
    assert store.fingerprint() == seen[0]


def test_questions_are_kept_newest_first(store: Store) -> None:
    kept(store, log_question, "cli", None, "một", "35 trạm", None, 0.9, ("a", 1, 2))
    kept(store, log_question, "telegram", "42", "hai", None, "không nói đến", 0.1, None)
    last, first = store.questions()
    assert (last.user, last.answer, last.place) == ("42", None, None)
    assert (first.channel, first.answer, first.place) == ("cli", "35 trạm", ("a", 1, 2))


def test_writers_do_not_lose_each_others_changes(address: str) -> None:
    Store.open(address).close()

    def work(name: str) -> None:
        own = Store.open(address)
        for number in range(10):
            own.put(report(f"{name}{number}.txt", f"Tỉnh có {name} {number} trạm phát sóng."))
        own.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store.open(address)
    assert store.counts()["documents"] == 40
    store.close()


def test_of_200_changes_to_what_was_read_none_is_lost(address: str) -> None:
    first = Store.open(address)
    kept(first, decided, "1", "0", "allowed", "1")
    first.close()

    def work() -> None:
        engine = open_engine(address)
        for _ in range(50):
            with writing(engine) as connection:
                read = connection.execute(select(people.c.name)).scalar_one()
                connection.execute(update(people).values(name=str(int(read) + 1)))
        engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store.open(address)
    assert store.desk.allowed()[0].name == "200"
    store.close()


def test_a_reader_sees_one_state(store: Store) -> None:
    store.put(report())
    count = select(func.count()).select_from(documents)
    with store._reading() as connection:
        before = connection.execute(count).scalar()
        store.put(report("b.txt", "Có nhiều trạm phát sóng."))
        assert connection.execute(count).scalar() == before
    assert store.counts()["documents"] == 2


def test_text_sorts_by_code_points_whatever_the_language(store: Store) -> None:
    names = ["an", "Zung", "Ánh", "Đặng", "a-n", "a n", "dung", "Bình"]
    for number, name in enumerate(names):
        kept(store, decided, str(number), name, "allowed", "1")
    assert [person.name for person in store.desk.allowed()] == sorted(names)


def test_what_databases_refuse_in_text_is_replaced(store: Store) -> None:
    kept(store, log_question, "cli", "7\0", "Hậu\0 Giang \ud800?", None, "lý do", 0.0, None)
    assert store.questions()[0].question == "Hậu\ufffd Giang \ufffd?"
    given = Report("a.txt", b"x", "Có\0 35 trạm.", Facts("a\0"), ((4, 12, 0),))
    store.put(given)
    (passage,) = store.passages("a")
    text = store.document("a").text
    assert (text, passage.text) == ("Có\ufffd 35 trạm.", text[4:12])


def test_what_was_acknowledged_survives_a_kill(address: str) -> None:
    code = (
        "import sys\nfrom corpus.store import Store\nfrom corpus.load import make\n"
        "store = Store.open(sys.argv[1])\n"
        "for n in range(10**6):\n"
        "    store.put(make(f'{sys.argv[2]}-{n}.txt', f'Lượt {sys.argv[2]}: {n} trạm phát sóng.'.encode(), {}))\n"
        "    print(n, flush=True)\n"
    )
    kept = 0
    for kill in range(8):
        command = [sys.executable, "-c", code, address, f"lan{kill}"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            for _ in range(3 + kill):
                child.stdout.readline()
            child.kill()
            kept += 3 + kill
    store = Store.open(address)
    assert store.counts()["documents"] >= kept
    assert list(check(store)) == []
    store.close()


def test_check_finds_each_kind_of_damage(address: str) -> None:
    damages = (
        ("UPDATE originals SET data = :value", b"khac", "sha256"),
        ("UPDATE documents SET text = :value", "Văn bản khác hẳn đã bị sửa đổi.", "không khớp tệp gốc"),
        ("UPDATE passages SET text = :value", "Đoạn đã bị sửa.", "nguyên văn"),
        ("UPDATE passages SET start = :value", 3, "đoạn"),
    )
    store = Store.open(address)
    for statement, value, says in damages:
        store.put(report())
        assert list(check(store)) == []
        spoil(address, statement, value)
        assert any(says in complaint for complaint in check(store)), statement
        store.remove(["a"])
    store.close()


def test_a_lock_held_too_long_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.database.BUSY_MS", 50)
    one, two = Store.open(address), Store.open(address)
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


def test_a_newer_schema_is_refused_untouched(address: str) -> None:
    Store.open(address).close()
    spoil(address, "UPDATE alembic_version SET version_num = :value", "9999")
    with pytest.raises(StoreError, match="mới hơn"):
        Store.open(address)


# SQLite's index of an expression is held to by the test after this one.
@pytest.mark.filterwarnings("ignore:.* expression-based index .?ix_documents_length")
def test_migrations_make_the_schema(blank: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from corpus.migrating import config
    from corpus.schema import HEAD, metadata

    engine = open_engine(blank)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_a_text_is_not_compared_with_all_others(tmp_path: Path) -> None:
    """A million passages are thousands of texts: to read them all for each new one took longer than all else."""
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    store = Store(engine)
    assert store.put(report())[0] == "added"
    assert store.put(replace(report("b.txt"), data=b"other bytes"))[1].id == "a"
    looked = [sql for sql in asked if "WHERE" in sql and "documents.text" in sql.split("WHERE")[1]]
    assert looked
    with engine.connect() as connection:
        for sql in looked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?")).all()
            assert "USING INDEX ix_documents_length" in plan[0].detail
    store.close()


def test_two_processes_may_create_one_database(blank: str) -> None:
    code = "import sys\nfrom corpus.store import Store\nStore.open(sys.argv[1]).close()"
    command = [sys.executable, "-c", code, blank]
    children = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [child.communicate()[1] for child in children]
    assert [child.returncode for child in children] == [0] * 4, said
