"""Comparisons in a chat: a table that fits a phone, its picture and its file; the blocking work runs off the event
loop. A comparison is asked for in words, by a button, too: so it can be asked again at each press.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot import charts, exports, layout, messages, tables
from bot.buttons import button, new_screen
from bot.sending import file, send
from bot.turns import keep, post
from bot.updates import popup, topic
from corpus.period import year_of
from corpus.records import Document
from corpus.rows import log_question
from index.compared import compared
from index.comparing import Comparison, Wanted
from index.kinds import FIGURES
from index.question import understand
from index.records import Answer, Question

CHART, SHEET, YEARS, PROVINCES = "g", "t", "y", "o"  # actions of buttons
FILE = "so-sanh.csv"
_AT_ONCE = 2  # comparisons and pictures: more threads that calculate only hold up what is sent


@dataclass(frozen=True, slots=True)
class Shown:
    """What a question comes to: HTML blocks, buttons under the first, a comparison's sheet where it is cut."""

    blocks: Sequence[str]
    markup: InlineKeyboardMarkup | None = None
    sheet: bytes | None = None

    def give(self, chat: int, reply_to: int | None, topic: int | None, **more: Any) -> None:
        """Have it sent when the update that is handled is settled; `more` as for sending.letters()."""
        send(chat, self.blocks, reply_to, markup=self.markup, topic=topic, **more)
        if self.sheet is not None:
            post([file(chat, self.sheet, FILE, topic=topic)])


class Comparing:
    """`compare` answers, `reports` are those there are; both may block and raise HoidapError."""

    def __init__(self, compare: Callable[[Wanted], Comparison], reports: Callable[[], Sequence[Document]]) -> None:
        self._compare, self._reports = compare, reports
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def shown(self, user: str, chat: int, question: str, understood: str | None = None) -> Shown:
        """The table with its buttons; the sheet goes along when something had to be left out. It is logged."""
        found = await self._found(question)
        blocks, cut = layout.comparison(found, understood)
        keep(partial(log_question, **_outcome(user, question, found)))
        if not (found.cells or found.others):
            return Shown(blocks)
        screen = new_screen(user, chat, question)
        row = [button(messages.CHART, screen, CHART), button(messages.SHEET, screen, SHEET)]
        sheet = await asyncio.to_thread(exports.as_csv, found) if cut else None
        return Shown(blocks, InlineKeyboardMarkup([row]), sheet)

    async def export(self, query: CallbackQuery, action: str, question: str, chat: int) -> None:
        """The picture or the sheet of a comparison."""
        if action == CHART and not charts.available():
            await popup(query, messages.NO_CHARTS, alert=True)
            return
        await popup(query)
        found = await self._found(question)
        place = place_of(query)
        if action == SHEET:
            post([file(chat, await asyncio.to_thread(exports.as_csv, found), FILE, topic=place)])
            return
        async with self._free:
            picture = await asyncio.to_thread(exports.picture, found)
        if picture is None:
            send(chat, layout.plain(messages.NOT_DRAWN), topic=place)
        else:
            post([file(chat, picture, "so-sanh.png", exports.caption(found), picture=True, topic=place)])

    async def further(self, question: str, given: Answer) -> str:
        """The actions that compare an answer's figure with what other reports say of it."""
        if given.answer is None or not given.passages or understand(Question(question)).kind not in FIGURES:
            return ""
        return await asyncio.to_thread(self._further, given.passages[0].document)

    def _further(self, document: Document) -> str:
        province, year = document.facts.province, year_of(document.facts.period)
        if province is None or year is None:
            return ""
        known = {(other.facts.province, year_of(other.facts.period)) for other in self._reports()}
        years = any(p == province and y not in (year, None) for p, y in known)
        provinces = any(y == year and p not in (province, None) for p, y in known)
        return YEARS * years + PROVINCES * provinces

    async def _found(self, question: str) -> Comparison:
        async with self._free:
            return await asyncio.to_thread(self._compare, Wanted(question))


def place_of(query: CallbackQuery) -> int | None:
    """The topic of a group that a button was pressed in."""
    return topic(query.message) if isinstance(query.message, Message) else None


def widened(question: str, given: Answer, action: str) -> str | None:
    """The comparison that a button under an answer asks for; None where the answer has no place to compare with."""
    if given.answer is None or not given.passages:
        return None
    facts, indicator = given.passages[0].document.facts, compared(question).text
    if action == YEARS:
        return f"So sánh {indicator} của {facts.province} qua các năm"
    return f"So sánh {indicator} các tỉnh năm {year_of(facts.period)}"


def _outcome(user: str, question: str, found: Comparison) -> dict[str, Any]:
    """The row of the log; what is compared stands for an answer."""
    title = tables.title(found) if found.reason is None else None
    return {
        "channel": "telegram",
        "user": user,
        "question": question,
        "answer": title,
        "reason": found.reason,
        "confidence": min((cell.sure for cell in found.cells), default=0.0),
        "place": None,
    }
