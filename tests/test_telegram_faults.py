"""What the bot survives: a server that fails, users who block or flood, errors that nobody foresaw."""

import logging
import sys
import threading
import time
from dataclasses import replace

import pytest
from bots import ADMIN, GROUP, USER, reply, running, settings
from emulator import TOKEN

from bot.logs import Redacting, secrets_of
from index.records import Answer, Question

pytestmark = pytest.mark.usefixtures("mode")


async def test_errors_get_a_code_and_the_token_stays_out_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    async with running() as bot:
        handler.setFormatter(Redacting(secrets_of(settings(bot.emulator.url))))
        logging.getLogger().addHandler(handler)
        try:
            await bot.emulator.say(USER, "nổ")
            (text,) = await bot.answers(USER)
        finally:
            logging.getLogger().removeHandler(handler)
    code = text.split()[-1].rstrip(".")
    seen = capsys.readouterr().err
    assert code in seen
    assert "RuntimeError: boom with ***" in seen
    assert TOKEN not in seen


@pytest.mark.parametrize(
    ("status", "description", "more"),
    [
        (429, "Too Many Requests: retry after 1", {"retry_after": 1}),
        (502, "Bad Gateway", {}),
        (500, "Internal Server Error", {}),
    ],
)
async def test_faults_of_the_server_are_survived(status: int, description: str, more: dict[str, int]) -> None:
    async with running() as bot:
        bot.emulator.fail("sendMessage", status, description, **more)
        await bot.emulator.say(USER, "Hậu Giang?")
        assert (await bot.answers(USER, 2))[1].startswith("<b>35 trạm</b>")


async def test_html_that_telegram_refuses_goes_out_as_plain_text() -> None:
    async with running() as bot:
        bot.emulator.fail("sendMessage", 400, "Bad Request: can't parse entities: whatever")
        await bot.emulator.say(USER, "Hậu Giang?")
        assert (await bot.answers(USER, 2))[1].startswith("35 trạm\n")


async def test_a_user_who_blocked_the_bot_stops_nobody() -> None:
    async with running() as bot:
        bot.emulator.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
        await bot.emulator.say(USER, "Hậu Giang?")
        await bot.emulator.say(ADMIN, "Hậu Giang?")
        await bot.answers(ADMIN)
        await bot.until(lambda: len(bot.logged) == 2)


async def test_floods_are_told_once() -> None:
    async with running() as bot:
        for number in range(25):
            await bot.emulator.say(USER, f"Hậu Giang {number}?")
        await bot.emulator.say(ADMIN, "Hậu Giang?")
        await bot.answers(ADMIN)
        texts = await bot.answers(USER, 21)
        assert sum("quá nhanh" in text for text in texts) == 1
        assert len(texts) == 21


async def test_chats_do_not_wait_for_each_other() -> None:
    gate = threading.Event()

    def slow(question: Question) -> Answer:
        if "chậm" in question.text:
            gate.wait(10)
        return reply(question)

    async with running(ask=slow) as bot:
        await bot.emulator.say(USER, "chậm")
        await bot.emulator.say(ADMIN, "Hậu Giang?")
        await bot.answers(ADMIN)
        assert bot.emulator.sent(USER) == []
        await bot.until(lambda: any(name == "sendChatAction" for name, _ in bot.emulator.calls))
        gate.set()
        await bot.answers(USER)


async def test_a_flooded_chat_waits_alone() -> None:
    async with running() as bot:
        bot.emulator.fail("sendMessage", 429, "Too Many Requests: retry after 60", times=9, chat=USER, retry_after=60)
        for number in range(15):
            await bot.emulator.say(USER, f"Hậu Giang {number}?")
        await bot.answers(USER)
        begun = time.monotonic()
        await bot.emulator.say(ADMIN, "Hậu Giang?")
        await bot.answers(ADMIN)
        assert time.monotonic() - begun < 10  # not 60
        assert len(bot.emulator.sent(USER)) == 1  # the one that was refused; the others wait behind it


async def test_two_hundred_people_at_once_are_answered_in_their_order_within_the_limit() -> None:
    async with running(
        lambda question: replace(reply(question), answer=question.text), TELEGRAM_ALLOWED_IDS="*"
    ) as bot:
        people = range(1000, 1200)
        for text in ("Hậu Giang 1?", "Hậu Giang 2?"):
            for person in people:
                await bot.emulator.say(person, text)
        await bot.until(lambda: all(len(bot.emulator.sent(person)) == 2 for person in people), 60)
        for person in people:
            assert ["1?" in text for text in bot.emulator.sent(person)] == [True, False]
        times = [
            at for (name, _), at in zip(bot.emulator.calls, bot.emulator.times, strict=True) if name == "sendMessage"
        ]
        assert max(sum(at <= other < at + 1 for other in times) for at in times) <= 30


async def test_a_group_that_moved_is_followed() -> None:
    async with running() as bot:
        moved = {"migrate_to_chat_id": -200}
        bot.emulator.fail("sendMessage", 400, "Bad Request: group chat was upgraded to a supergroup chat", **moved)
        await bot.emulator.say(USER, "/hoi Hậu Giang?", GROUP)
        assert (await bot.answers(-200))[0].startswith("<b>35 trạm</b>")
