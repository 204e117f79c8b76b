"""What comes in: updates are kept in the store before they are acknowledged, and handled until they are settled.

An update is done in the transaction that keeps the letters it comes to. One that fails again and again is set aside
with an incident's code. One that ends the process is found at the next start: whatever was begun twice without an end
is handled alone then, so that only the one to blame is set aside.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Update

from bot import layout, messages
from bot.lanes import Lanes
from bot.logs import redacted
from bot.outbox import Outbox
from bot.sending import letters
from bot.turns import Turn, taking
from bot.writer import Writer
from corpus.errors import UnavailableError
from corpus.mailbox import Mailbox

TRIES = 3  # of an update whose handling fails
ALONE = 2  # begun so often without an end, an update is handled alone
CRASHES = 5  # begun so often without an end, it is set aside
_PAUSE = 0.1  # seconds before it is tried again, twice that before the next time
GRACE = 3.0  # seconds for what is being handled when the program stops
_log = logging.getLogger(__name__)


class CrashError(Exception):
    """The process ended each time that an update was handled."""


@dataclass(frozen=True, slots=True)
class _Item:
    """An update as it came, and read."""

    id: int
    raw: Mapping[str, Any]
    update: Update | None  # None: it cannot be read


class Inbox:
    """`handle` takes one update's turn: it posts and keeps what it comes to, and tells the turn when it failed."""

    def __init__(
        self,
        bot: Bot,
        handle: Callable[[Update], Awaitable[None]],
        mailbox: Mailbox,
        writer: Writer,
        outbox: Outbox,
    ) -> None:
        self._bot, self._handle = bot, handle
        self._mailbox, self._writer, self._outbox = mailbox, writer, outbox
        self._lanes = Lanes(self._settle)
        self._excused: set[int] = set()

    async def replay(self) -> None:
        """Take up what the last run left. Raises StoreError."""
        left = await self._writer.once(self._mailbox.waiting)
        tries = {arrived.id: arrived.tries for arrived in left}
        items = [self._read(arrived.id, json.loads(arrived.body)) for arrived in left]
        fresh = [item for item in items if tries[item.id] < ALONE]
        await self._writer.once(self._mailbox.begin, [item.id for item in fresh])
        worst: dict[int, int] = {}
        for item in items:
            worst[_lane(item)] = max(tries[item.id], worst.get(_lane(item), 0))
        # Chats that were seen to when the process ended go last, lest a kill by chance meets the same update again.
        for item in sorted(items, key=lambda item: worst[_lane(item)]):
            if tries[item.id] >= ALONE:
                await self._alone(item, tries[item.id])
        for item in fresh:
            self._put(item)

    async def _alone(self, item: _Item, tries: int) -> None:
        """Handle an update while no other is; if the process ends again and again meanwhile, it is to blame."""
        if tries >= CRASHES:
            await self._set_aside(item, CrashError("ended the process"))
            return
        await self._writer.once(self._mailbox.begin, [item.id])
        await self._settle(item)

    async def accept(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Keep updates, then see to them; those known already are not handled twice. Raises StoreError."""
        items = {update["update_id"]: update for update in updates}
        try:
            fresh = await self._writer.once(self._mailbox.take, {id: _body(raw) for id, raw in items.items()})
        except UnavailableError:
            await self._excuse(items)
            raise
        self._excused.clear()
        for id, raw in items.items():
            if id in fresh:
                self._put(self._read(id, raw))

    async def _excuse(self, items: Mapping[int, Mapping[str, Any]]) -> None:
        """Tell those who wait in private, once, that Telegram keeps their message until the store takes it."""
        for id, raw in items.items():
            chat = _chat(raw)
            if id not in self._excused and chat and chat > 0:
                self._excused.add(id)
                await self._outbox.at_once(letters(chat, layout.plain(messages.STORE_BUSY)))

    async def close(self) -> None:
        """What is being handled ends; the rest is left to the next run."""
        await self._lanes.close(GRACE)

    def _read(self, id: int, raw: Mapping[str, Any]) -> _Item:
        try:
            update = Update.de_json(dict(raw), self._bot)
        except Exception:  # whatever the library cannot make sense of
            return _Item(id, raw, None)
        # It takes any id for one.
        known = all(type(who.id) is int for who in (update.effective_chat, update.effective_user) if who)
        return _Item(id, raw, update if known else None)

    def _put(self, item: _Item) -> None:
        self._lanes.put(_lane(item), item)

    async def _settle(self, item: _Item) -> None:
        """Handle an update until it is done or set aside."""
        error: BaseException = ValueError("an update that cannot be read")
        for number in range(TRIES if item.update else 0):
            await asyncio.sleep(number * _PAUSE)
            turn = await self._take(item)
            if turn.error is None:
                for act in turn.after:
                    act()
                return
            error = turn.error
        await self._set_aside(item, error)

    async def _take(self, item: _Item) -> Turn:
        turn = Turn()
        assert item.update  # noqa: S101 - the caller's  # nosec B101
        try:
            with taking(turn):
                await self._handle(item.update)
            if turn.error is None:
                finish = self._mailbox.finish
                self._outbox.put(await self._writer.surely(finish, item.id, turn.letters, turn.writes))
        except Exception as error:
            turn.error = error
        return turn

    async def _set_aside(self, item: _Item, error: BaseException) -> None:
        code = secrets.token_hex(4).upper()
        _log.error("incident %s", code, exc_info=error)
        chat = _chat(item.raw)
        told = letters(chat, layout.plain(messages.incident(code))) if chat else []
        said = redacted(f"{code} {type(error).__name__}: {error}")[:300]
        self._outbox.put(await self._writer.surely(self._mailbox.set_aside, item.id, said, told))


def _body(raw: Mapping[str, Any]) -> str:
    """An update as it is kept; of one nested too deep to be written, only that it came.

    >>> deep = []
    >>> for _ in range(100_000):
    ...     deep = [deep]
    >>> _body({"update_id": 7, "message": deep})
    '{"update_id": 7}'
    """
    try:
        return json.dumps(raw)
    except RecursionError:
        return json.dumps({"update_id": raw["update_id"]})


def _lane(item: _Item) -> int:
    update = item.update
    if update and update.effective_chat:
        return update.effective_chat.id
    return update.effective_user.id if update and update.effective_user else 0


def _chat(raw: Mapping[str, Any]) -> int | None:
    """The chat of a message in a raw update, which may be anything.

    >>> _chat({"update_id": 1, "message": {"chat": {"id": 42}}}), _chat({"inline_query": {"id": "7"}}), _chat({"a": []})
    (42, None, None)
    """
    for part in raw.values():
        inner = part.get("message", part) if isinstance(part, dict) else None
        chat = inner.get("chat") if isinstance(inner, dict) else None
        id = chat.get("id") if isinstance(chat, dict) else None
        if isinstance(id, int) and abs(id) < 2**53:
            return id
    return None
