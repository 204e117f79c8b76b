"""Run the Telegram bot: its parts put together, by polling or by webhook, until a signal."""

import asyncio
import contextlib
import os
import re
import signal
from typing import Any
from urllib.parse import urlsplit

from telegram.ext import ApplicationBuilder

from bot.config import Settings
from bot.fetching import Source, listen, patiently, poll
from bot.inbox import Inbox
from bot.logs import configure
from bot.outbox import Outbox
from bot.telegram import App, Backing, Channel
from bot.transport import Transport
from bot.watchdog import EVERY, Watchdog, end_within
from bot.writer import Writer
from corpus.errors import SettingsError

STOPPING = 10.0  # seconds from the signal to the end
_TOKEN = re.compile(r"\d+:[\w-]{10,}")
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a proxy may stand on another machine  # nosec B104
_PORT = 8080  # where Telegram's calls are awaited when the address names no port: a proxy with TLS stands before it
_PRUNING = 3600.0  # seconds between two


def run_bot(backing: Backing) -> None:
    """Poll, or listen for Telegram, until a signal.

    Raises SettingsError for a missing or refused token, HoidapError for a second copy.
    """
    settings = backing.settings
    if not settings.token or not _TOKEN.fullmatch(settings.token):
        what = "sai dạng" if settings.token else "chưa có"
        raise SettingsError(f"TELEGRAM_BOT_TOKEN {what}; hãy lấy mã từ @BotFather rồi ghi vào .env.")
    configure(settings)
    asyncio.run(_until_signal(backing))


async def _until_signal(backing: Backing) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def told_to_stop() -> None:
        stop.set()
        end_within(STOPPING)

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C ends the program by itself
            loop.add_signal_handler(number, told_to_stop)
    await Service(backing).serve(stop)


class Service:
    """What comes in, what is made of it, what goes out."""

    def __init__(self, backing: Backing) -> None:
        self.ready = asyncio.Event()  # updates are awaited
        self._settings, mailbox = backing.settings, backing.store.mailbox
        self._source = Source(connection_pool_size=4, read_timeout=20, proxy=self._settings.proxy)
        self.application = _application(self._settings, self._source)
        bot = self.application.bot
        self._writer = Writer()
        self._outbox = Outbox(bot, mailbox, self._writer)
        self._channel = Channel(backing, self._outbox)
        self._channel.register(self.application)
        self._inbox = Inbox(bot, self.application.process_update, mailbox, self._writer, self._outbox)
        self._watchdog = Watchdog()
        self._prune = mailbox.prune

    async def serve(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. Raises SettingsError for a refused token, HoidapError when another copy polls."""
        fetching, stopping = asyncio.create_task(self._fetch()), asyncio.create_task(stop.wait())
        pruning = asyncio.create_task(self._pruned())
        try:
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (fetching, stopping, pruning):
                task.cancel()
            ended = await asyncio.gather(fetching, stopping, pruning, return_exceptions=True)
            await self._close()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _fetch(self) -> None:
        bot = self.application.bot
        await patiently(self.application.initialize)
        await self._channel.started(bot)
        await self._outbox.open()
        await self._inbox.replay()
        self.ready.set()
        self._watchdog.start()
        if self._settings.webhook_url:
            turning = asyncio.create_task(self._turning())
            try:
                await listen(bot, webhook(self._settings), self._inbox.accept)
            finally:
                turning.cancel()
        else:
            await poll(bot, self._source, self._inbox.accept, self._watchdog.beat)

    async def _turning(self) -> None:
        """Where nothing is fetched, an event loop that turns is the sign of life."""
        while True:
            self._watchdog.beat()
            await asyncio.sleep(EVERY)

    async def _pruned(self) -> None:
        while True:
            await self._writer.surely(self._prune)
            await asyncio.sleep(_PRUNING)

    async def _close(self) -> None:
        """In the order of the way: nothing comes in, all that was begun ends, its letters go out."""
        self._watchdog.stop()
        await self._inbox.close()
        await self._channel.stopped()
        await self._outbox.close()
        self._writer.close()
        await self.application.shutdown()


def _application(settings: Settings, source: Source) -> App:
    """The library's part: handlers, and calls to Telegram. Updates and letters don't go through its queues."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns of its own use of seconds
    calls = Transport(connection_pool_size=64, read_timeout=20, proxy=settings.proxy)
    builder = ApplicationBuilder().token(settings.token or "").updater(None).get_updates_request(source).request(calls)
    if settings.api_url:
        builder = builder.base_url(f"{settings.api_url}/bot").base_file_url(f"{settings.api_url}/file/bot")
    return builder.build()


def webhook(settings: Settings) -> dict[str, Any]:
    """Where to listen, and what Telegram is told to call; only calls with the secret are taken.

    >>> from bot.config import load_settings
    >>> told = {"TELEGRAM_WEBHOOK_URL": "https://vi.du/hoi", "TELEGRAM_WEBHOOK_SECRET": "bimat"}
    >>> [webhook(load_settings(told))[name] for name in ("listen", "port", "path")]
    ['0.0.0.0', 8080, 'hoi']
    """
    address = urlsplit(settings.webhook_url or "")
    local = address.hostname in ("localhost", "127.0.0.1")
    return {
        "listen": "127.0.0.1" if local else _EVERYWHERE,
        "port": address.port or _PORT,
        "path": address.path.strip("/"),
        "url": settings.webhook_url,
        "secret": settings.webhook_secret or "",
    }
