"""Answers as screens: one message with buttons that edit it in place. A screen is a row of the store, bound to its
user and chat; what it shows is asked again at each press, so that nothing stale is ever shown.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import layout, messages
from bot.buttons import button, new_screen
from bot.comparing import CHART, PROVINCES, SHEET, YEARS, Comparing, place_of, widened
from bot.reading import page
from bot.sending import file, send
from bot.turns import post
from bot.updates import popup
from corpus.errors import HoidapError
from corpus.store import Store
from index.following import resolve
from index.records import Answer, Question

MORE = 10  # passages shown on demand
_COMPARE = {YEARS: messages.OTHER_YEARS, PROVINCES: messages.OTHER_PROVINCES}
_CHOICES = 12  # buttons of provinces or periods


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button says: its screen's id, an action of one letter, and a number or nothing."""

    screen: str
    action: str
    number: int

    @classmethod
    def read(cls, data: str | None) -> "Pressed | None":
        """
        >>> Pressed.read("abc:c:2"), Pressed.read("abc"), Pressed.read("a:c:x")
        (Pressed(screen='abc', action='c', number=2), None, None)
        """
        parts = (data or "").split(":")
        if len(parts) != 3 or len(parts[1]) != 1 or not parts[2].lstrip("-").isascii():
            return None
        digits = parts[2].removeprefix("-")
        return cls(parts[0], parts[1], int(parts[2])) if digits.isdigit() and len(digits) < 6 else None


class Screens:
    """Makes screens and turns them when a button is pressed."""

    def __init__(self, store: Store, ask: Callable[[Question], Answer], comparing: Comparing) -> None:
        self._store, self._ask, self._comparing = store, ask, comparing

    async def open(self, user: str, chat: int, answer: Answer, question: str) -> InlineKeyboardMarkup:
        """A new screen's buttons; it is kept with the answer."""
        return await self._buttons(new_screen(user, chat, question), question, answer)

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what a button says; a forged, foreign or old one does nothing but say so."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        pressed, chat = Pressed.read(query.data), query.message.chat.id
        question = None
        if pressed:
            owner = (pressed.screen, str(query.from_user.id), str(chat))
            question = await asyncio.to_thread(self._store.desk.screen, *owner)
        if pressed is None or question is None:
            await popup(query, messages.EXPIRED)
            return
        try:
            await self._turn(query, pressed, question, chat)
        except HoidapError as error:
            await popup(query, str(error)[:200], alert=True)

    async def _turn(self, query: CallbackQuery, pressed: Pressed, question: str, chat: int) -> None:
        if pressed.action in messages.VERDICTS:
            await self._rate(query, pressed, question)
            return
        if pressed.action in (CHART, SHEET):
            await self._comparing.export(query, pressed.action, question, chat)
            return
        top = MORE if pressed.action in "mcf" else 3
        answer = await asyncio.to_thread(self._ask, Question(question, top=top))
        if pressed.action == "f":
            await self._file(query, answer, chat)
            return
        if pressed.action in (YEARS, PROVINCES):
            await self._widen(query, widened(question, answer, pressed.action), chat)
            return
        if pressed.action == "p":
            question = self._chosen(question, answer, pressed.number)
            answer = await asyncio.to_thread(self._ask, Question(question))
            await asyncio.to_thread(self._store.desk.turn_screen, pressed.screen, question)
        await popup(query)
        blocks, buttons = layout.blocks(answer, question if pressed.action == "p" else None), None
        if pressed.action == "m":
            blocks = layout.blocks(answer, every=True)
        elif pressed.action == "c" and answer.passages:
            found = answer.passages[0]
            document = await asyncio.to_thread(self._store.document, found.document.id)
            text, least, most = page(document.text, found.passage.start, found.passage.end, pressed.number)
            blocks, buttons = layout.context(found, text), _paging(pressed, least, most)
        markup = buttons or await self._buttons(pressed.screen, question, answer, pressed.action)
        message = query.message.message_id if query.message else None
        send(chat, blocks, edit=message, markup=markup, whole=False)

    def _chosen(self, question: str, answer: Answer, number: int) -> str:
        if not 0 <= number < len(answer.choices):
            return question
        return resolve(question, answer.choices[number]) or f"{answer.choices[number]} {question}"

    async def _rate(self, query: CallbackQuery, pressed: Pressed, question: str) -> None:
        answer = await asyncio.to_thread(self._ask, Question(question))
        user, verdict = str(query.from_user.id), messages.VERDICTS[pressed.action]
        await asyncio.to_thread(self._store.desk.rate, user, question, answer.answer, verdict)
        if pressed.action == "d":
            rows = [[button(messages.VERDICTS[key], pressed.screen, key)] for key in "nws"]
            await _offer(query, InlineKeyboardMarkup(rows))
        elif pressed.action != "u":
            await _offer(query, await self._buttons(pressed.screen, question, answer))
        await popup(query, messages.RATED)

    async def _file(self, query: CallbackQuery, answer: Answer, chat: int) -> None:
        await popup(query)
        if answer.passages:
            document = answer.passages[0].document
            data = await asyncio.to_thread(self._store.original, document.sha256)
            post([file(chat, data, document.file, topic=place_of(query))])

    async def _widen(self, query: CallbackQuery, wanted: str | None, chat: int) -> None:
        """Compare, below the answer that stays as it is."""
        await popup(query)
        if wanted:
            shown = await self._comparing.shown(str(query.from_user.id), chat, wanted)
            shown.give(chat, query.message.message_id if query.message else None, place_of(query))

    async def _buttons(self, screen: str, question: str, answer: Answer, shown: str = "") -> InlineKeyboardMarkup:
        """What can be done with an answer; what is shown already is not offered."""
        rows = [[button(choice, screen, "p", number)] for number, choice in enumerate(answer.choices[:_CHOICES])]
        if answer.passages:
            more = [button(messages.FEWER, screen, "b")] if shown == "m" else [button(messages.MORE, screen, "m")]
            rows.append([*more, button(messages.IN_REPORT, screen, "c"), button(messages.ORIGINAL, screen, "f")])
        if further := await self._comparing.further(question, answer):
            rows.append([button(_COMPARE[action], screen, action) for action in further])
        rows.append([button(messages.GOOD, screen, "u"), button(messages.BAD, screen, "d")])
        return InlineKeyboardMarkup(rows)


async def _offer(query: CallbackQuery, buttons: InlineKeyboardMarkup) -> None:
    """Other buttons under the message, if it still can be changed."""
    with contextlib.suppress(TelegramError):
        await query.edit_message_reply_markup(buttons)


def _paging(pressed: Pressed, least: int, most: int) -> InlineKeyboardMarkup:
    turn = [
        *([button(messages.PREVIOUS, pressed.screen, "c", pressed.number - 1)] if pressed.number > least else []),
        *([button(messages.NEXT, pressed.screen, "c", pressed.number + 1)] if pressed.number < most else []),
    ]
    back = [button(messages.TO_ANSWER, pressed.screen, "b")]
    return InlineKeyboardMarkup([turn, back] if turn else [back])
