"""What to make of updates: the question in a message, a word back, the sign of an answer on its way."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import layout
from bot.sending import send
from index.compared import asks_comparison

_COMMAND = re.compile(r"/(hoi|sosanh)\b(?:@\w+)?", re.IGNORECASE)


def question_in(message: Message, username: str, bot_id: int) -> str | None:
    """The question in a message, None when it is not for the bot: groups use commands, a mention or a reply to the bot.

    What /sosanh is to compare comes as a question that asks so in words.
    """
    text = message.text or ""
    if command := _COMMAND.match(text):
        asked = text[command.end() :].strip()
        plain = not asked or command[1].lower() == "hoi" or asks_comparison(asked)
        return asked if plain else f"So sánh {asked}"
    if message.chat.type == ChatType.PRIVATE:
        return text.strip()
    mention = re.compile(rf"@{re.escape(username)}\b", re.IGNORECASE)
    replied = message.reply_to_message.from_user if message.reply_to_message else None
    if mention.search(text) or (replied and replied.id == bot_id):
        return mention.sub("", text).strip()
    return None


def topic(message: Message | None) -> int | None:
    """The topic of a group that a message stands in; what is sent without it would appear in the general one."""
    return message.message_thread_id if message and message.is_topic_message else None


def say(update: Update, text: str) -> None:
    """A fixed text to where the update came from."""
    if update.effective_chat:
        send(update.effective_chat.id, layout.plain(text), topic=topic(update.effective_message))


async def popup(query: CallbackQuery, text: str | None = None, alert: bool = False) -> None:
    """A press is answered at once or not at all: after a while Telegram takes no answer any more."""
    with contextlib.suppress(TelegramError):
        await query.answer(text, show_alert=alert)


@contextlib.asynccontextmanager
async def typing_in(context: ContextTypes.DEFAULT_TYPE, chat: int) -> AsyncIterator[None]:
    """Show that an answer is on its way, when it takes longer than a second."""

    async def show() -> None:
        await asyncio.sleep(1)
        while True:
            with contextlib.suppress(TelegramError):
                await context.bot.send_chat_action(chat, ChatAction.TYPING)
            await asyncio.sleep(4)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()
