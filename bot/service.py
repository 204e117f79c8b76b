"""Run the Telegram bot: an application from the settings, by polling or by webhook, until a signal."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import InvalidToken
from telegram.ext import AIORateLimiter, ApplicationBuilder

from bot.config import Settings
from bot.logs import configure
from bot.telegram import App, Ask, Channel, Log
from bot.updates import PerChat
from corpus.errors import HoidapError, SettingsError
from corpus.store import Store

_TOKEN = re.compile(r"\d+:[\w-]{10,}")
UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)  # nothing else is fetched
_PORT = 8080  # where Telegram's calls are awaited when the address names no port: a proxy with TLS stands before it


def run_bot(settings: Settings, ask: Ask, log: Log, reindex_command: Sequence[str], store: Store) -> None:
    """Poll, or listen for Telegram, until a signal.

    Raises SettingsError for a missing or refused token, HoidapError for a second copy.
    """
    if not settings.token or not _TOKEN.fullmatch(settings.token):
        what = "sai dạng" if settings.token else "chưa có"
        raise SettingsError(f"TELEGRAM_BOT_TOKEN {what}; hãy lấy mã từ @BotFather rồi ghi vào .env.")
    configure(settings)
    application = build(settings, ask, log, reindex_command, store)
    try:
        if settings.webhook_url:
            application.run_webhook(**webhook(settings), allowed_updates=list(UPDATES), bootstrap_retries=-1)
        else:
            application.run_polling(allowed_updates=list(UPDATES), bootstrap_retries=-1)
    except InvalidToken:
        raise SettingsError("Telegram không nhận TELEGRAM_BOT_TOKEN; hãy lấy mã mới từ @BotFather.") from None
    if reason := application.bot_data.get("fatal"):
        raise HoidapError(reason)


def build(settings: Settings, ask: Ask, log: Log, reindex_command: Sequence[str], store: Store | None = None) -> App:
    """An application that is ready to poll; without a store its answers have no buttons."""
    channel = Channel(settings, ask, log, reindex_command, store)
    builder = (
        ApplicationBuilder()
        .token(settings.token or "")
        .rate_limiter(AIORateLimiter(max_retries=3))
        .concurrent_updates(PerChat())
        .get_updates_connection_pool_size(4)
        .connection_pool_size(64)
        .read_timeout(20)
        .post_init(channel.started)
        .post_stop(channel.stopped)
    )
    if settings.api_url:
        builder = builder.base_url(f"{settings.api_url}/bot").base_file_url(f"{settings.api_url}/file/bot")
    if settings.proxy:
        builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
    application = builder.build()
    channel.register(application)
    return application


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
        "listen": "127.0.0.1" if local else "0.0.0.0",  # noqa: S104 - a proxy may stand on another machine
        "port": address.port or _PORT,
        "url_path": address.path.strip("/"),
        "webhook_url": settings.webhook_url,
        "secret_token": settings.webhook_secret,
    }
