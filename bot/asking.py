"""Questions in a chat, by inline mode or edited, and their answers; the blocking work runs off the event loop."""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

from telegram import InlineQueryResult, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import layout, messages
from bot.access import Pace
from bot.comparing import Comparing, Shown
from bot.memory import Key, Memory
from bot.screens import Screens
from bot.turns import keep
from bot.updates import question_in, say, topic, typing_in
from corpus.desk import Desk, asked, forgotten
from corpus.errors import HoidapError
from corpus.rows import log_question
from index.compared import asks_comparison
from index.following import asks, questions
from index.records import Answer, Question

Ask = Callable[[Question], Answer]
Context = ContextTypes.DEFAULT_TYPE
_CACHED = 10  # seconds that Telegram may keep an inline answer
_AT_ONCE = 2  # questions: more threads that calculate only hold up what is sent
_PARTS = 10  # more than the questions of one message


class Asking:
    """What was asked before by whom; the guard comes before it."""

    def __init__(self, ask: Ask, screens: Screens, comparing: Comparing, desk: Desk) -> None:
        self._ask, self._screens, self._comparing = ask, screens, comparing
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._pace = Pace()
        self._memory = Memory(desk.conversation, _note)

    async def forget(self, update: Update, context: Context) -> None:
        """The next question stands alone."""
        if update.effective_user and update.effective_chat:
            key = (update.effective_chat.id, str(update.effective_user.id))
            self._memory.forget(key)
            keep(partial(forgotten, chat=key[0], user=key[1]))
        say(update, messages.FORGOTTEN)

    async def inline(self, update: Update, context: Context) -> None:
        """An answer to send into any chat."""
        query = update.inline_query
        if query is None:
            return
        results: list[InlineQueryResult] = []
        if asks(query.query) and self._pace.allows(query.from_user.id):
            with contextlib.suppress(HoidapError):
                given = await asyncio.to_thread(self._ask, Question(query.query))
                results = [layout.inline(given)]
        with contextlib.suppress(TelegramError):  # after some seconds Telegram takes none any more
            await query.answer(results, cache_time=_CACHED, is_personal=True)

    async def question(self, update: Update, context: Context) -> None:
        """Answer a new question, or edit the answer to an edited one."""
        message, user = update.effective_message, update.effective_user
        text = question_in(message, context.bot.username, context.bot.id) if message else None
        if message is None or user is None or text is None:
            return
        if not text:
            say(update, messages.ASK_SOMETHING)
        elif not self._pace.allows(user.id, (message.edit_date or message.date).timestamp()):
            if self._pace.tell(user.id):
                say(update, messages.TOO_MANY)
        elif smalltalk := messages.smalltalk(text):
            say(update, smalltalk)
        else:
            for number, part in enumerate(questions(text)):
                await self._reply(message, number, str(user.id), part, context)

    async def _reply(self, message: Message, number: int, user: str, text: str, context: Context) -> None:
        """Answer one question of a message, its `number`-th."""
        async with typing_in(context, message.chat_id):
            try:
                turn = message.message_id * _PARTS + number
                whole = await asyncio.to_thread(self._memory.whole, (message.chat_id, user), turn, text)
                understood = whole if whole != text else None
                if asks_comparison(whole):
                    shown = await self._comparing.shown(user, message.chat_id, whole, understood)
                else:
                    shown = await self._answered(user, message.chat_id, whole, understood)
            except HoidapError as error:
                shown = Shown(layout.plain(str(error)))
        shown.give(
            message.chat_id,
            message.message_id,
            topic(message),
            key=f"answer:{message.message_id}:{number}",
            replace=message.edit_date is not None,
            asked=message.edit_date or message.date,
        )

    async def _answered(self, user: str, chat: int, question: str, understood: str | None) -> Shown:
        async with self._free:
            given = await asyncio.to_thread(self._ask, Question(question))
        markup = await self._screens.open(user, chat, given, question)
        keep(partial(log_question, **_outcome(user, question, given)))
        return Shown(layout.blocks(given, understood), markup)


def _note(key: Key, turn: int, question: str) -> None:
    keep(partial(asked, chat=key[0], user=key[1], turn=turn, question=question))


def _outcome(user: str, question: str, given: Answer) -> dict[str, Any]:
    """What is kept of a question: who asked, the answer or the reason why there is none, the place cited."""
    cited = given.passages[0] if given.passages and not given.abstained else None
    return {
        "channel": "telegram",
        "user": user,
        "question": question,
        "answer": given.answer,
        "reason": given.reason,
        "confidence": given.confidence,
        "place": (cited.document.id, cited.passage.start, cited.passage.end) if cited else None,
    }
