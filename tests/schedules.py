"""Random schedules of a Bot API server's errors: some calls are refused, broken off, or obeyed without a word of it."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import astuple, dataclass

import pytest
from aiohttp import web
from bots import Running, free_port, running
from emulator import Obey
from killing import answered

from bot import fetching, outbox

QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"
_MOST = 12  # errors of a schedule
_PAGE = "<html><body><h1>Bad Gateway</h1></body></html>"
_PATIENCE = 60  # seconds for all answers of a schedule
_LOST = ("lost", "cut", "page")  # the call was obeyed


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the questions of some schedules."""

    schedules: int
    errors: int
    asked: int
    lost: int
    duplicates: int
    replies: int  # of answers that were sent, and lost: each may cost a duplicate
    excess: int  # duplicates beyond those, in one schedule
    disordered: int  # chats

    @property
    def good(self) -> bool:
        return self.lost == self.excess == self.disordered == 0 < self.errors

    @staticmethod
    def of(all: Iterable["Tally"]) -> "Tally":
        return Tally(*map(sum, zip(*map(astuple, all), strict=True)))


class Schedule:
    """Which calls fail, and how: at random, some while after the bot's start and some while questions wait."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._often, self._left = self._dice.uniform(0.1, 0.6), self._dice.randint(1, _MOST)
        self.errors = self.replies = 0

    async def instead(self, request: web.Request, obey: Obey) -> web.Response | None:
        if not self._left or self._dice.random() > self._often:
            return None
        self._left, self.errors = self._left - 1, self.errors + 1
        kind = self._dice.choice(("flood", "error", "gateway", "blocked", "reset", *_LOST))
        if kind not in _LOST:
            return _refusal(kind, request, self._dice)
        # In its turn a call that is obeyed may be refused, then nothing was sent.
        obeyed = await obey(request)
        self.replies += request.match_info["method"] == "sendMessage" and obeyed.status == 200
        return _unheard(kind, request, obeyed)


def _refusal(kind: str, request: web.Request, dice: random.Random) -> web.Response:
    if kind == "flood":
        wait = dice.choice((0.02, 0.1, 0.5, 1))
        told = {"description": f"Too Many Requests: retry after {wait}", "parameters": {"retry_after": wait}}
        return web.json_response({"ok": False, "error_code": 429, **told}, status=429)
    if kind == "error":
        told = {"description": "Internal Server Error"}
        return web.json_response({"ok": False, "error_code": 500, **told}, status=500)
    if kind == "reset":
        request.transport.close()
    status = 403 if kind == "blocked" else 502
    return web.Response(status=status, text=_PAGE, content_type="text/html")


def _unheard(kind: str, request: web.Request, obeyed: web.Response) -> web.Response:
    if kind == "page":
        return web.Response(text=_PAGE, content_type="text/html")
    if kind == "cut":
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(obeyed.body)}\r\n\r\n"
        request.transport.write(head.encode() + obeyed.body[:-5])
    request.transport.close()
    return obeyed


async def run(seeds: Iterable[int], at_once: int = 4) -> Tally:
    """So many bots, each with a server of its own; every other one is called by Telegram."""
    free, seeds = asyncio.Semaphore(at_once), list(seeds)
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in (
            (fetching, "_PAUSES", (0.02, 0.1)),
            (outbox, "PAUSES", (0.02, 0.1)),
            (outbox, "PER_SECOND", 10_000),
            (outbox, "MOST", 10_000),
            (outbox, "_SLACK", 0.01),
        ):
            patch.setattr(module, name, value)
        return Tally.of(await asyncio.gather(*(_run(seed, free) for seed in seeds)))


async def _run(seed: int, free: asyncio.Semaphore) -> Tally:
    async with free:
        more = {"TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{free_port()}/hoi", "TELEGRAM_WEBHOOK_SECRET": "bi-mat_1"}
        schedule = Schedule(seed)
        async with running(TELEGRAM_ALLOWED_IDS="*", instead=schedule.instead, **(more if seed % 2 else {})) as bot:
            return await _asked(bot, schedule, random.Random(seed))


async def _asked(bot: Running, schedule: Schedule, dice: random.Random) -> Tally:
    asked: dict[int, list[int]] = {}
    for _ in range(dice.randint(1, 10)):
        person = dice.randint(1000, 1003)
        asked.setdefault(person, []).append((await bot.emulator.say(person, QUESTION))["message_id"])
        await asyncio.sleep(dice.choice((0, 0.01)))
    wanted = {message for messages in asked.values() for message in messages}
    with suppress(AssertionError):
        await bot.until(lambda: wanted <= set(answered(bot.emulator)), _PATIENCE)
        await bot.until(lambda: bot.store.mailbox.post().unsent == 0, _PATIENCE)
    return _tally(schedule, asked, answered(bot.emulator))


def _tally(schedule: Schedule, asked: dict[int, list[int]], answers: list[int]) -> Tally:
    times = Counter(answers)
    duplicates = sum(times.values()) - len(times)
    orders = [list(dict.fromkeys(answer for answer in answers if answer in messages)) for messages in asked.values()]
    return Tally(
        1,
        schedule.errors,
        sum(map(len, asked.values())),
        sum(message not in times for messages in asked.values() for message in messages),
        duplicates,
        schedule.replies,
        max(0, duplicates - schedule.replies),
        sum(order != sorted(order) for order in orders),
    )
