"""How fast messages go out: Telegram's limit over all chats, and flood limits that hold up their own chat only."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

PER_SECOND = 28  # messages to all chats together; Telegram takes 30
_TRIES = 3  # of one message under flood limits
_SLACK = 0.1  # seconds on top of what Telegram asks to wait
_log = logging.getLogger(__name__)


class ByChat(BaseRateLimiter[int]):
    """Calls to one chat in order, one at a time; the library's own limiter halts every chat when one is flooded."""

    def __init__(self) -> None:
        self._all = AsyncLimiter(1, 1 / PER_SECOND)  # evenly: a burst would exceed the limit within its second
        self._closing = asyncio.Event()
        self._chats: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    def close(self) -> None:
        """Nothing waits for the end of a flood limit any more: the program stops."""
        self._closing.set()

    async def _closed_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._closing.wait(), seconds)
        return False

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Make the call when its turn comes. Raises RetryAfter when a flood limit does not end."""
        chat = data.get("chat_id")
        if chat is None:
            return await callback(*args, **kwargs)
        lock = self._chats.setdefault(chat, asyncio.Lock())
        async with lock:
            for _ in range(_TRIES):
                await self._all.acquire()
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as flood:
                    wait = flood.retry_after
                    seconds = wait.total_seconds() if isinstance(wait, timedelta) else wait
                    _log.warning("flood limit: one chat waits %.0f s", seconds)
                    if await self._closed_within(seconds + _SLACK):
                        raise
            return await callback(*args, **kwargs)
