"""Where updates come from: fetched by polling, or brought by Telegram's calls; acknowledged once they are accepted."""

import asyncio
import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from bot import messages
from bot.transport import Transport
from corpus.errors import HoidapError, SettingsError, StoreError

UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)  # nothing else is fetched
Raw = dict[str, Any]
Accept = Callable[[Sequence[Raw]], Awaitable[None]]
_LONG = 10  # seconds that Telegram waits for an update before it answers
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds after failures, then the last again and again
_SOON = 1.0  # seconds: Telegram waits longer before it says that there is nothing
_MOST = 2**63  # update ids
_log = logging.getLogger(__name__)


class Source(Transport):
    """The requests of getUpdates. Results are kept as they came: the library stops for ever at what it cannot read."""

    fetched: Sequence[Raw] = ()

    async def do_request(self, *arguments: Any, **more: Any) -> tuple[int, bytes]:
        """One call, whose updates the library does not see. Raises TelegramError."""
        code, payload = await super().do_request(*arguments, **more)
        if code == 200:
            self.fetched, payload = _updates(payload), b'{"ok": true, "result": []}'
        return code, payload


async def poll(bot: Bot, source: Source, accept: Accept, beat: Callable[[], None]) -> None:
    """Fetch updates until cancelled; the offset moves past those that were accepted. Each round is a `beat`.

    Raises SettingsError for a refused token, HoidapError for a second copy.
    """
    await patiently(bot.delete_webhook)
    offset, failures = None, 0
    while True:
        beat()
        try:
            offset = await _fetched(bot, source, accept, offset)
            failures = 0
        except InvalidToken:
            raise SettingsError(messages.UNRECOGNIZED) from None
        except Conflict:
            raise HoidapError(messages.CONFLICT) from None
        except (TelegramError, StoreError) as error:
            _log.warning("polling: %s", error)
            await asyncio.sleep(_pause(error, failures))
            failures += 1


async def _fetched(bot: Bot, source: Source, accept: Accept, offset: int | None) -> int | None:
    """Have accepted what one call brings: the next offset. Raises TelegramError and StoreError."""
    after, begun = offset, time.monotonic()
    await bot.get_updates(offset, timeout=_LONG, allowed_updates=UPDATES)
    if source.fetched:
        await accept(source.fetched)
        after = max(update["update_id"] for update in source.fetched) + 1
    if after == offset and time.monotonic() - begun < _SOON:
        raise NetworkError("a reply with nothing new that came at once")
    return after


async def listen(bot: Bot, where: Raw, accept: Accept) -> None:
    """Take Telegram's calls until cancelled; `where` as bot.service.webhook gives it. Raises HoidapError."""
    calls = Application(
        [(f"/{re.escape(where['path'])}/?", _Calls, {"accept": accept, "secret": where["secret"]})],
        log_function=lambda handler: None,  # it would log the address
    )
    server = HTTPServer(calls)
    try:
        server.listen(where["port"], where["listen"])
    except OSError as error:
        raise HoidapError(f"Không nghe được ở cổng {where['port']}: {error.strerror}.") from None
    try:
        await patiently(
            lambda: bot.set_webhook(where["url"], allowed_updates=UPDATES, secret_token=where["secret"] or None)
        )
        await asyncio.Event().wait()
    finally:
        server.stop()
        await server.close_all_connections()


async def patiently(call: Callable[[], Awaitable[Any]]) -> None:
    """Again and again while the network fails. Raises SettingsError for a refused token."""
    failures = 0
    while True:
        try:
            await call()
            return
        except InvalidToken:
            raise SettingsError(messages.UNRECOGNIZED) from None
        except (NetworkError, RetryAfter) as error:
            _log.warning("polling: %s", error)
            await asyncio.sleep(_pause(error, failures))
            failures += 1


class _Calls(RequestHandler):
    """A call of Telegram's brings one update; only those with the secret are taken."""

    def initialize(self, accept: Accept, secret: str) -> None:
        self._accept, self._secret = accept, secret

    async def post(self) -> None:
        told = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(told.encode(), self._secret.encode()):
            raise HTTPError(403)
        try:
            found = _updates(b'{"result": [' + self.request.body + b"]}")
        except NetworkError:
            raise HTTPError(400) from None
        try:
            await self._accept(found)
        except StoreError as error:
            _log.warning("polling: %s", error)
            raise HTTPError(503) from None  # Telegram brings it again


def _updates(payload: bytes) -> list[Raw]:
    """The updates of a reply. Raises NetworkError when there is no sense in it."""
    try:
        result = json.loads(payload)["result"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NetworkError("a reply that is no JSON of Telegram's") from None
    known = [update for update in result if _has_id(update)] if isinstance(result, list) else []
    if not known and result != []:
        raise NetworkError("a reply without updates")
    return known


def _has_id(update: object) -> bool:
    id = update.get("update_id") if isinstance(update, dict) else None
    return type(id) is int and 0 <= id < _MOST


def _pause(error: Exception, failures: int) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    if isinstance(error, StoreError):  # which has been waited for; people wait, too
        return _PAUSES[0]
    return _PAUSES[min(failures, len(_PAUSES) - 1)]
