"""Who is let in: strangers ask, admins decide with a button, and take it back; every decision is on record."""

import asyncio
import re
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update, User
from telegram.ext import ContextTypes

from bot import layout, messages
from bot.access import ANONYMOUS, presses_as_admin
from bot.config import Settings
from bot.sending import send
from bot.turns import keep
from bot.updates import popup
from corpus.desk import Desk, Person, decided, entitled, lets, unchanged

PATTERN = re.compile(r"^quyen:([atrvb]):(\d{1,19})$")
_SHOWN = 90  # buttons: Telegram takes a hundred
DAYS = 30  # of access for a while
_NEEDED = {"a": "asked", "t": "asked", "r": "asked", "v": "allowed", "b": "refused"}  # what a decision can be made of


class Doors:
    """The desk's people, and the messages about them."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        self._settings, self._desk = settings, desk

    async def may_ask(self, update: Update) -> bool:
        """Whether an admin let the person behind an update in; if not so any more at its end, nothing comes of it."""
        user = update.effective_user
        if user is None or user.id in ANONYMOUS:
            return False
        id = str(user.id)
        allowed = await asyncio.to_thread(self._desk.may_ask, id)
        if allowed:
            keep(partial(entitled, id=id))
        return allowed

    async def knock(self, user: User) -> str:
        """A stranger wants in: the admins are asked, once; what to tell the stranger."""
        id = str(user.id)
        known = await asyncio.to_thread(self._desk.person, id)
        if lets(known):  # in by an admin, just now
            return messages.told("a", DAYS)
        if known and known.state == "refused":
            return messages.REFUSED
        if not known or known.state == "allowed":  # never asked, or the time is over
            keep(partial(unchanged, id=id, known=known))
            keep(partial(decided, id=id, name=user.full_name, state="asked", actor=id))
            for admin in sorted(self._settings.admins):
                send(admin, layout.plain(messages.wants_in(user.full_name, user.id)), markup=_choices(user.id))
        return messages.ASKED_ADMIN if self._settings.admins else messages.refusal(user.id)

    async def decide(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An admin's button; anybody else's does nothing."""
        query = update.callback_query
        found = PATTERN.match(query.data or "") if query else None
        if query is None or found is None or not presses_as_admin(self._settings, query):
            if query:
                await popup(query, messages.EXPIRED)
            return
        verb, id = found.groups()
        person = await asyncio.to_thread(self._desk.person, id)
        if person is None or person.state != _NEEDED[verb]:
            await popup(query, messages.DECIDED)
            return
        state, days = ("allowed" if verb in "atb" else "refused"), (DAYS if verb == "t" else None)
        actor = str(query.from_user.id)
        keep(partial(unchanged, id=id, known=person))  # else the turn is taken again
        keep(partial(decided, id=id, name=person.name, state=state, actor=actor, days=days))
        await popup(query)
        if query.message:
            done = messages.decision(person.name, int(id), verb, DAYS)
            back = InlineKeyboardMarkup([[_button(messages.LET_BACK, "b", id)]]) if state == "refused" else None
            send(query.message.chat.id, layout.plain(done), edit=query.message.message_id, markup=back)
        send(int(id), layout.plain(messages.told(verb, DAYS)))

    async def people(self, admin: int) -> None:
        """Those let in, each with a button to take it back."""
        allowed = await asyncio.to_thread(self._desk.allowed)
        markup = InlineKeyboardMarkup(
            [[_button(messages.revoke(person.name), "v", person.id)] for person in allowed[:_SHOWN]]
        )
        send(admin, layout.plain(_listed(allowed)), markup=markup if allowed else None)


def _listed(people: list[Person]) -> str:
    rows = [messages.person(person.name, person.id, person.until) for person in people]
    return "\n".join([messages.PEOPLE if rows else messages.NOBODY, *rows])


def _choices(id: int) -> InlineKeyboardMarkup:
    first = [_button(messages.LET_IN, "a", str(id)), _button(messages.let_in_for(DAYS), "t", str(id))]
    return InlineKeyboardMarkup([first, [_button(messages.TURN_AWAY, "r", str(id))]])


def _button(text: str, verb: str, id: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=f"quyen:{verb}:{id}")
