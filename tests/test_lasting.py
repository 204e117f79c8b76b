"""Running for months: nothing grows, nothing that was begun is lost at a stop, and clocks may jump."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from bots import ADMIN, USER, Running, process, reply, running
from emulator import Emulator

from bot import inbox, outbox, reindexing, service
from bot.config import load_settings
from bot.wiring import Program
from index.records import Question

QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"
SWITCHES = 50
ASKED = 20  # between two switches
_SLACK = 15  # MiB in which the allocator may differ; fifty generations that stayed take more
_PUBLISHER = """
import sys
from bot.config import load_settings
from bot.wiring import Program
program = Program(load_settings())
for line in sys.stdin:
    print(program.reindex(force=True, anew=True).number, flush=True)
"""


def taken() -> tuple[int, int, int, float]:
    """Descriptors, threads, generations that are mapped, and MiB in memory."""
    gc.collect()
    maps = Path("/proc/self/maps").read_text("utf-8")
    mapped = {line.split("/generations/")[1].split("/")[0] for line in maps.splitlines() if "/generations/" in line}
    resident = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), len(mapped), resident / 2**20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counted in /proc")
@pytest.mark.parametrize("engine", ["rank-bm25", "tantivy"])
def test_a_thousand_questions_and_fifty_generations_leave_nothing(tmp_path: Path, engine: str) -> None:
    given = {"HOIDAP_HOME": str(tmp_path), "HOIDAP_EMBEDDINGS": "off", "HOIDAP_ENGINE": engine}
    asking = Program(load_settings(given))
    asking.prepare(lambda text: None)
    asking.serving.examine_from_now_on()
    publisher = subprocess.Popen(  # as in life: an index is made by another process
        [sys.executable, "-c", _PUBLISHER], env={**os.environ, **given}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def switch_and_ask() -> int:
        publisher.stdin.write(b"\n")
        publisher.stdin.flush()
        number = int(publisher.stdout.readline())
        for _ in range(ASKED):
            assert asking.ask(Question(QUESTION)).answer == "35 trạm"
        return number

    for _ in range(5):
        switch_and_ask()
    before = taken()
    for _ in range(SWITCHES):
        switch_and_ask()
    after = taken()
    assert asking.generation().number == switch_and_ask() - 1
    publisher.communicate()
    assert after[0] <= before[0] + 2, "descriptors"
    assert after[1] <= before[1] + 2, "threads"
    assert after[2] <= 2, "generations that are mapped"
    assert after[3] <= before[3] + _SLACK, "memory"


async def test_a_stop_waits_for_answers_under_way_but_not_long(tmp_path: Path) -> None:
    """Questions are being answered and an index is being made; every answer arrives, or its question is taken up."""
    async with Emulator() as emulator:
        bot = Running(emulator)
        child = await process(emulator.url, tmp_path)
        await emulator.say(USER, QUESTION)
        await bot.answers(USER)
        await emulator.say(ADMIN, "/reindex")
        await bot.answers(ADMIN)
        people = range(1000, 1020)
        for person in people:
            await emulator.say(person, QUESTION)
        await bot.until(lambda: any(emulator.sent(person) for person in people))
        child.send_signal(signal.SIGTERM)
        await asyncio.wait_for(child.communicate(), 30)
        assert child.returncode == 0
        again = await process(emulator.url, tmp_path)
        await bot.until(lambda: all(emulator.sent(person) for person in people), 60)
        again.send_signal(signal.SIGTERM)
        await again.communicate()
        assert all(len(emulator.sent(person)) == 1 for person in people)


_HANGING = """
import time
from bot.wiring import Program
ask = Program.ask
def hang(self, question):
    if "chậm" in question.text:
        time.sleep(600)
    return ask(self, question)
Program.ask = hang
"""


async def test_a_stop_does_not_wait_for_what_hangs_and_its_question_is_answered_later(tmp_path: Path) -> None:
    async with Emulator() as emulator:
        bot = Running(emulator)
        child = await process(emulator.url, tmp_path, mutant=_HANGING)
        await emulator.say(ADMIN, f"chậm: {QUESTION}")
        await emulator.say(USER, QUESTION)
        await bot.answers(USER)
        await bot.until(lambda: any(name == "sendChatAction" for name, _ in emulator.calls))
        child.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(child.communicate(), 60)  # not 600
            assert child.returncode == 0
        finally:
            if child.returncode is None:
                child.kill()
        again = await process(emulator.url, tmp_path)
        assert "35 trạm" in (await bot.answers(ADMIN))[0]
        again.send_signal(signal.SIGTERM)
        await again.communicate()
        assert [len(emulator.sent(person)) for person in (ADMIN, USER)] == [1, 1]


def test_the_parts_of_a_stop_end_before_the_whole() -> None:
    assert inbox.GRACE + reindexing.GRACE + outbox.GRACE < service.STOPPING <= 10


@pytest.mark.parametrize("jump", [-10 * 365 * 86400, 10 * 365 * 86400])
async def test_a_clock_that_jumps_changes_no_duration(monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    """Follow-ups, limits and the pace of edits count on a clock that never jumps."""
    seen: list[str] = []

    def ask(question: Question):
        seen.append(question.text)
        return reply(question)

    wall = time.time
    async with running(ask=ask) as bot:
        for _ in range(19):
            await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER, 19)
        monkeypatch.setattr(time, "time", lambda: wall() + jump)
        await bot.emulator.say(USER, "còn An Giang thì sao?", date=int(wall()))
        await bot.answers(USER, 20)
        assert seen[-1] == QUESTION.replace("Hậu Giang", "An Giang"), "the question before is forgotten"
        await bot.emulator.inline(USER, QUESTION)
        await bot.until(lambda: any(name == "answerInlineQuery" for name, _ in bot.emulator.calls))
        (inline,) = [fields for name, fields in bot.emulator.calls if name == "answerInlineQuery"]
        assert "article" in str(inline["results"]), "a clock that was put back holds somebody up"
        await bot.emulator.say(USER, "Hậu Giang?", date=int(wall()))
        assert "quá nhanh" in (await bot.answers(USER, 21))[20], "the limit is forgotten"
