"""A bot in a process of its own that is killed again and again while questions wait; what became of every question."""

import asyncio
import json
import random
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bots import Running, free_port, process
from emulator import Emulator

from corpus.store import Store

QUESTION = "hau giang co bao nhieu tram bts tang"
CHATS = 10  # of each round
_FIRST = 10_000  # the first person's id
_PATIENCE = 120  # twentieths of a second
_STEP = 0.04  # seconds between two answers, about


@dataclass(frozen=True)
class Tally:
    """What became of the questions of some kills."""

    kills: int
    asked: int
    lost: int
    duplicates: int
    worst: int  # sent and not yet marked so at one kill: each comes twice
    disordered: int  # chats whose answers came in another order than their questions
    aside: int  # updates that were blamed for a kill

    @property
    def good(self) -> bool:
        return self.lost == self.disordered == 0 and self.duplicates <= self.kills


async def kill_often(
    kills: int, questions: int, home: Path, seed: int = 1, webhook: bool = False, mutant: str = ""
) -> Tally:
    """`questions` come before each of `kills`; after the last one the bot runs until all are answered, or for a while.

    A kill comes at a random time after the bot's start or after one of its answers. `home` is that of a program
    that can answer; `mutant` is Python that the bot runs first.
    """
    dice = random.Random(seed)
    more = {"TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{free_port()}/hoi", "TELEGRAM_WEBHOOK_SECRET": "bi-mat_1"}
    asked: dict[int, list[int]] = {}
    worst = seen = 0
    async with Emulator() as emulator:
        for number in range(kills + 1):
            bot = await process(emulator.url, home, mutant=mutant, **(more if webhook else {}))
            try:
                if number == kills:
                    await _settled(emulator, sum(map(len, asked.values())))
                    break
                await _ask(emulator, questions, _FIRST + number * CHATS, asked)
                await _somewhen(emulator, dice, questions)
            finally:
                bot.kill()
                await bot.communicate()
            await asyncio.sleep(_STEP)  # what was sent to the server arrives
            sent, unmarked = answered(emulator), _unmarked(home)
            worst, seen = max(worst, sum(message in unmarked for message in sent[seen:])), len(sent)
        return _tally(kills, asked, emulator, worst, home)


async def _ask(emulator: Emulator, questions: int, first: int, asked: dict[int, list[int]]) -> None:
    for number in range(questions):
        person = first + number % CHATS
        message = await emulator.say(person, QUESTION)
        asked.setdefault(person, []).append(message["message_id"])


async def _somewhen(emulator: Emulator, dice: random.Random, questions: int) -> None:
    """A random time while questions wait."""
    wanted = len(answered(emulator)) + dice.randrange(questions)
    if dice.random() < 0.1:  # before the first answer
        await asyncio.sleep(2 * dice.random())
        return
    await Running(emulator).until(lambda: len(answered(emulator)) > wanted, 60)
    await asyncio.sleep(_STEP * dice.random())


async def _settled(emulator: Emulator, asked: int) -> None:
    """Until all are answered and no more comes, or a bot that has started says nothing for a while."""
    begun = len(emulator.calls)
    await Running(emulator).until(lambda: len(emulator.calls) > begun, 60)
    seen, quiet = -1, 0
    while quiet < (20 if len(set(answered(emulator))) >= asked else _PATIENCE):
        await asyncio.sleep(0.05)
        quiet = quiet + 1 if len(emulator.calls) == seen else 0
        seen = len(emulator.calls)


def answered(emulator: Emulator) -> list[int]:
    """The question that each answer replies to, in the order in which they came."""
    sent = (fields for name, fields in emulator.calls if name == "sendMessage")
    replies = (emulator.decoded(fields["reply_parameters"]) for fields in sent if fields.get("reply_parameters"))
    return [reply["message_id"] for reply in replies]


def _unmarked(home: Path) -> set[int]:
    """The questions whose answers wait to be sent, as far as the bot that was killed knew."""
    with closing(Store.open(f"sqlite:///{home / 'hoidap.db'}")) as store:
        return {json.loads(queued.letter.body)["reply_to"] for queued in store.mailbox.unsent()}


def _twice(emulator: Emulator) -> int:
    return sum(times - 1 for times in Counter(answered(emulator)).values())


def _tally(kills: int, asked: dict[int, list[int]], emulator: Emulator, worst: int, home: Path) -> Tally:
    answers = answered(emulator)
    came = {message: place for place, message in reversed(list(enumerate(answers)))}
    lost = sum(message not in came for messages in asked.values() for message in messages)
    places = [[came[message] for message in messages if message in came] for messages in asked.values()]
    disordered = sum(place != sorted(place) for place in places)
    with closing(Store.open(f"sqlite:///{home / 'hoidap.db'}")) as store:
        aside = store.mailbox.post().dead
    return Tally(kills, sum(map(len, asked.values())), lost, _twice(emulator), worst, disordered, aside)
