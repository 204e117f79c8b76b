"""The one way out to Telegram: packed into messages, sent safely, never retried where it may have arrived."""

import asyncio
import html
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut

LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)  # 4,096 visible UTF-16 units
_DELAYS = (1.0, 3.0)  # seconds before each further try
_log = logging.getLogger(__name__)


def units(markup: str) -> int:
    """UTF-16 units that a reader sees of HTML, as Telegram counts them.

    >>> units("<b>a &lt; b</b>"), units("😀")
    (5, 2)
    """
    return len(visible(markup).encode("utf-16-le")) // 2


def visible(markup: str) -> str:
    """HTML without its tags, entities resolved.

    >>> visible("<b>35 &amp; 36</b>")
    '35 & 36'
    """
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def pack(blocks: Iterable[str], limit: int = LIMIT) -> list[str]:
    """Blocks joined by empty lines into as few messages as hold them; a block too long goes on as plain text.

    >>> pack(["<b>aa</b>", "bb", "cccc"], limit=6)
    ['<b>aa</b>\\n\\nbb', 'cccc']
    """
    messages: list[str] = []
    for block in (part for whole in blocks for part in _fitting(whole, limit)):
        joined = f"{messages[-1]}\n\n{block}" if messages else block
        if messages and units(joined) <= limit:
            messages[-1] = joined
        else:
            messages.append(block)
    return messages


def _fitting(block: str, limit: int) -> Iterable[str]:
    if units(block) <= limit:
        yield block
        return
    text = visible(block)
    while text:
        # A code point is at most two units, so this many always fit.
        size = min(len(text), limit)
        while len(text[:size].encode("utf-16-le")) // 2 > limit:
            size -= 1
        yield html.escape(text[:size], quote=False)
        text = text[size:]


async def send(
    bot: Bot,
    chat: int,
    blocks: Iterable[str],
    reply_to: int | None = None,
    edit: int | None = None,
    markup: InlineKeyboardMarkup | None = None,
    whole: bool = True,
    topic: int | None = None,
) -> int | None:
    """Send blocks to a chat, the first message in place of message `edit`; the id of the first, None when none went.

    Buttons go under the first message; when not `whole`, what does not fit into that one is left out.
    """
    first: int | None = None
    for number, text in enumerate(pack(blocks)[: None if whole else 1]):
        out = _Out(chat, text, reply_to, edit if number == 0 else None, markup if number == 0 else None, topic)
        sent = await _safely(partial(_once, bot, out, ParseMode.HTML))
        first = first if number else sent
    return first


@dataclass(frozen=True, slots=True)
class _Out:
    """One message on its way out."""

    chat: int
    text: str
    reply_to: int | None
    edit: int | None
    markup: InlineKeyboardMarkup | None
    topic: int | None


async def _once(bot: Bot, out: _Out, mode: str | None) -> int | None:
    """One call; as plain text when Telegram cannot read the HTML, to a group's new id when it has moved."""
    preview = LinkPreviewOptions(is_disabled=True)
    try:
        if out.edit is not None:
            await bot.edit_message_text(
                out.text, out.chat, out.edit, parse_mode=mode, link_preview_options=preview, reply_markup=out.markup
            )
            return out.edit
        reply = ReplyParameters(out.reply_to, allow_sending_without_reply=True) if out.reply_to else None
        message: Message = await bot.send_message(
            out.chat,
            out.text,
            message_thread_id=out.topic,
            parse_mode=mode,
            link_preview_options=preview,
            reply_parameters=reply,
            reply_markup=out.markup,
        )
        return message.message_id
    except BadRequest as error:
        if mode and "can't parse entities" in error.message.lower():
            return await _once(bot, replace(out, text=visible(out.text)), None)
        if "message is not modified" in error.message.lower():
            return out.edit
        if out.edit is not None:
            return await _once(bot, replace(out, edit=None), mode)
        raise
    except ChatMigrated as moved:
        return await _once(bot, replace(out, chat=moved.new_chat_id, reply_to=None, edit=None), mode)


async def _safely(call: Callable[[], Awaitable[int | None]]) -> int | None:
    """Try again after a lost connection, but not where the message may have arrived or never will."""
    for delay in (*_DELAYS, None):
        try:
            return await call()
        except Forbidden:
            _log.info("the chat does not take messages any more")
            return None
        except (BadRequest, TimedOut, RetryAfter) as error:
            _log.warning("not sent: %s", error)
            return None
        except NetworkError as error:
            if delay is None:
                raise
            _log.info("sending again after %s", error)
            await asyncio.sleep(delay)
    return None
