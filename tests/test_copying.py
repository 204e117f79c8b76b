"""Copying a store: equal row for row whatever was done before, taken up again when broken off, going on afterwards."""

import json
import secrets
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import pytest
from bots import kept
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from servers import PASSWORD, Server
from sqlalchemy import delete, func, select, update

from corpus.checking import check
from corpus.database import writing
from corpus.desk import asked, decided
from corpus.desk import opened as opened_screen
from corpus.errors import StoreError
from corpus.load import bundled, make
from corpus.mailbox import Letter
from corpus.rows import log_question
from corpus.schema import documents, metadata, passages, questions
from corpus.store import Store

Run = Callable[..., "CompletedProcess[str]"]


def opened(kind: str, server: Server, stack: ExitStack) -> Store:
    """An empty store, gone when the stack is."""
    if kind == "sqlite":
        address = f"sqlite:///{stack.enter_context(TemporaryDirectory())}/a.db"
    else:
        address = stack.enter_context(server.database())
    return stack.enter_context(closing(Store.open(address)))


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that a database has."""
    with store._engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def copied(source: Store, target: Store, force: bool = False) -> int:
    return source.copy_to(target, lambda done, of: None, force)


NUMBERS = st.integers(0, 4)


def put(store: Store, file: int, text: int, **facts: str) -> None:
    store.put(make(f"tài liệu {file}.txt", f"Tỉnh Hậu Giang có {text} trạm.\n\nTổng hợp chung".encode(), facts))


def put_page(store: Store, file: int, text: int) -> None:
    put(store, file, text, url="https://tinh.vn/x")


def undo(store: Store, file: int, _: int) -> None:
    with suppress(StoreError):  # no version before, or another document's by now
        store.undo(f"tai-lieu-{file}")


def remove(store: Store, file: int, _: int) -> None:
    if known := [document.id for document in store.documents()]:
        store.remove([known[file % len(known)]])


def ask(store: Store, file: int, text: int) -> None:
    kept(store, log_question, "cli", str(file), f"câu {text}", None, "không rõ", text / 7, ("a", 1, text))


def desk(store: Store, file: int, text: int) -> None:
    kept(store, decided, str(file), f"Người {text}", "allowed", "1", text)
    store.desk.rate(str(file), f"câu {text}", None, "tốt")
    kept(store, opened_screen, secrets.token_hex(8), str(file), "1", f"câu {text}")
    kept(store, asked, file, str(file), text, f"câu {text}")
    store.record_generation(file, text, 0, "f")


def mail(store: Store, file: int, text: int) -> None:
    store.mailbox.take({file: "{}"})
    for letter in store.mailbox.finish(file, [Letter(text, "{}", "k", b"x" * text if text else None)]):
        if file % 2:
            store.mailbox.sent(letter.id, text)


ACTS = st.lists(
    st.tuples(st.sampled_from([put, put_page, undo, remove, ask, desk, mail]), NUMBERS, NUMBERS), max_size=12
)


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
@given(ACTS, ACTS)
@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_both_are_equal_row_for_row_whatever_was_done(kinds: tuple[str, str], server: Server, first, then) -> None:
    with ExitStack() as stack:
        source, target = (opened(kind, server, stack) for kind in kinds)
        for acts in (first, then):
            for act, *numbers in acts:
                act(source, *numbers)
            copied(source, target, force=True)
            assert rows(target) == rows(source)
            assert copied(source, target) == 0
        put(target, 9, 9)
        ask(target, 9, 9)
        desk(target, 9, 9)
        mail(target, 9, 9)
        assert list(check(target)) == []


@pytest.fixture
def pair(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A store with the five bundled reports and questions, an empty one, and short stretches."""
    monkeypatch.setattr("corpus.copying._STRETCH", 7)
    monkeypatch.setattr("corpus.copying._LONG", {"originals": 2, "documents": 2, "versions": 2})
    with closing(Store.open(f"sqlite:///{tmp_path / 'source.db'}")) as source, closing(Store.open(address)) as target:
        for report in bundled():
            source.put(report)
        for number in range(20):
            ask(source, number, number)
        yield source, target


def test_a_copy_broken_off_goes_on(pair: tuple[Store, Store]) -> None:
    source, target = pair
    whole = sum(map(len, rows(source).values()))
    kept = [0]
    for part in (0.55, 0.7, 0.9):

        def break_off(done: int, of: int, part: float = part) -> None:
            if done > part * of:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            source.copy_to(target, break_off)
        kept.append(sum(map(len, rows(target).values())))
        assert kept[-1] > kept[-2]
    assert copied(source, target) == whole - kept[-1] > 0
    assert rows(target) == rows(source)


def test_only_what_is_missing_or_changed_is_put_in(pair: tuple[Store, Store]) -> None:
    source, target = pair
    whole = sum(map(len, rows(source).values()))
    assert copied(source, target) == whole
    with writing(target._engine) as connection:
        connection.execute(update(questions).where(questions.c.id == 3).values(answer="khác"))
        connection.execute(delete(questions).where(questions.c.id == 20))
        connection.execute(update(passages).where(passages.c.ordinal == 1).values(heading="khác"))
    assert copied(source, target) == 2 + 5
    assert rows(target) == rows(source)


def test_numbers_go_on_after_a_copy(pair: tuple[Store, Store]) -> None:
    source, target = pair
    copied(source, target)
    ask(target, 9, 9)
    with target._engine.connect() as connection:
        assert connection.execute(select(func.max(questions.c.id))).scalar() == 21


def test_files_that_changed_places_are_no_conflict(pair: tuple[Store, Store]) -> None:
    source, target = pair
    copied(source, target)
    files = {document.id: document.file for document in source.documents()}
    one, two, *_ = files
    with writing(source._engine) as connection:
        for id, file in ((one, "x"), (two, files[one]), (one, files[two])):
            connection.execute(update(documents).where(documents.c.id == id).values(file=file))
    copied(source, target)
    assert rows(target) == rows(source)


def test_what_only_the_target_has_is_not_lost_unasked(pair: tuple[Store, Store]) -> None:
    source, target = pair
    for strange in (put, ask):
        strange(target, 9, 9)
        before = rows(target)
        with pytest.raises(StoreError, match="--force"):
            copied(source, target)
        assert rows(target) == before
        copied(source, target, force=True)
        assert rows(target) == rows(source)


def test_a_target_written_to_meanwhile_is_told(pair: tuple[Store, Store]) -> None:
    source, target = pair
    with pytest.raises(StoreError, match="thay đổi trong lúc chép"):
        source.copy_to(target, lambda done, of: put(target, done, done))


def test_the_command_copies_by_a_setting_and_never_says_it(hoidap: Run, server: Server, tmp_path: Path) -> None:
    question = "Hậu Giang có bao nhiêu trạm BTS tăng?"
    hoidap("ask", question)
    none = hoidap("copy")
    assert (none.returncode, none.stdout) == (1, "")
    assert "TARGET_DATABASE_URL" in none.stderr
    with server.database("template0") as address:
        wrong = hoidap("copy", TARGET_DATABASE_URL=server.url("khong_co"))
        assert "TARGET_DATABASE_URL" in wrong.stderr
        done = hoidap("copy", TARGET_DATABASE_URL=address)
        again = hoidap("copy", TARGET_DATABASE_URL=address)
        assert (done.returncode, done.stderr, again.returncode, again.stderr) == (0, "", 0, "")
        assert "5 tài liệu" in done.stdout
        assert "vừa chép 0 dòng" in again.stdout
        assert "khớp cơ sở dữ liệu" in hoidap("status", DATABASE_URL=address).stdout
        asked = hoidap("ask", "--json", question, DATABASE_URL=address, HOIDAP_HOME=str(tmp_path / "other"))
        assert json.loads(asked.stdout)["answer"] == "35 trạm"
        assert hoidap("verify", DATABASE_URL=address).returncode == 0
        said = "".join(run.stdout + run.stderr for run in (wrong, done, again, asked))
        assert PASSWORD not in said
