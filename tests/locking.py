"""A database that another process locks while questions come: the loop's stall, what people read, what is lost."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bots import Running, running

QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"
BUSY = "đang bận"
_FIRST = 1000  # the first person's id
_TICK = 0.002  # seconds between two beats
_LOCK = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
held.execute("COMMIT")
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of questions that came while the database was locked."""

    seconds: float
    asked: int
    told: int  # were told that it is locked, while it was
    wait: float  # seconds until the first was told
    lost: int
    twice: int
    stall: float  # seconds: the longest that the event loop did not turn
    before: float  # the same before the lock, for as long: what the machine itself does

    @property
    def good(self) -> bool:
        return self.told > 0 == self.lost == self.twice


class Heart:
    """Beats in an event loop; `longest` is the longest time between two beats, less the time that was meant."""

    longest = 0.0

    @contextmanager
    def beating(self) -> Iterator[None]:
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()

    async def _beat(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_TICK)
            self.longest = max(self.longest, time.perf_counter() - begun - _TICK)


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Another process holds the lock for writing."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", _LOCK, path, stdin=pipe, stdout=pipe)
    assert await child.stdout.readline() == b"locked\n"
    try:
        yield
    finally:
        child.stdin.close()
        await child.wait()


async def lock(seconds: float, every: float = 0.5) -> Tally:
    """Lock a polling bot's database for so long, while questions come, each from another person."""
    async with running(TELEGRAM_ALLOWED_IDS="*") as bot:
        idle, heart = Heart(), Heart()
        with idle.beating():
            await _ask(bot, _FIRST, seconds, every)
        await _settled(bot)
        begun, first = time.monotonic(), _FIRST + 10_000
        async with locked(Path(bot.store._engine.url.database)):
            with heart.beating():
                asked = await _ask(bot, first, seconds, every)
            told = sum(any(BUSY in text for text in bot.emulator.sent(person)) for person in asked)
        wait = min((at - begun for at, text in _texts(bot) if BUSY in text), default=0.0)
        await bot.until(lambda: all(_answers(bot, person) for person in asked), 120)
        await _settled(bot)
    answers = [_answers(bot, person) for person in asked]
    lost, twice = answers.count(0), sum(number > 1 for number in answers)
    return Tally(seconds, len(asked), told, wait, lost, twice, heart.longest, idle.longest)


async def _ask(bot: Running, first: int, seconds: float, every: float) -> range:
    people = range(first, first + max(1, round(seconds / every)))
    for person in people:
        await bot.emulator.say(person, QUESTION)
        await asyncio.sleep(every)
    return people


async def _settled(bot: Running) -> None:
    await bot.until(lambda: bot.store.mailbox.post().waiting == bot.store.mailbox.post().unsent == 0, 60)


def _answers(bot: Running, person: int) -> int:
    return sum(BUSY not in text for text in bot.emulator.sent(person))


def _texts(bot: Running) -> list[tuple[float, str]]:
    calls = zip(bot.emulator.times, bot.emulator.calls, strict=True)
    return [(at, fields["text"]) for at, (name, fields) in calls if name == "sendMessage"]
