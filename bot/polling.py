"""Fetching updates: a token that is refused mid-run is an error that the program hears of."""

from collections.abc import Callable
from typing import Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest

_UNAUTHORIZED = 401


class TokenRefusedError(TelegramError):
    """The token that worked a moment ago is not taken any more."""


class Polling(HTTPXRequest):
    """The requests of getUpdates; at its own InvalidToken the library stops polling without telling the application.

    `beat` is called at the end of each, be it an error: polling goes on.
    """

    def __init__(self, beat: Callable[[], None], **more: Any) -> None:
        super().__init__(**more)
        self._beat = beat

    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """One call. Raises TokenRefusedError, which reaches the error handlers as other errors of polling do."""
        try:
            code, payload = await super().do_request(*args, **more)
        finally:
            self._beat()
        if code == _UNAUTHORIZED:
            raise TokenRefusedError("Unauthorized")
        return code, payload
