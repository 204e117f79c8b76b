"""Run the Telegram bot: an application from the settings, by polling or by webhook, until a signal."""

import asyncio
import os
import re
from typing import Any
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import InvalidToken
from telegram.ext import Application, ApplicationBuilder

from bot import messages
from bot.config import Settings
from bot.limits import ByChat
from bot.logs import configure
from bot.polling import Polling
from bot.telegram import App, Backing, Channel
from bot.updates import PerChat
from bot.watchdog import EVERY, Watchdog
from corpus.errors import HoidapError, SettingsError

_TOKEN = re.compile(r"\d+:[\w-]{10,}")
UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)  # nothing else is fetched
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a proxy may stand on another machine  # nosec B104
_PORT = 8080  # where Telegram's calls are awaited when the address names no port: a proxy with TLS stands before it


def run_bot(backing: Backing) -> None:
    """Poll, or listen for Telegram, until a signal.

    Raises SettingsError for a missing or refused token, HoidapError for a second copy.
    """
    settings = backing.settings
    if not settings.token or not _TOKEN.fullmatch(settings.token):
        what = "sai dạng" if settings.token else "chưa có"
        raise SettingsError(f"TELEGRAM_BOT_TOKEN {what}; hãy lấy mã từ @BotFather rồi ghi vào .env.")
    configure(settings)
    application = build(backing)
    try:
        if settings.webhook_url:
            application.run_webhook(**webhook(settings), allowed_updates=list(UPDATES), bootstrap_retries=-1)
        else:
            application.run_polling(allowed_updates=list(UPDATES), bootstrap_retries=-1)
    except InvalidToken:
        raise SettingsError(messages.UNRECOGNIZED) from None
    if reason := application.bot_data.get("fatal"):
        raise HoidapError(reason)


def build(backing: Backing) -> App:
    """An application that is ready to poll."""
    settings = backing.settings
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns of its own use of seconds
    limiter = ByChat()
    channel, watchdog = Channel(backing), Watchdog()
    turning: list[asyncio.Task[None]] = []

    async def started(application: App) -> None:
        await channel.started(application)
        watchdog.start()
        if settings.webhook_url:
            turning.append(asyncio.create_task(_beating(watchdog)))

    async def stopped(application: App) -> None:
        watchdog.stop()
        for task in turning:
            task.cancel()
        await channel.stopped(application)

    builder = (
        ApplicationBuilder()
        .application_class(Stoppable, {"limiter": limiter})
        .token(settings.token or "")
        .rate_limiter(limiter)
        .concurrent_updates(PerChat())
        .get_updates_request(Polling(watchdog.beat, connection_pool_size=4, read_timeout=20, proxy=settings.proxy))
        .connection_pool_size(64)
        .read_timeout(20)
        .post_init(started)
        .post_stop(stopped)
    )
    if settings.api_url:
        builder = builder.base_url(f"{settings.api_url}/bot").base_file_url(f"{settings.api_url}/file/bot")
    if settings.proxy:
        builder = builder.proxy(settings.proxy)
    application = builder.build()
    channel.register(application)
    return application


async def _beating(watchdog: Watchdog) -> None:
    """Where nothing is fetched, an event loop that turns is the sign of life."""
    while True:
        watchdog.beat()
        await asyncio.sleep(EVERY)


class Stoppable(Application):  # type: ignore[type-arg]
    """An application that does not wait for the end of flood limits when it stops."""

    def __init__(self, *, limiter: ByChat, **more: Any) -> None:
        super().__init__(**more)
        self._limiter = limiter

    async def stop(self) -> None:
        self._limiter.close()
        await super().stop()


def webhook(settings: Settings) -> dict[str, Any]:
    """Where to listen, and what Telegram is told to call; only calls with the secret are taken.

    >>> from bot.config import load_settings
    >>> told = {"TELEGRAM_WEBHOOK_URL": "https://vi.du/hoi", "TELEGRAM_WEBHOOK_SECRET": "bimat"}
    >>> [webhook(load_settings(told))[name] for name in ("listen", "port", "url_path")]
    ['0.0.0.0', 8080, 'hoi']
    """
    address = urlsplit(settings.webhook_url or "")
    local = address.hostname in ("localhost", "127.0.0.1")
    return {
        "listen": "127.0.0.1" if local else _EVERYWHERE,
        "port": address.port or _PORT,
        "url_path": address.path.strip("/"),
        "webhook_url": settings.webhook_url,
        "secret_token": settings.webhook_secret,
    }
