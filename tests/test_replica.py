"""Two homes, one PostgreSQL: what one machine adds, the bot of the other answers from, without being asked to."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bots import USER, Running, process
from emulator import Emulator
from servers import PASSWORD, Server

from bot.config import load_settings
from bot.replica import Replica, following
from bot.wiring import Program
from corpus.load import make

REPORT = "Báo cáo năm 2018 của tỉnh Bến Tre.\n\nToàn tỉnh có 77 điểm phục vụ bưu chính."
QUESTION = "Bến Tre năm 2018 có bao nhiêu điểm phục vụ bưu chính?"


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    with server.database() as made:
        yield made


@pytest.fixture
def here(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The program of this machine, with an index of the five bundled reports; its child processes know its home."""
    given = {"HOIDAP_HOME": str(tmp_path / "here"), "DATABASE_URL": url, "HOIDAP_EMBEDDINGS": "off"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with closing(Program(load_settings(given))) as program:
        program.prepare(lambda text: None)
        yield program


@pytest.fixture
def there(here: Program, url: str, tmp_path: Path) -> Iterator[Program]:
    """Another machine's."""
    given = {"HOIDAP_HOME": str(tmp_path / "there"), "DATABASE_URL": url, "HOIDAP_EMBEDDINGS": "off"}
    with closing(Program(load_settings(given))) as program:
        program.prepare(lambda text: None)
        yield program


def add(program: Program, name: str, text: str = REPORT) -> None:
    program.store.put(make(name, text.encode(), {}))
    program.reindex(force=True)


def until(done: Callable[[], object]) -> None:
    for _ in range(600):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("not done")


def documents(program: Program) -> int:
    return len(program.generation().documents)


def listeners(server: Server) -> list[int]:
    with server.admin() as admin:
        found = admin.execute("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        return [pid for (pid,) in found]


def counting(program: Program, tmp_path: Path) -> tuple[list[str], Path]:
    """The reindex command that leaves a line in a file at each run."""
    runs = tmp_path / "runs"
    runs.touch()
    command = ["sh", "-c", f'echo run >> {runs}; exec "$@"', "sh", *program.reindex_command()]
    return command, runs


async def test_a_bot_answers_from_what_another_machine_added(url: str, there: Program, tmp_path: Path) -> None:
    home = tmp_path / "bot"
    home.mkdir()
    async with Emulator() as emulator:
        bot = Running(emulator)
        child = await process(emulator.url, home, DATABASE_URL=url)
        await emulator.say(USER, "hau giang co bao nhieu tram bts tang")
        assert (await bot.answers(USER))[0].startswith("<b>35 trạm</b>")
        await asyncio.to_thread(add, there, "ben-tre.txt")
        current = home / "index" / "CURRENT"
        await bot.until(lambda: current.read_text() == "2", 30)
        await emulator.say(USER, QUESTION)
        assert (await bot.answers(USER, 2))[1].startswith("<b>77 điểm phục vụ bưu chính</b>")
        child.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(child.communicate(), 30)
        assert child.returncode == 0
        assert PASSWORD not in said.decode()


def test_a_lost_listener_comes_back_and_misses_nothing(
    server: Server, here: Program, there: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.replica.AGAIN", 0.1)
    with following(here):
        until(lambda: listeners(server))
        (first,) = listeners(server)
        with server.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (first,))
        add(there, "ben-tre.txt")  # told to nobody, or to the new listener
        until(lambda: documents(here) == 6)
        until(lambda: listeners(server))
        assert listeners(server) != [first]
        add(there, "an-giang.txt", REPORT.replace("77", "81"))
        until(lambda: documents(here) == 7)
    assert listeners(server) == []


def test_ones_own_news_and_news_of_nothing_start_no_reindex(
    here: Program, there: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, runs = counting(here, tmp_path)
    looks, stale = [], here.stale
    monkeypatch.setattr(here, "stale", lambda: looks.append(stale()) or looks[-1])
    replica = Replica(here, command)
    replica.start()
    until(lambda: looks == [False])
    add(here, "a.txt", REPORT.replace("77", "80"))
    until(lambda: looks == [False] * 2)
    for number in range(20):
        there.store.record_generation(number, 0, 0, "")
    until(lambda: len(looks) > 2)
    assert runs.read_text() == ""
    add(there, "ben-tre.txt")
    until(lambda: documents(here) == 7)
    replica.stop()
    assert runs.read_text().count("run") == 1


def test_news_that_come_while_one_reindexes_are_one(here: Program, there: Program, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    command, runs = counting(here, tmp_path)
    waiting = ["sh", "-c", f'until [ -e {gate} ]; do sleep 0.1; done; exec "$@"', "sh", *command]
    replica = Replica(here, waiting)
    replica.start()
    for number in range(5):
        add(there, f"{number}.txt", REPORT.replace("77", str(80 + number)))
    gate.touch()
    until(lambda: documents(here) == 10)
    replica.stop()
    assert runs.read_text().count("run") == 1


def test_a_failed_reindex_is_tried_again(
    here: Program, there: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.replica.AGAIN", 0.1)
    once = f'[ -e {tmp_path}/failed ] || {{ touch {tmp_path}/failed; echo "hoidap: Đĩa đầy." >&2; exit 1; }}; exec "$@"'
    replica = Replica(here, ["sh", "-c", once, "sh", *here.reindex_command()])
    replica.start()
    add(there, "ben-tre.txt")
    until(lambda: documents(here) == 6)
    replica.stop()
    assert "hoidap: Đĩa đầy." in caplog.text


def test_a_reindex_ends_with_the_bot(here: Program, there: Program, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = f"import os, pathlib, time; pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(600)"
    replica = Replica(here, [sys.executable, "-c", code])
    replica.start()
    add(there, "ben-tre.txt")
    until(lambda: pid.exists() and pid.read_text())
    replica.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_database_of_one_machine_is_not_listened_to(program: Program) -> None:
    with following(program):
        assert "replica" not in [thread.name for thread in threading.enumerate()]
