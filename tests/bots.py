"""What the Telegram tests share: a bot on an emulator, fetching its updates or called by it, as MODE says."""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache
from pathlib import Path

from emulator import TOKEN, Emulator, read_html

from bot.config import Settings, load_settings
from bot.service import UPDATES, build
from bot.telegram import App, Backing
from bot.wiring import Program
from corpus.desk import Desk
from corpus.errors import QuestionError
from corpus.records import Document, Facts, Passage
from corpus.store import Store
from index.records import Answer, Cited, Question

MODE = "polling"  # or "webhook"; the fixture of that name sets it
ADMIN, USER, STRANGER = 1, 42, 666
GROUP = {"id": -100, "type": "supergroup", "title": "Nhóm"}


def settings(url: str, **more: str) -> Settings:
    given = {
        "TELEGRAM_ADMIN_IDS": str(ADMIN),
        "TELEGRAM_ALLOWED_IDS": f"{USER},{GROUP['id']}",
        "HOIDAP_HOME": "/nowhere",
    }
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
        self.desk: Desk | None = None
        self.logged: list[tuple[str | None, str, Answer]] = []

    async def until(self, done: Callable[[], bool], seconds: int = 15) -> None:
        for _ in range(100 * seconds):
            if done():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"not done: {self.emulator.calls[-20:]}")

    async def answers(self, chat: int, number: int = 1, method: str = "sendMessage") -> list[str]:
        await self.until(lambda: len(self.emulator.sent(chat, method)) >= number)
        return self.emulator.sent(chat, method)


@cache
def _template() -> Path:
    """An empty database, made once: migrations take longer than a test."""
    path = Path(tempfile.mkdtemp()) / "empty.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@contextlib.asynccontextmanager
async def running(ask=reply, command: Sequence[str] = ("true",), log=None, **more: str) -> AsyncIterator[Running]:
    """A bot with a program that only pretends, and an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{shutil.copy(_template(), folder)}")
        async with Emulator() as emulator:
            bot = Running(emulator)
            bot.desk = store.desk
            keep = log or (lambda *record: bot.logged.append(record))
            async with listening(
                bot,
                build(Backing(settings(emulator.url, **more), ask, keep, command, store, lambda: [("Tài liệu", "0")])),
            ):
                yield bot
        store.close()


@contextlib.asynccontextmanager
async def serving(program: Program, command: Sequence[str] = ("true",), **more: str) -> AsyncIterator[Running]:
    """A bot with a whole program."""
    async with Emulator() as emulator:
        bot = Running(emulator)

        def log(user: str | None, text: str, given: Answer) -> None:
            program.log("telegram", user, text, given)

        chosen = settings(emulator.url, HOIDAP_HOME=str(program.settings.home), **more)
        application = build(Backing(chosen, program.ask, log, command, program.store, program.status))
        async with listening(bot, application):
            yield bot


@contextlib.asynccontextmanager
async def listening(bot: Running, application: App) -> AsyncIterator[None]:
    async with application:
        bot.emulator_id = application.bot.id
        await application.post_init(application)
        await application.start()
        if MODE == "polling":
            await application.updater.start_polling(allowed_updates=list(UPDATES), timeout=1)
        else:
            port = free_port()
            url = f"http://127.0.0.1:{port}/hoi"
            await application.updater.start_webhook("127.0.0.1", port, "hoi", webhook_url=url, secret_token="bi-mat_1")
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()
            await application.post_stop(application)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def process(url: str, home: Path, **more: str) -> asyncio.subprocess.Process:
    """The whole program in a process of its own."""
    environment = {
        "HOIDAP_HOME": str(home),
        "HOIDAP_EMBEDDINGS": "off",
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


async def edited(bot: Running, number: int, chat: int = USER) -> str:
    """The text of the n-th edit in a chat."""
    return read_html((await bot.answers(chat, number, "editMessageText"))[number - 1])


async def said(bot: Running, number: int) -> str:
    """The text of the n-th pop-up."""
    await bot.until(lambda: len(popups(bot)) >= number)
    return popups(bot)[number - 1]


def popups(bot: Running) -> list[str]:
    return [fields.get("text", "") for name, fields in bot.emulator.calls if name == "answerCallbackQuery"]
