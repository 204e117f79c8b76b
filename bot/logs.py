"""Logging without secrets: whatever a line or a traceback says, tokens and passwords are blotted out of it."""

import logging
import re
import sys
from urllib.parse import unquote, urlsplit

from bot.config import Settings

_TOKEN = re.compile(r"\d{6,}:[\w-]{20,}")  # any bot's, also one that is not in the settings
_HIDDEN = "***"


class Redacting(logging.Formatter):
    """Formats as usual, then hides secrets: a filter on records would miss those in tracebacks."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return redacted(line)


def redacted(text: str) -> str:
    """Without tokens.

    >>> redacted("https://api.telegram.org/bot123456789:AAAAAAAAAAAAAAAAAAAAAAAA/getMe")
    'https://api.telegram.org/bot***/getMe'
    """
    return _TOKEN.sub(_HIDDEN, text)


def configure(settings: Settings) -> None:
    """Log to standard error; the HTTP library only from warnings on, for it logs addresses with the token in them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets_of(settings)))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Everything in the settings that must never be read by others."""
    urls = (settings.database_url, settings.target_url, settings.qdrant_url, settings.proxy)
    addresses = [url for url in urls if url]
    parts = map(urlsplit, addresses)
    # A key without a password stands where the user's name does.
    inside = [part.password or (part.username if part.scheme.startswith("http") else "") or "" for part in parts]
    given = (settings.token, settings.webhook_secret, *addresses, *inside, *map(unquote, inside))
    return tuple(secret for secret in given if secret)
