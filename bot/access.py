"""Who may do what, and how often: decided by numeric ids, for every kind of update, before anything else runs."""

import time
from collections import deque
from typing import Any

from telegram import CallbackQuery, Update
from telegram.constants import ChatType

from bot.config import Settings

ANONYMOUS = frozenset(
    {1087968824, 136817688, 777000}
)  # anonymous admins, channels, forwards of channels: nobody in person
PER_MINUTE = 20  # questions of one person
_REMEMBERED = 10_000  # people


def may_ask(settings: Settings, update: Update) -> bool:
    """An update without a person behind it is nobody's, and so refused unless everyone may ask."""
    user = update.effective_user
    if user is None or user.id in ANONYMOUS:
        return settings.allowed is None and user is not None
    return settings.may_ask(user.id)


def may_administrate(settings: Settings, update: Update) -> bool:
    """Admins by id, in their private chat, by a new message in their own words: not forwarded, not another bot's."""
    user, message = update.effective_user, update.message
    if user is None or message is None or user.id in ANONYMOUS:
        return False
    own = message.forward_origin is None and message.via_bot is None
    return own and message.chat.type == ChatType.PRIVATE and user.id in settings.admins


def stays_inside(settings: Settings, update: Update) -> bool:
    """Whether what is said where an update came from is read only by those who may: others are in most groups."""
    chat = update.effective_chat
    private = chat is None or chat.type == ChatType.PRIVATE  # without a chat: inline, for one person
    return private or settings.allowed is None or (chat is not None and chat.id in settings.allowed)


def presses_as_admin(settings: Settings, query: CallbackQuery) -> bool:
    """A button's press counts as an admin's in the admin's private chat only."""
    private = query.message is not None and query.message.chat.type == ChatType.PRIVATE
    return private and query.from_user.id in settings.admins


class Pace:
    """Counts what each person does in the last minute."""

    def __init__(self, limit: int = PER_MINUTE) -> None:
        self._limit = limit
        self._times: dict[int, deque[float]] = {}
        self._told: dict[int, float] = {}

    def allows(self, person: int, at: float | None = None) -> bool:
        """Whether this is not too much; counted in. `at`: seconds since 1970, when it was written; now by default."""
        now = time.time() if at is None else at
        times = self._times.setdefault(person, deque(maxlen=self._limit))
        self._forget(self._times)
        if len(times) == self._limit and abs(now - times[0]) < 60:
            return False  # a clock that was put back holds nobody up
        times.append(now)
        return True

    def tell(self, person: int) -> bool:
        """Whether to tell this person so: once a minute."""
        now = time.monotonic()
        if now - self._told.get(person, -60.0) < 60:
            return False
        self._told[person] = now
        self._forget(self._told)
        return True

    @staticmethod
    def _forget(table: dict[int, Any]) -> None:
        """The oldest go first, so that strangers cannot fill the memory."""
        while len(table) > _REMEMBERED:
            table.pop(next(iter(table)))
