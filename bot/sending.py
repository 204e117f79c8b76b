"""Letters to Telegram: packed into messages when they are written, delivered by one call each."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot import messages, turns
from corpus.mailbox import Letter

LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)  # 4,096 visible UTF-16 units
LATE = timedelta(minutes=3)  # after which an answer says that it is late
_ROOM = 100  # units of the line that says so


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
    return unescape(re.sub(r"<[^>]*>", "", markup))


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
        yield escape(text[:size], quote=False)
        text = text[size:]


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter's body says, as JSON in the store."""

    text: str = ""  # HTML; a file's caption
    reply_to: int | None = None  # a message
    edit: int | None = None  # a message, instead of a new one
    replace: bool = False  # edit what the last letter of this key became
    topic: int | None = None  # of a group
    markup: dict[str, Any] | None = None  # buttons
    asked: float | None = None  # when the question was, in seconds since 1970
    name: str | None = None  # of a file
    picture: bool = False  # the file is one


def letters(
    chat: int,
    blocks: Iterable[str],
    reply_to: int | None = None,
    *,
    edit: int | None = None,
    markup: InlineKeyboardMarkup | None = None,
    whole: bool = True,
    topic: int | None = None,
    key: str | None = None,
    replace: bool = False,
    asked: datetime | None = None,
) -> list[Letter]:
    """Blocks in as few messages as hold them; what is given of edits, buttons and times goes to the first.

    When not `whole`, what does not fit into the first is left out.
    """
    limit = LIMIT - (_ROOM if asked else 0)
    packed = pack(blocks, limit)[: None if whole else 1]
    buttons = markup.to_dict() if markup else None
    at = asked.timestamp() if asked else None
    contents = [
        Content(text, reply_to, edit, replace, topic, buttons, at)
        if number == 0
        else Content(text, reply_to, topic=topic)
        for number, text in enumerate(packed)
    ]
    return [_letter(chat, content, None if number else key) for number, content in enumerate(contents)]


def file(
    chat: int, data: bytes, name: str, caption: str = "", picture: bool = False, *, topic: int | None = None
) -> Letter:
    """A file, or a picture with words under it."""
    return _letter(chat, Content(escape(caption, quote=False), topic=topic, name=name, picture=picture), None, data)


def _letter(chat: int, content: Content, key: str | None, data: bytes | None = None) -> Letter:
    given = {field.name: getattr(content, field.name) for field in fields(content)}
    body = {name: value for name, value in given.items() if value not in (None, "", False)}
    return Letter(chat, json.dumps(body), key, data)


def send(chat: int, blocks: Iterable[str], reply_to: int | None = None, **more: Any) -> None:
    """Have blocks sent when the update that is handled is settled; `more` as for letters()."""
    turns.post(letters(chat, blocks, reply_to, **more))


async def deliver(bot: Bot, letter: Letter, content: Content, mode: str | None = ParseMode.HTML) -> int | None:
    """One call to Telegram: the id of the message. Raises TelegramError.

    As plain text when Telegram cannot read the HTML, a new message when one cannot be edited, to a group's new id when
    it has moved.
    """
    try:
        return await _call(bot, letter, content, mode)
    except BadRequest as error:
        if mode and "can't parse entities" in error.message.lower():
            return await deliver(bot, letter, replace(content, text=visible(content.text)), None)
        if "message is not modified" in error.message.lower():
            return content.edit
        if content.edit is not None:
            return await deliver(bot, letter, replace(content, edit=None), mode)
        raise
    except ChatMigrated as moved:
        there = replace(letter, chat=moved.new_chat_id)
        return await deliver(bot, there, replace(content, reply_to=None, edit=None), mode)


async def _call(bot: Bot, letter: Letter, content: Content, mode: str | None) -> int | None:
    preview = LinkPreviewOptions(is_disabled=True)
    markup = InlineKeyboardMarkup.de_json(content.markup, bot) if content.markup else None
    if letter.data is not None and content.picture:
        photo = await bot.send_photo(
            letter.chat, letter.data, content.text, parse_mode=mode, message_thread_id=content.topic
        )
        return photo.message_id
    if letter.data is not None:
        sent = await bot.send_document(letter.chat, letter.data, filename=content.name, message_thread_id=content.topic)
        return sent.message_id
    if content.edit is not None:
        await bot.edit_message_text(
            content.text, letter.chat, content.edit, parse_mode=mode, link_preview_options=preview, reply_markup=markup
        )
        return content.edit
    reply = ReplyParameters(content.reply_to, allow_sending_without_reply=True) if content.reply_to else None
    message = await bot.send_message(
        letter.chat,
        content.text,
        message_thread_id=content.topic,
        parse_mode=mode,
        link_preview_options=preview,
        reply_parameters=reply,
        reply_markup=markup,
    )
    return message.message_id


def timely(content: Content, now: datetime) -> Content:
    """The same; with a line on top that says so when its question had to wait.

    >>> asked = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    >>> timely(Content("35 trạm", asked=asked.timestamp()), asked + LATE).text
    '35 trạm'
    >>> timely(Content("35 trạm", asked=asked.timestamp()), asked + timedelta(hours=2)).text
    '<i>Trả lời muộn: bạn hỏi lúc 10:04 ngày 02/01/2026; xin lỗi đã để bạn đợi.</i>\\n\\n35 trạm'
    """
    asked = datetime.fromtimestamp(content.asked, UTC) if content.asked else now
    late = f"<i>{messages.late(asked)}</i>\n\n"
    return replace(content, text=late + content.text) if now - asked > LATE else content
