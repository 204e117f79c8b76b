"""Bodies that a Bot API server must not send, and a bot that gets thousands of them, by polling or by its webhook."""

import asyncio
import gzip
import json
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import pytest
from aiohttp import ClientSession, web
from bots import Running, free_port, running
from emulator import TOKEN, Obey

from bot import fetching

SECRET = "bi-mat_1"
_STRETCH = 100  # bad bodies, then a question
_FIRST = 10**6  # id of the first real update: what is left of a spoilt one is older
_PAGE = b"<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"
_ODD = (None, True, 0, -1, 2**63, 1e300, "1", "", [], [[]], {}, {"update_id": None}, {"message": 5}, "\ud800\0")
_NAMES = ("ok", "result", "description", "error_code", "parameters")
_TEXT = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Tally:
    """What became of bodies."""

    bodies: int
    understood: int  # were updates all the same
    refused: int
    hasty: int  # pauses of less than a second after one that was refused
    unhandled: int  # ended the bot, or came to an error that nobody foresaw
    questions: int  # each after a stretch of bodies
    answered: int

    @property
    def good(self) -> bool:
        whole = self.understood + self.refused == self.bodies
        return whole and self.hasty == self.unhandled == 0 and self.answered == self.questions


def update(dice: random.Random) -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": 'Đặng "<&>" 😀'}
    chat = {"id": 7, "type": "private", "first_name": "U"}
    message = {"message_id": dice.randrange(10**6), "date": 1_700_000_000, "chat": chat, "from": person}
    return {"update_id": dice.randrange(10**5), "message": {**message, "text": "Hậu Giang có bao nhiêu trạm BTS tăng?"}}


def spoilt(dice: random.Random, whole: bytes) -> bytes:
    """A body that was good, made bad in one of many ways; now and then it can be understood all the same."""
    return dice.choice(_WAYS)(dice, whole)


def _cut(dice: random.Random, whole: bytes) -> bytes:
    return whole[: dice.randrange(len(whole))]


def _flipped(dice: random.Random, whole: bytes) -> bytes:
    made = bytearray(whole)
    for _ in range(dice.choice((1, 3, 30))):
        made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made)


def _html(dice: random.Random, whole: bytes) -> bytes:
    return dice.choice((_PAGE, b"", _PAGE + whole, whole + _PAGE, _PAGE[: dice.randrange(len(_PAGE))]))


def _binary(dice: random.Random, whole: bytes) -> bytes:
    return dice.choice((dice.randbytes(dice.randrange(2000)), gzip.compress(whole), bytes(500), whole + bytes(3)))


def _encoded(dice: random.Random, whole: bytes) -> bytes:
    text = whole.decode()
    name = dice.choice(("utf-16", "utf-16-le", "utf-32", "cp1258", "latin-1", "utf-7", "utf-8-sig"))
    return json.dumps(json.loads(text), ensure_ascii=False).encode(name, "replace")


def _mistyped(dice: random.Random, whole: bytes) -> bytes:
    """Some value at some place is of another type."""
    made = json.loads(whole)
    inner, key = dice.choice(list(_places(made)))
    inner[key] = dice.choice(_ODD)
    return dice.choice((json.dumps(made), json.dumps(dice.choice(_ODD)))).encode()


def _huge(dice: random.Random, whole: bytes) -> bytes:
    depth = dice.choice((100, 480, 950, 985, 5_000, 100_000))
    deep = b'{"update_id": 5, "message": ' + b'{"a": [' * (depth // 2) + b"]}" * (depth // 2) + b"}"
    long = whole.replace(b"BTS", b"B" * dice.choice((10**4, 10**6)))
    many = b'{"ok": true, "result": [' + b",".join([b"5"] * 10**5) + b"]}"
    return dice.choice((b'{"ok": true, "result": [' + deep + b"]}", deep, long, many, b"9" * 5_000, b" " * 10**6))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in JSON: what it is in, and its key."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_cut, _flipped, _html, _binary, _encoded),
    *(_mistyped, _mistyped, _mistyped, _huge),
)


def reply(dice: random.Random) -> web.Response | bytes:
    """A bad reply to getUpdates; bytes are what goes over the wire before it breaks."""
    good = {"ok": True, "result": [update(dice) for _ in range(dice.choice((1, 1, 3)))]}
    bad = {
        "ok": False,
        "error_code": 500,
        "description": "x",
        "parameters": {"retry_after": 5, "migrate_to_chat_id": 5},
    }
    way = dice.randrange(10)
    if way == 0:
        return b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + json.dumps(good).encode()[: dice.randrange(200)]
    if way == 1:
        return dice.choice(
            (b"", b"\0\xff" * 50, b"HTTP/1.1 2x0 ?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx")
        )
    if way < 4:
        status = dice.choice((400, 403, 429, 500, 502, 503, 599))
        return web.Response(status=status, body=spoilt(dice, json.dumps(bad).encode()), headers=_TEXT)
    if way == 4:  # a page that stands where Telegram should be does not speak for it
        return web.Response(status=dice.choice((401, 403, 404, 409, 451)), body=_PAGE)
    return web.Response(body=spoilt(dice, json.dumps(good).encode()), headers=_TEXT)


async def polled(number: int, seed: int = 1) -> Tally:
    """A bot that polls gets so many bad replies; its pauses are counted, not waited for."""
    dice, errors, pauses, left = random.Random(seed), [], [], []
    pause = fetching._pause

    def counted(error: Exception, failures: int) -> float:
        pauses.append(pause(error, failures))
        return 0.0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching, "_pause", counted)
        async with _watched(errors) as bot:

            async def serve(size: int) -> None:
                left.extend(reply(dice) for _ in range(size))
                await bot.emulator.say(7, "Hậu Giang?")  # ends the poll that waits
                await bot.until(lambda: not left, 60)

            bot.emulator.instead = partial(_bad, left)
            said = await _asked(bot, number, serve)
    hasty = sum(seconds < 1 for seconds in pauses)
    return Tally(number, number - len(pauses), len(pauses), hasty, len(errors), *said)


async def _bad(left: list[web.Response | bytes], request: web.Request, obey: Obey) -> web.Response | None:
    """The next bad reply to a poll."""
    if request.match_info["method"] != "getUpdates" or not left:
        return None
    bad = left.pop()
    if isinstance(bad, web.Response):
        return bad
    request.transport.write(bad)
    request.transport.close()
    return web.Response()


async def posted(number: int, seed: int = 1) -> Tally:
    """A bot that Telegram calls gets so many bad calls."""
    dice, errors, statuses = random.Random(seed), [], Counter[int]()
    more = {"TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{free_port()}/hoi", "TELEGRAM_WEBHOOK_SECRET": SECRET}
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, **_TEXT}
    kinds = (_TEXT["Content-Type"], "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html")

    async with _watched(errors, **more) as bot, ClientSession() as telegram:

        async def serve(size: int) -> None:
            for _ in range(size):
                told = {**headers, "Content-Type": dice.choice(kinds)}
                body = spoilt(dice, json.dumps(update(dice)).encode())
                async with telegram.post(more["TELEGRAM_WEBHOOK_URL"], data=body, headers=told) as taken:
                    statuses[taken.status] += 1

        said = await _asked(bot, number, serve)
    odd = number - statuses[200] - statuses[400]
    return Tally(number, statuses[200], statuses[400], 0, len(errors) + odd, *said)


@asynccontextmanager
async def _watched(errors: list[object], **more: str) -> AsyncIterator[Running]:
    """A bot, and what nobody foresaw in it. An update that cannot be handled is foreseen: it is set aside."""

    class Errors(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not str(record.msg).startswith("incident"):
                errors.append(record)

    handler = Errors(logging.ERROR)
    logging.getLogger().addHandler(handler)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context))
    try:
        async with running(TELEGRAM_ALLOWED_IDS="*", **more) as bot:
            bot.emulator._update_queues._state(TOKEN).next_id = _FIRST
            yield bot
    finally:
        logging.getLogger().removeHandler(handler)


async def _asked(bot: Running, number: int, serve: Callable[[int], Awaitable[None]]) -> tuple[int, int]:
    """Serve so many bodies, with a question before and after each stretch: how many were asked, and answered."""
    people = count(1000)
    for begun in range(0, number, _STRETCH):
        await bot.emulator.say(next(people), "Hậu Giang?")
        await serve(min(_STRETCH, number - begun))
        await bot.emulator.say(last := next(people), "Hậu Giang?")
        with suppress(AssertionError):
            await bot.until(lambda last=last: bool(bot.emulator.sent(last) and bot.emulator.sent(last - 1)), 60)
    asked = range(1000, next(people))
    return len(asked), sum(len(bot.emulator.sent(person)) == 1 for person in asked)
