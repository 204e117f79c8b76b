"""Questions in a chat, by inline mode or edited, and their answers; the blocking work runs off the event loop."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from telegram import InlineKeyboardMarkup, InlineQueryResult, Message, Update
from telegram.ext import ContextTypes

from bot import layout, messages
from bot.access import Pace
from bot.memory import Memory
from bot.screens import Screens
from bot.sending import send
from bot.updates import question_in, say, topic, typing_in
from corpus.errors import HoidapError, StoreError
from index.following import asks, questions
from index.records import Answer, Question

Ask = Callable[[int, Question], Answer]  # for whom: a person's id
Log = Callable[[str | None, str, Answer], None]
Context = ContextTypes.DEFAULT_TYPE
_LATE = timedelta(seconds=30)  # before the start: the question had to wait, and Telegram's clock is another
_CACHED = 10  # seconds that Telegram may keep an inline answer
_PARTS = 10  # more than the questions of one message
_EDITABLE = 1000  # questions whose answers can still be edited
_log = logging.getLogger(__name__)


class Asking:
    """What was asked before by whom, and which message answers which; the guard comes before it."""

    def __init__(self, ask: Ask, log: Log, screens: Screens) -> None:
        self._ask, self._log, self._screens = ask, log, screens
        self._pace = Pace()
        self._memory = Memory()
        self._answered: OrderedDict[tuple[int, int, int], int] = OrderedDict()
        self._started = datetime.now(UTC)

    async def forget(self, update: Update, context: Context) -> None:
        """The next question stands alone."""
        if update.effective_user and update.effective_chat:
            self._memory.forget((update.effective_chat.id, str(update.effective_user.id)))
        await say(context.bot, update, messages.FORGOTTEN)

    async def inline(self, update: Update, context: Context) -> None:
        """An answer to send into any chat."""
        query = update.inline_query
        if query is None:
            return
        results: list[InlineQueryResult] = []
        if asks(query.query) and self._pace.allows(query.from_user.id):
            with contextlib.suppress(HoidapError):
                given = await asyncio.to_thread(self._ask, query.from_user.id, Question(query.query))
                results = [layout.inline(given)]
        await query.answer(results, cache_time=_CACHED, is_personal=True)

    async def question(self, update: Update, context: Context) -> None:
        """Answer a new question, or edit the answer to an edited one."""
        message, user = update.effective_message, update.effective_user
        text = question_in(message, context.bot.username, context.bot.id) if message else None
        if message is None or user is None or text is None:
            return
        if not text:
            await say(context.bot, update, messages.ASK_SOMETHING)
        elif not self._pace.allows(user.id):
            if self._pace.tell(user.id):
                await say(context.bot, update, messages.TOO_MANY)
        elif smalltalk := messages.smalltalk(text):
            await say(context.bot, update, smalltalk)
        else:
            for number, part in enumerate(questions(text)):
                await self._reply(message, number, str(user.id), part, context)

    async def _reply(self, message: Message, number: int, user: str, text: str, context: Context) -> None:
        """Answer one question of a message, its `number`-th."""
        async with typing_in(context, message.chat_id):
            try:
                turn = message.message_id * _PARTS + number
                whole = await asyncio.to_thread(self._memory.whole, (message.chat_id, user), turn, text)
                given = await asyncio.to_thread(self._ask, int(user), Question(whole))
                blocks = layout.blocks(given, whole if whole != text else None, late=self._late(message))
            except HoidapError as error:
                given, blocks = None, layout.plain(str(error))
        key = (message.chat_id, message.message_id, number)
        markup = await self._markup(user, message.chat_id, given, whole) if given else None
        answered = self._answered.get(key)
        sent = await send(
            context.bot, message.chat_id, blocks, message.message_id, answered, markup, topic=topic(message)
        )
        self._remember(key, sent)
        if given is not None:
            try:
                await asyncio.to_thread(self._log, user, whole, given)
            except StoreError as error:
                _log.warning("question not recorded: %s", error)

    def _late(self, message: Message) -> datetime | None:
        """When a message was written, if it had to wait for the bot to come back."""
        written = message.edit_date or message.date
        return written if written < self._started - _LATE else None

    async def _markup(self, user: str, chat: int, given: Answer, question: str) -> InlineKeyboardMarkup | None:
        """Buttons; a locked database costs them, not the answer."""
        with contextlib.suppress(StoreError):
            return await asyncio.to_thread(self._screens.open, user, chat, given, question)
        return None

    def _remember(self, key: tuple[int, int, int], sent: int | None) -> None:
        if sent is not None:
            self._answered[key] = sent
            while len(self._answered) > _EDITABLE:
                self._answered.popitem(last=False)
