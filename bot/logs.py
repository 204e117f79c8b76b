"""Logging without secrets: whatever a line or a traceback says, tokens and passwords are blotted out of it."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from urllib.parse import quote, unquote, urlsplit

from bot.config import Settings

_TOKEN = re.compile(r"\d{6,}:[\w-]{20,}")  # any bot's, also one that is not in the settings
_PASSWORD = re.compile(r"(?<=://)[^\s/@'\"]*:[^\s/@'\"]*(?=@)")  # of any address, with its user
_HIDDEN = "***"
_SHORT = 4  # characters of a password under which it is only hidden within its address: "1" stands everywhere


class Redacting(logging.Formatter):
    """Formats as usual, then hides secrets: a filter on records would miss those in tracebacks."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record), self._secrets)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """
    >>> redacted("bot123456789:AAAAAAAAAAAAAAAAAAAAAAAA/getMe of http://u:p@h, key", ["key"])
    'bot***/getMe of http://***@h, ***'
    """
    for secret in secrets:
        text = text.replace(secret, _HIDDEN)
    return _PASSWORD.sub(_HIDDEN, _TOKEN.sub(_HIDDEN, text))


def configure(settings: Settings) -> None:
    """Log to standard error; the HTTP library only from warnings on, for it logs addresses with the token in them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets_of(settings)))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Everything in the settings that must never be read by others, in each way that it may be written."""
    given = [str(getattr(settings, field.name) or "") for field in fields(settings) if not field.repr]
    written = {
        text for secret in given for part in _parts(secret) for text in (part, quote(part, ""), repr(part)[1:-1])
    }
    return tuple(sorted(written, key=len, reverse=True))  # else a part would leave the rest of the whole


def _parts(secret: str) -> Iterator[str]:
    """The secret, and the password when it is an address: drivers quote it alone."""
    if secret:
        yield secret
    parts = urlsplit(secret if "://" in secret else "")
    # A key without a password stands where the user's name does.
    password = parts.password or (parts.username if parts.scheme.startswith("http") else "") or ""
    if len(password) >= _SHORT:
        yield password
        yield unquote(password)
