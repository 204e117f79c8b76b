"""How long people wait while something is wrong elsewhere: one floods, a chat must wait, updates are poisoned."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bots import Running, reply, running
from emulator import TOKEN

from index.records import Answer, Question

QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"
_PEOPLE = 40
_EVERY = 0.1  # seconds between two people
_OTHER = 7  # the person or the chat that is the trouble


@dataclass(frozen=True, slots=True)
class Tally:
    """The waits of others for their answers, in seconds, sorted."""

    waits: tuple[float, ...]

    def share(self, part: float) -> float:
        """The wait that so many of them did not exceed."""
        return self.waits[min(len(self.waits) - 1, int(part * len(self.waits)))]


async def flood(bot: Running) -> None:
    """One person asks two hundred times."""
    for _ in range(200):
        await bot.emulator.say(_OTHER, QUESTION)


async def limit(bot: Running) -> None:
    """Telegram lets one chat wait for an hour."""
    told = "Too Many Requests: retry after 3600"
    bot.emulator.fail("sendMessage", 429, told, times=50, chat=_OTHER, retry_after=3600)
    for _ in range(15):
        await bot.emulator.say(_OTHER, QUESTION)


async def poison(bot: Running) -> None:
    """Updates that fail whenever they are handled, and such as cannot be read."""
    for person in range(_OTHER, _OTHER + 20):
        await bot.emulator.say(person, "nổ")
        await bot.emulator.enqueue_update({"message": {"chat": {"id": person}, "text": 5}}, token=TOKEN)


TROUBLES: dict[str, Callable[[Running], Awaitable[None]]] = {
    "one person asks 200 times at once": flood,
    "one chat must wait for an hour (429)": limit,
    "20 updates that fail whenever they are handled, 20 that cannot be read": poison,
}


async def waits(trouble: Callable[[Running], Awaitable[None]], people: int = _PEOPLE) -> Tally:
    """Others ask from the moment of the trouble on, ten a second. Raises AssertionError when one gets no answer."""
    async with running(_ask, TELEGRAM_ALLOWED_IDS="*") as bot:
        await bot.emulator.say(_OTHER + 10_000, QUESTION)
        await bot.answers(_OTHER + 10_000)
        await trouble(bot)
        asked = {}
        for person in range(1000, 1000 + people):
            asked[person] = time.monotonic()
            await bot.emulator.say(person, QUESTION)
            await asyncio.sleep(_EVERY)
        await bot.until(lambda: all(bot.emulator.sent(person) for person in asked), 60)
        answered: dict[int, float] = {}
        for (name, fields), at in zip(bot.emulator.calls, bot.emulator.times, strict=True):
            if name == "sendMessage":
                answered.setdefault(int(fields["chat_id"]), at)
    return Tally(tuple(sorted(answered[person] - at for person, at in asked.items())))


def _ask(question: Question) -> Answer:
    if "nổ" in question.text:
        raise RuntimeError("boom")
    return reply(question)
