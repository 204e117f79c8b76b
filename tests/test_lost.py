"""Nothing is lost or done twice: kills, lost replies, updates that come again or cannot be handled, outages."""

import asyncio
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import bots
import pytest
from aiohttp import ClientSession
from bots import ADMIN, USER, listening, process, reply, running, said, serving, uncompared
from emulator import TOKEN, Emulator
from killing import kill_often

from bot.health import status
from bot.inbox import CRASHES
from bot.wiring import Program
from corpus.errors import UnavailableError
from corpus.load import make
from corpus.mailbox import Mailbox
from index.records import Answer, Question

QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"


@pytest.mark.parametrize(("kills", "webhook"), [(4, False), (1, True)])
async def test_a_bot_that_is_killed_answers_every_question_in_order(
    program: Program, kills: int, webhook: bool
) -> None:
    """tools/kills.py does it 200 times."""
    tally = await kill_often(kills, 20, program.settings.home, webhook=webhook)
    assert (tally.asked, tally.lost, tally.disordered) == (20 * kills, 0, 0)
    assert tally.duplicates <= tally.kills


async def test_a_bot_that_moves_the_offset_before_the_commit_is_found_out(program: Program) -> None:
    """tools/kills.py has more mutants."""
    mutant = "import corpus.mailbox as m; m.Mailbox.take = lambda self, bodies: set(bodies)"
    assert (await kill_often(2, 20, program.settings.home, mutant=mutant)).lost > 0


async def test_an_update_that_ends_the_process_is_found_and_set_aside(program: Program) -> None:
    deadly = """
import os
import bot.asking
whole = bot.asking.Asking.question
async def question(self, update, context):
    if "chết" in (update.effective_message.text or ""):
        os._exit(9)
    await whole(self, update, context)
bot.asking.Asking.question = question"""
    async with Emulator() as emulator:
        bot, codes = bots.Running(emulator), []
        await emulator.say(50, "chết")
        for person in range(60, 80):
            await emulator.say(person, QUESTION)
        while len(codes) < 7:
            child = await process(emulator.url, program.settings.home, mutant=deadly)
            talking = asyncio.create_task(child.communicate())
            await bot.until(lambda talk=talking: talk.done() or len(emulator.sent(50)) > 0, 60)
            if not talking.done():
                break
            codes.append(child.returncode)
        try:
            assert codes == [9] * CRASHES
            for person in range(60, 80):
                await bot.answers(person)
            assert "mã sự cố" in (await bot.answers(50))[0]
        finally:
            child.kill()
            await talking
    post = program.store.mailbox.post()
    assert (post.waiting, post.dead) == (0, 1)
    assert "CrashError" in post.errors[0][1]
    assert any("gác lại" in label for label, _ in status(program))


@pytest.mark.usefixtures("mode")
async def test_an_update_that_cannot_be_read_is_set_aside_and_the_next_answered() -> None:
    async with running() as bot:
        await bot.emulator.enqueue_update({"message": {"chat": {"id": USER}, "text": 5}}, token=TOKEN)
        await bot.emulator.enqueue_update({"callback_query": {}}, token=TOKEN)
        await bot.emulator.say(USER, "x", {"id": [7], "type": "private", "first_name": "U"})
        await bot.emulator.say(USER, "Hậu Giang?")
        first, second = await bot.answers(USER, 2)
        assert {"mã sự cố" in first, "mã sự cố" in second} == {True, False}
        await bot.until(lambda: bot.store.mailbox.post().dead == 3)


async def test_an_update_that_fails_is_tried_again_and_says_nothing_twice() -> None:
    tried = []

    def ask(question: Question) -> Answer:
        tried.append(question.text)
        if "nổ" in question.text or ("một lần" in question.text and len(tried) == 1):
            raise RuntimeError(f"boom with {TOKEN}")
        return reply(question)

    async with running(ask) as bot:
        await bot.emulator.say(USER, "một lần")
        await bot.answers(USER)
        assert tried == ["một lần"] * 2
        await bot.emulator.say(USER, "nổ")
        await bot.emulator.say(USER, "Hậu Giang?")
        texts = await bot.answers(USER, 3)
        assert [text[:4] for text in texts] == ["<b>3", "Có l", "<b>3"]
        assert tried[2:] == ["nổ"] * 3 + ["Hậu Giang?"]
        ((_, error),) = bot.store.mailbox.post().errors
        assert error.split()[0] in texts[1]
        assert "boom" in error
        assert TOKEN not in error


@pytest.mark.usefixtures("mode")
async def test_a_lost_reply_costs_one_duplicate_and_no_second_reindex(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    command = [sys.executable, "-c", f"open({str(ran)!r}, 'a').write('x'); print('Đã xong.')"]
    async with running(command=command) as bot:
        bot.emulator.lose("sendMessage")
        await bot.emulator.say(ADMIN, "/reindex")
        assert await bots.edited(bot, 1, ADMIN) == "Đã xong."
        assert len(bot.emulator.sent(ADMIN)) == 2
        bot.emulator.lose("sendMessage")
        for person in (ADMIN, USER):
            await bot.emulator.say(person, "Hậu Giang?")
        await bot.until(lambda: len(bot.emulator.sent(ADMIN) + bot.emulator.sent(USER)) == 5)
        await bot.until(lambda: bot.store.mailbox.post().unsent == 0)
        assert len(bot.emulator.sent(ADMIN) + bot.emulator.sent(USER)) == 5
        assert bot.store.desk.acts() == [(str(ADMIN), "reindex", "")]
    assert ran.read_text() == "x"


async def test_the_same_update_twice_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bots, "MODE", "webhook")
    async with running() as bot, ClientSession() as telegram:
        message = await bot.emulator.say(USER, "Hậu Giang?")
        await bot.answers(USER)
        url = next(fields["url"] for name, fields in bot.emulator.calls if name == "setWebhook")
        secret = {"X-Telegram-Bot-Api-Secret-Token": "bi-mat_1"}
        for id in (1, 1, 7, 7):
            async with telegram.post(url, json={"update_id": id, "message": message}, headers=secret) as taken:
                assert taken.status == 200
        for body in (b"[]", b'{"message": {}}', b"no json", b'{"update_id": true}'):
            async with telegram.post(url, data=body, headers=secret) as refused:
                assert refused.status == 400
        await bot.answers(USER, 2)
        await bot.until(lambda: bot.store.mailbox.post() == bot.store.mailbox.post().__class__(0, 0, 0, ()))
        assert len(bot.emulator.sent(USER)) == 2


async def test_five_hundred_pending_questions_are_answered_and_marked_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox.PER_SECOND", 10_000)
    monkeypatch.setattr("bot.outbox.MOST", 10_000)
    async with running() as bot:
        away = bots.Running(Emulator(), bot.store)
        async with away.emulator:
            asked = int(time.time()) - 7200
            for number in range(500):
                await away.emulator.say(USER if number % 2 else ADMIN, f"Hậu Giang {number}?", date=asked + 10 * number)
            async with listening(away, (reply, uncompared, list), ("true",), list):
                await away.until(lambda: len(away.emulator.sent(USER) + away.emulator.sent(ADMIN)) == 500, 60)
            assert all("Trả lời muộn: bạn hỏi lúc" in text for text in away.emulator.sent(USER)[:100])


@pytest.mark.usefixtures("mode")
async def test_a_locked_database_is_spoken_of_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.database.BUSY_MS", 20)
    async with running() as bot:
        await bot.emulator.say(USER, "Hậu Giang?")
        await bot.answers(USER)
        await bot.until(lambda: bot.store.mailbox.post().unsent == 0)
        with closing(sqlite3.connect(bot.store._engine.url.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await bot.emulator.say(USER, "không có")
            assert "đang bận" in (await bot.answers(USER, 2))[1]
            assert bot.logged == [(str(USER), "Hậu Giang?")]
            other.execute("COMMIT")
        if bots.MODE == "webhook":
            await bot.emulator.deliver_updates(token=TOKEN)
        assert (await bot.answers(USER, 3))[2].startswith("Chưa có báo cáo")
        await bot.until(lambda: bot.store.mailbox.post().unsent == 0)
        assert len(bot.emulator.sent(USER)) == 3


async def test_an_act_whose_end_was_not_kept_is_not_done_twice(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot ends between an admin's act and the commit of its update, and takes the update again."""
    for figure in ("77", "81", "85"):
        text = f"Báo cáo năm 2018 của tỉnh Bến Tre.\n\nToàn tỉnh có {figure} điểm phục vụ bưu chính."
        program.store.put(make("ben-tre.txt", text.encode(), {}))
    finish = Mailbox.finish

    def away(self: Mailbox, id: int | None, *more: object) -> None:
        if id is not None and any("tl:u" in arrived.body for arrived in self.waiting()):
            raise UnavailableError("Cơ sở dữ liệu đang bận.")
        return finish(self, id, *more)

    async with serving(program) as bot:
        await bot.emulator.say(ADMIN, "/tailieu")
        await bot.answers(ADMIN)
        shelf = bot.emulator.buttons(ADMIN)
        await bot.emulator.press(ADMIN, next(data for text, data in shelf.items() if "Bến Tre" in text), 7)
        await bots.edited(bot, 1, ADMIN)
        monkeypatch.setattr(Mailbox, "finish", away)
        await bot.emulator.press(ADMIN, bot.emulator.buttons(ADMIN)["Bản trước"], 7)
        await bot.until(lambda: "81 điểm" in program.store.document("ben-tre").text)
        monkeypatch.setattr("bot.inbox.GRACE", 0.0)
    assert program.store.mailbox.post().waiting == 1
    monkeypatch.setattr(Mailbox, "finish", finish)
    async with serving(program) as bot:
        assert "không còn" in await said(bot, 1)
        await bot.until(lambda: program.store.mailbox.post().waiting == 0)
    assert "81 điểm" in program.store.document("ben-tre").text


def test_settled_mail_is_dropped_after_its_time(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = program.store.mailbox
    assert mailbox.take({1: "{}", 2: "{}", 3: "{}"}) == {1, 2, 3}
    assert mailbox.take({3: "{}", 4: "{}"}) == {4}
    mailbox.finish(1, [])
    mailbox.set_aside(2, "ABC boom", [])
    monkeypatch.setattr("corpus.mailbox.DONE_DAYS", -1)
    mailbox.prune()
    assert [arrived.id for arrived in mailbox.waiting()] == [3, 4]
    assert mailbox.take({1: "{}"}) == {1}
    assert mailbox.post().dead == 1
    monkeypatch.setattr("corpus.mailbox.DEAD_DAYS", -1)
    mailbox.prune()
    assert mailbox.post().dead == 0
