"""Calls to Telegram over HTTP: what answers in its place (a proxy, a portal, half a reply) is a fault of the network.

A page with status 403 from a firewall must not count as a user who blocked the bot, nor one with 404 as a wrong token.
"""

import json
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

_DOWNLOAD = "GET"  # a file's bytes; all else is called by POST
_LONGEST = 86_400  # seconds that Telegram may ask to wait
_LARGEST = 2**53  # ids of chats


class Transport(HTTPXRequest):
    """The library's, which trusts every reply to be Telegram's."""

    async def do_request(self, url: str, method: str, *arguments: Any, **more: Any) -> tuple[int, bytes]:
        """One call: the status, and a reply as Telegram makes them or a file. Raises TelegramError."""
        code, payload = await super().do_request(url, method, *arguments, **more)
        sound = code == 200 and (method == _DOWNLOAD or _said(payload, True))
        return code, payload if sound else refusal(code, payload)


def refusal(code: int, payload: bytes) -> bytes:
    """A refusal, without what makes no sense in it. Raises NetworkError when it is none of Telegram's.

    >>> refusal(429, b'{"ok": false, "description": 7, "parameters": {"retry_after": 3, "migrate_to_chat_id": "x"}}')
    b'{"ok": false, "parameters": {"retry_after": 3}}'
    """
    said = _said(payload, False)
    if code == 200 or said is None:
        raise NetworkError(f"a reply that is not Telegram's ({code})")
    kept: dict[str, Any] = {"ok": False}
    if isinstance(said.get("description"), str):
        kept["description"] = said["description"]
    given = said.get("parameters")
    sound = {name: value for name, value in given.items() if _makes_sense(name, value)} if type(given) is dict else {}
    return json.dumps({**kept, "parameters": sound}).encode()


def _said(payload: bytes, ok: bool) -> dict[str, Any] | None:
    """Telegram's reply; None when it is none, or says otherwise."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    told = isinstance(said, dict) and said.get("ok") is ok and (not ok or "result" in said)
    return said if told else None


def _makes_sense(name: str, value: object) -> bool:
    if type(value) not in (int, float):
        return False
    if name == "retry_after":
        return 0 <= value <= _LONGEST  # type: ignore[operator]
    return name == "migrate_to_chat_id" and type(value) is int and abs(value) < _LARGEST
