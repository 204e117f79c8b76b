"""What the Telegram tests share: a bot on an emulator, fetching its updates or called by it, as MODE says."""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache, partial
from pathlib import Path

from emulator import TOKEN, Emulator, read_html

from bot.config import Settings, load_settings
from bot.health import status
from bot.service import Service
from bot.telegram import Backing
from bot.wiring import Program
from corpus.errors import QuestionError
from corpus.records import Document, Facts, Passage
from corpus.store import Store
from index.comparing import Comparison, Wanted
from index.records import Answer, Cited, Question

ROOT = Path(__file__).parent.parent
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


def uncompared(wanted: Wanted) -> Comparison:
    """Stands in for the program's comparisons, where there are none."""
    raise QuestionError("Không so sánh được.")


class Running:
    """A bot polling an emulator, and what it logged."""

    def __init__(self, emulator: Emulator, store: Store | None = None) -> None:
        self.emulator, self.store = emulator, store
        self.emulator_id = 0  # of the bot, when it runs

    @property
    def logged(self) -> list[tuple[str | None, str]]:
        """Who asked what, the first first."""
        return [(row.user, row.question) for row in reversed(self.store.questions(1000))]

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
async def running(ask=reply, command: Sequence[str] = ("true",), instead=None, **more: str) -> AsyncIterator[Running]:
    """A bot with a program that only pretends, and an empty store; `instead` may reply for the server."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{shutil.copy(_template(), folder)}")
        async with Emulator() as emulator:
            bot, emulator.instead = Running(emulator, store), instead
            async with listening(bot, (ask, uncompared, list), command, lambda: [("Tài liệu", "0")], **more):
                yield bot
        store.close()


@contextlib.asynccontextmanager
async def serving(program: Program, command: Sequence[str] = ("true",), **more: str) -> AsyncIterator[Running]:
    """A bot with a whole program."""
    async with Emulator() as emulator:
        bot = Running(emulator, program.store)
        home = str(program.settings.home)
        answering = (program.ask, program.compare, program.reports)
        async with listening(bot, answering, command, partial(status, program), HOIDAP_HOME=home, **more):
            yield bot


@contextlib.asynccontextmanager
async def listening(bot: Running, answering, command, status, **more: str) -> AsyncIterator[None]:
    """A bot from its start to its end, on the emulator and the store of `bot`."""
    if MODE == "webhook":
        url = f"http://127.0.0.1:{free_port()}/hoi"
        more = {"TELEGRAM_WEBHOOK_URL": url, "TELEGRAM_WEBHOOK_SECRET": "bi-mat_1", **more}
    service = Service(Backing(settings(bot.emulator.url, **more), *answering, command, bot.store, status))
    stop = asyncio.Event()
    serving, ready = asyncio.create_task(service.serve(stop)), asyncio.create_task(service.ready.wait())
    await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    try:
        if not serving.done():
            bot.emulator_id = service.application.bot.id
        yield
    finally:
        stop.set()
        await serving


def kept(store: Store, write: Callable[..., None], *arguments: object) -> None:
    """Something written as an update's turn writes it."""
    store.mailbox.finish(None, (), [lambda connection: write(connection, *arguments)])


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def process(url: str, home: Path, mutant: str = "", **more: str) -> asyncio.subprocess.Process:
    """The whole program in a process of its own, after the code of a mutant."""
    environment = {
        "HOIDAP_HOME": str(home),
        "HOIDAP_EMBEDDINGS": "off",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),  # this checkout, whatever is installed
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_ALLOWED_IDS": "*",
        "TELEGRAM_ADMIN_IDS": str(ADMIN),
        **more,
    }
    code = f"{mutant}\nimport sys; from bot.__main__ import main; sys.argv = ['hoidap', 'bot']; main()"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=environment, cwd=home, stderr=asyncio.subprocess.PIPE
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
