"""The bot end to end, over real HTTP against a Bot API server: who may ask, what is sent, what it survives."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession
from emulator import TOKEN, USERNAME, Emulator, read_html

from bot.config import Settings, load_settings
from bot.logs import Redacting, secrets_of
from bot.service import UPDATES, build
from corpus.errors import QuestionError, StoreError
from corpus.records import Document, Facts, Passage
from index.records import Answer, Cited, Question

ADMIN, USER, STRANGER = 1, 42, 666
GROUP = {"id": -100, "type": "supergroup", "title": "Nhóm"}


def settings(url: str, **more: str) -> Settings:
    given = {"TELEGRAM_ADMIN_IDS": str(ADMIN), "TELEGRAM_ALLOWED_IDS": str(USER), "HOIDAP_HOME": "/nowhere"}
    return load_settings({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": url, **given, **more})


def cited(rank: int, text: str, highlight: tuple[int, int] | None = None) -> Cited:
    facts = Facts("Báo cáo <b>&</b>", "Hậu Giang", "2016", "Sở TT&TT", "2016-12-27", "https://vi.du")
    return Cited(
        rank, 2.0, Passage("a", 0, 10, 10 + len(text), 0, text), Document("a", "a<b>.txt", "", "", facts), highlight
    )


def reply(question: Question) -> Answer:
    """Stands in for the program: what it answers depends on a word of the question."""
    if "nổ" in question.text:
        raise RuntimeError(f"boom with {TOKEN}")
    if "dài" in question.text:
        return Answer(question.text, "1", 1.0, None, tuple(cited(n, "😀<&" * 600) for n in range(1, 4)))
    if "lỗi" in question.text:
        raise QuestionError("Câu hỏi dài quá.")
    if "không" in question.text:
        return Answer(question.text, None, 0.1, "Chưa có báo cáo nào của Cà Mau.", (cited(1, "Đoạn khác."),))
    return Answer(question.text, "35 trạm", 1.0, None, (cited(1, "tăng 35 trạm <BTS>", (5, 12)),))


class Running:
    """A bot polling an emulator, and what it logged."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.emulator_id = 0  # of the bot, when it runs
        self.logged: list[tuple[str | None, str, Answer]] = []

    async def until(self, done: Callable[[], bool]) -> None:
        for _ in range(1500):
            if done():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"not done: {self.emulator.calls}")

    async def answers(self, chat: int, number: int = 1, method: str = "sendMessage") -> list[str]:
        await self.until(lambda: len(self.emulator.sent(chat, method)) >= number)
        return self.emulator.sent(chat, method)


@contextlib.asynccontextmanager
async def running(ask=reply, command: list[str] | None = None, log=None, **more: str) -> AsyncIterator[Running]:
    async with Emulator() as emulator:
        bot = Running(emulator)
        keep = log or (lambda *record: bot.logged.append(record))
        application = build(settings(emulator.url, **more), ask, keep, command or ["true"])
        async with application:
            await application.post_init(application)
            await application.start()
            await application.updater.start_polling(allowed_updates=list(UPDATES), timeout=1)
            try:
                yield bot
            finally:
                await application.updater.stop()
                await application.stop()
                await application.post_stop(application)


async def test_start_and_help_and_unknown_commands() -> None:
    async with running() as bot:
        for text in ("/start", "/help", "/nonsense"):
            await bot.emulator.say(USER, text)
        start, help_, unknown = await bot.answers(USER, 3)
        assert "Hậu Giang có bao nhiêu trạm BTS tăng?" in start
        assert "/hoi" in help_
        assert "/reindex" not in help_
        assert "/help" in unknown
        await bot.emulator.say(ADMIN, "/help")
        assert "/reindex" in (await bot.answers(ADMIN))[0]
        commands = [fields for name, fields in bot.emulator.calls if name == "setMyCommands"]
        assert len(commands) == 3


async def test_a_question_gets_figure_passage_and_source() -> None:
    async with running() as bot:
        message = await bot.emulator.say(USER, "Hậu Giang có bao nhiêu trạm BTS tăng?")
        (text,) = await bot.answers(USER)
        assert text.startswith("<b>35 trạm</b>")
        assert "tăng <b><u>35 trạm</u></b> &lt;BTS&gt;" in text
        seen = read_html(text)
        for part in ("Báo cáo <b>&</b>", "Sở TT&TT", "27/12/2016", "a<b>.txt, ký tự 10–28", "https://vi.du"):
            assert part in seen
        fields = next(fields for name, fields in bot.emulator.calls if name == "sendMessage")
        assert f'"message_id": {message["message_id"]}' in str(fields["reply_parameters"]).replace("'", '"')
        await bot.until(lambda: bot.logged != [])
        assert bot.logged[0][:2] == (str(USER), "Hậu Giang có bao nhiêu trạm BTS tăng?")


async def test_refusals_say_why_and_mark_the_nearest_passage() -> None:
    async with running() as bot:
        await bot.emulator.say(USER, "không có")
        await bot.emulator.say(USER, "lỗi")
        first, second = await bot.answers(USER, 2)
        assert first.startswith("Chưa có báo cáo nào của Cà Mau.")
        assert "không phải câu trả lời" in first
        assert second == "Câu hỏi dài quá."


async def test_long_answers_are_split_and_nothing_is_lost() -> None:
    async with running() as bot:
        await bot.emulator.say(USER, "dài")
        texts = await bot.answers(USER, 3)
        seen = "".join(map(read_html, texts))
        assert seen.count("😀<&") == 1800
        assert all(len(read_html(text).encode("utf-16-le")) // 2 <= 4096 for text in texts)


async def test_strangers_are_refused_on_every_kind_of_update() -> None:
    async with running() as bot:
        message = await bot.emulator.say(STRANGER, "Hậu Giang?")
        (text,) = await bot.answers(STRANGER)
        assert str(STRANGER) in text
        await bot.emulator.edit(message, "Hậu Giang?")
        await bot.emulator.say(STRANGER, "/reindex")
        await bot.emulator.say(STRANGER, f"@{USERNAME} Hậu Giang?", GROUP)
        await bot.emulator.press(STRANGER)
        await bot.emulator.inline(STRANGER, "Hậu Giang?")
        await bot.emulator.say(USER, "còn tôi")
        await bot.answers(USER)
        assert bot.emulator.sent(STRANGER) == [text]
        assert bot.emulator.sent(GROUP["id"]) == []
        assert [question for _, question, _ in bot.logged] in ([], ["còn tôi"])
        callbacks = [fields for name, fields in bot.emulator.calls if name == "answerCallbackQuery"]
        assert str(STRANGER) in callbacks[0]["text"]
        inline = [fields for name, fields in bot.emulator.calls if name == "answerInlineQuery"]
        assert str(inline[0]["results"]) == "[]"


async def test_everyone_may_ask_with_a_star_but_not_administrate() -> None:
    async with running(TELEGRAM_ALLOWED_IDS="*") as bot:
        await bot.emulator.say(STRANGER, "Hậu Giang?")
        assert (await bot.answers(STRANGER))[0].startswith("<b>35 trạm</b>")
        await bot.emulator.say(STRANGER, "/reindex")
        assert "người quản trị" in (await bot.answers(STRANGER, 2))[1]


async def test_an_edited_question_edits_its_answer() -> None:
    async with running() as bot:
        message = await bot.emulator.say(USER, "Hậu Giang?")
        await bot.answers(USER)
        await bot.emulator.edit(message, "không có")
        (text,) = await bot.answers(USER, method="editMessageText")
        assert text.startswith("Chưa có báo cáo")
        assert len(bot.emulator.sent(USER)) == 1


async def test_a_follow_up_is_understood_shown_and_forgotten() -> None:
    async with running(lambda question: replace(reply(question), question=question.text)) as bot:
        await bot.emulator.say(USER, "Hậu Giang có bao nhiêu trạm BTS tăng?")
        await bot.answers(USER)
        await bot.emulator.say(USER, "còn An Giang thì sao?")
        said = (await bot.answers(USER, 2))[1]
        assert "Hiểu là: An Giang có bao nhiêu trạm BTS tăng?" in read_html(said)
        await bot.emulator.say(USER, "/moi")
        await bot.answers(USER, 3)
        await bot.emulator.say(USER, "còn An Giang thì sao?")
        assert "Hiểu là" not in (await bot.answers(USER, 4))[3]
        await bot.until(lambda: len(bot.logged) == 3)


async def test_in_groups_only_what_is_for_the_bot() -> None:
    async with running() as bot:
        await bot.emulator.say(USER, "chuyện riêng", GROUP)
        await bot.emulator.say(USER, "/hoi Hậu Giang?", GROUP)
        await bot.emulator.say(USER, f"@{USERNAME} Hậu Giang?", GROUP)
        mine = {
            "message_id": 3,
            "date": 1,
            "chat": GROUP,
            "from": {"id": 7, "is_bot": True, "first_name": "B"},
            "text": "x",
        }
        await bot.emulator.say(USER, "không có", GROUP, reply_to_message=mine)
        await bot.emulator.say(USER, "/hoi", GROUP)
        texts = await bot.answers(GROUP["id"], 4)
        assert [text[:8] for text in texts] == ["<b>35 tr", "<b>35 tr", "Chưa có ", "Hãy viết"]


async def test_reindex_runs_beside_answers_and_only_once() -> None:
    slow = [sys.executable, "-c", "import time; time.sleep(1); print('Đã lập chỉ mục thế hệ 7.')"]
    async with running(command=slow) as bot:
        await bot.emulator.say(USER, "/reindex")
        assert "người quản trị" in (await bot.answers(USER))[0]
        await bot.emulator.say(ADMIN, "/reindex")
        await bot.emulator.say(ADMIN, "/reindex")
        await bot.emulator.say(ADMIN, "Hậu Giang?")
        texts = await bot.answers(ADMIN, 4)
        assert "vẫn trả lời" in texts[0]
        assert "đang chạy" in texts[1]
        assert texts[2].startswith("<b>35 trạm</b>")
        assert texts[3] == "Đã lập chỉ mục thế hệ 7."


async def test_a_failed_reindex_says_why() -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('hoidap: Đĩa đầy.')"]
    async with running(command=failing) as bot:
        await bot.emulator.say(ADMIN, "/reindex")
        assert (await bot.answers(ADMIN, 2))[1] == "hoidap: Đĩa đầy."


async def test_forwarded_or_edited_reindex_is_not_obeyed() -> None:
    async with running(command=[sys.executable, "-c", "print('xong')"]) as bot:
        origin = {"type": "user", "date": 1, "sender_user": {"id": 9, "is_bot": False, "first_name": "X"}}
        await bot.emulator.say(ADMIN, "/reindex", forward_origin=origin)
        assert "người quản trị" in (await bot.answers(ADMIN))[0]
        message = await bot.emulator.say(ADMIN, "Hậu Giang?")
        await bot.answers(ADMIN, 2)
        await bot.emulator.edit(
            {**message, "entities": [{"type": "bot_command", "offset": 0, "length": 8}]}, "/reindex"
        )
        await bot.emulator.say(ADMIN, "không có")
        assert [text[:7] for text in (await bot.answers(ADMIN, 3))[1:]] == ["<b>35 t", "Chưa có"]


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


async def test_a_database_that_cannot_record_costs_no_answer() -> None:
    def full(*record: object) -> None:
        raise StoreError("Đĩa đầy.")

    async with running(log=full) as bot:
        await bot.emulator.say(USER, "Hậu Giang?")
        await bot.emulator.say(USER, "không có")
        assert len(await bot.answers(USER, 2)) == 2


@pytest.mark.parametrize(
    ("status", "description", "more"),
    [
        (429, "Too Many Requests: retry after 1", {"retry_after": 1}),
        (502, "Bad Gateway", {}),
        (500, "Internal Server Error", {}),
    ],
)
async def test_faults_of_the_server_are_survived(
    status: int, description: str, more: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns of its own use of seconds
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


async def test_pictures_are_answered_with_a_hint() -> None:
    async with running() as bot:
        await bot.emulator.say(
            USER,
            None,
            sticker={
                "file_id": "x",
                "file_unique_id": "x",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            },
        )
        assert "gõ câu hỏi" in (await bot.answers(USER))[0]


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


async def _process(url: str, home: Path, **more: str) -> asyncio.subprocess.Process:
    environment = {
        "HOIDAP_HOME": str(home),
        "PATH": os.environ["PATH"],
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_ALLOWED_IDS": "*",
        "TELEGRAM_ADMIN_IDS": str(ADMIN),
        **more,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "bot", env=environment, cwd=home, stderr=asyncio.subprocess.PIPE
    )


async def test_the_whole_program_answers_reindexes_and_stops(tmp_path: Path) -> None:
    async with Emulator() as emulator:
        bot = Running(emulator)
        process = await _process(emulator.url, tmp_path)
        await emulator.say(USER, "hau giang co bao nhieu tram bts tang")
        assert (await bot.answers(USER))[0].startswith("<b>35 trạm</b>")
        await emulator.say(ADMIN, "/reindex")
        assert "đã khớp" in (await bot.answers(ADMIN, 2))[1]
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 0
        assert TOKEN not in said.decode()
        assert b"incident" not in said


async def test_by_webhook_and_only_with_the_secret(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/hoi"
    async with Emulator() as emulator, ClientSession() as stranger:
        bot = Running(emulator)
        more = {"TELEGRAM_WEBHOOK_URL": address, "TELEGRAM_WEBHOOK_SECRET": "bi-mat_1"}
        process = await _process(emulator.url, tmp_path, **more)
        await bot.until(lambda: any(name == "setWebhook" for name, _ in emulator.calls))
        message = await emulator.say(USER, "hau giang co bao nhieu tram bts tang")
        assert (await bot.answers(USER))[0].startswith("<b>35 trạm</b>")
        forged = {"update_id": 10**6, "message": {**message, "text": "An Giang?"}}
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "khac"}):
            async with stranger.post(address, json=forged, headers=headers) as refused:
                assert refused.status == 403
        await emulator.say(USER, "Cà Mau có bao nhiêu trạm BTS?")
        assert "Cà Mau" in (await bot.answers(USER, 2))[1]
        assert len(emulator.sent(USER)) == 2
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 0
        assert b"bi-mat_1" not in said


@pytest.mark.parametrize(
    ("method", "status", "description", "says"),
    [
        ("getMe", 401, "Unauthorized", "TELEGRAM_BOT_TOKEN"),
        ("getUpdates", 409, "Conflict: terminated by other getUpdates request", "Một bot khác"),
    ],
)
async def test_what_cannot_go_on_ends_with_one_line(
    tmp_path: Path, method: str, status: int, description: str, says: str
) -> None:
    async with Emulator() as emulator:
        emulator.fail(method, status, description, times=5)
        process = await _process(emulator.url, tmp_path)
        _, said = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 1
        last = said.decode().strip().splitlines()[-1]
        assert says in last
        assert TOKEN not in said.decode()
