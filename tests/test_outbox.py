"""Letters on their way out: what is sent again, what never, what waits, and what a new start finds."""

import asyncio
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot import outbox
from bot.outbox import Outbox
from bot.sending import letters
from bot.writer import Writer
from corpus.store import Store

os.environ.setdefault("PTB_TIMEDELTA", "1")  # as bot.service does


class FakeBot:
    """Fails as told, then takes the message."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.texts = list(errors), []

    async def send_message(self, chat: int, text: str, **options: object) -> object:
        self.texts.append(text)
        if self.errors:
            raise self.errors.pop(0)
        return type("Message", (), {"message_id": 5})()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'a.db'}")


async def sent(store: Store, bot: FakeBot, done: Callable[[], bool]) -> None:
    """Run an outbox over what the store has until something is so."""
    writer = Writer()
    box = Outbox(bot, store.mailbox, writer)  # type: ignore[arg-type]
    await box.open()
    for _ in range(1000):
        if done():
            break
        await asyncio.sleep(0.01)
    await box.close()
    writer.close()
    assert done()


def state(store: Store) -> list[tuple[str, int | None]]:
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT state, message_id FROM outbox ORDER BY id")
        return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize(
    ("error", "calls", "result"),
    [
        (NetworkError("Bad Gateway"), 2, ("sent", 5)),
        (TimedOut(), 2, ("sent", 5)),
        (RetryAfter(timedelta()), 2, ("sent", 5)),
        (BadRequest("chat not found"), 1, ("failed", None)),
        (Forbidden("blocked"), 1, ("failed", None)),
        (ValueError("no sense"), 1, ("failed", None)),
    ],
)
async def test_what_may_not_have_arrived_is_sent_again(
    error: Exception, calls: int, result: tuple[str, int | None], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PAUSES", (0.0,))
    store.mailbox.finish(None, letters(1, ["x"]))
    bot = FakeBot(error)
    await sent(store, bot, lambda: state(store) == [result])
    assert len(bot.texts) == calls


async def test_the_time_that_a_chat_must_wait_outlives_the_program(store: Store) -> None:
    store.mailbox.finish(None, [*letters(1, ["first"]), *letters(1, ["second"]), *letters(2, ["other"])])
    bot = FakeBot(RetryAfter(timedelta(seconds=3600)))
    await sent(store, bot, lambda: "other" in bot.texts)
    assert bot.texts == ["first", "other"]
    assert store.mailbox.unsent()[0].due_at > datetime.now(UTC) + timedelta(minutes=50)
    again = FakeBot()
    store.mailbox.finish(None, letters(3, ["third"]))
    await sent(store, again, lambda: "third" in again.texts)
    assert again.texts == ["third"]


async def test_a_letter_is_given_up_after_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_KEPT", timedelta())
    store.mailbox.finish(None, letters(1, ["x"]))
    await sent(store, FakeBot(NetworkError("away")), lambda: state(store) == [("failed", None)])


async def test_a_letter_of_a_known_key_edits_what_the_one_before_became(store: Store) -> None:
    edits: list[tuple[object, ...]] = []

    class Editing(FakeBot):
        async def edit_message_text(self, text: str, chat: int, message: int, **options: object) -> None:
            edits.append((text, chat, message))

    store.mailbox.finish(None, [*letters(1, ["a"], key="k", replace=True), *letters(1, ["b"], key="k", replace=True)])
    store.mailbox.finish(None, letters(2, ["c"], key="k", replace=True))
    bot = Editing()
    await sent(store, bot, lambda: [row[0] for row in state(store)] == ["sent"] * 3)
    assert sorted(bot.texts) == ["a", "c"]
    assert edits == [("b", 1, 5)]


async def test_letters_that_were_held_up_together_do_not_arrive_together() -> None:
    window, gate, times = outbox.Window(), asyncio.Event(), []

    async def letter() -> None:
        async with window.place():
            await gate.wait()  # the network stalls
            times.append(time.monotonic())

    waiting = [asyncio.create_task(letter()) for _ in range(80)]
    await asyncio.sleep(1.2)
    gate.set()
    await asyncio.gather(*waiting)
    assert len(times) == 80
    assert max(sum(at <= other < at + 1 for other in times) for at in times) <= 30
