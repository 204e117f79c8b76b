"""Reports by chat, for admins: a file sent is loaded, a reply corrects its facts, /tailieu shows and removes."""

import asyncio
import re
from collections.abc import Callable
from functools import partial

from telegram import Document as SentFile
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import ContextTypes

from bot import layout, messages, wording
from bot.access import presses_as_admin
from bot.config import Settings
from bot.outbox import Outbox
from bot.sending import file, letters, send
from bot.turns import keep, post
from bot.updates import popup
from corpus import rows
from corpus.desk import noted
from corpus.errors import HoidapError, ReportError
from corpus.load import take
from corpus.reader import MAX_BYTES
from corpus.records import Document
from corpus.sidecar import checked
from corpus.store import Store
from corpus.text import clean, strip_marks

PATTERN = re.compile(r"^tl:([psuxX]):([0-9a-f]{1,16})$")
LINK = re.compile(r"d([0-9a-f]{16})")  # what a deep link says of a document
_PATIENCE = 2.0  # seconds after which a file that is still being read is spoken of
_PAGE = 8  # documents
_KEY = 16  # hexadecimal digits of a document's sha256: ids do not fit into a button
_FACTS = {"tinh": "province", "ky": "period", "co quan": "issuer", "ten": "title", "ngay": "date", "dia chi": "url"}
_ID = re.compile(r"^Mã: (\S+)", re.MULTILINE)
Reindex = Callable[[Update, bool], None]


class Library:
    """What admins do with reports; `reindex` starts bringing the index up to date, and says so."""

    def __init__(self, settings: Settings, store: Store, reindex: Reindex, outbox: Outbox) -> None:
        self._settings, self._store, self._reindex, self._outbox = settings, store, reindex, outbox

    async def receive(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Load the file in a message. The size is checked before anything is fetched."""
        message = update.message
        if message is None or message.document is None:
            return
        sent = message.document
        name = clean(sent.file_name or "bao-cao.txt").replace("/", "-").strip(". ") or "bao-cao.txt"
        said = partial(
            letters, message.chat_id, reply_to=message.message_id, key=f"file:{message.message_id}", replace=True
        )
        try:
            if (sent.file_size or 0) > MAX_BYTES:
                raise ReportError(messages.too_big(name, MAX_BYTES))
            taking = asyncio.ensure_future(self._take(sent, name))
            done, _ = await asyncio.wait({taking}, timeout=_PATIENCE)
            if not done:
                await self._outbox.post(said(blocks=layout.plain(messages.reading(name))))
            status, document = await taking
            passages = await asyncio.to_thread(self._store.passages, document.id)
        except HoidapError as error:
            post(said(blocks=layout.plain(str(error))))
            return
        _noted(update, "add", document)
        post(said(blocks=layout.plain(messages.loaded(status, document, len(passages)))))
        if status != "same":
            self._reindex(update, False)

    async def _take(self, sent: SentFile, name: str) -> tuple[str, Document]:
        data = bytes(await (await sent.get_file()).download_as_bytearray())
        return await asyncio.to_thread(take, self._store, name, data, {})

    async def correct(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
        """Facts in a reply to what was said of a file ("tỉnh: An Giang"); whether the message was one."""
        message = update.message
        id = _replied(message, context.bot.id) if message else None
        if message is None or id is None:
            return False
        try:
            document = await asyncio.to_thread(self._store.document, id)
            given = checked(_facts(message.text or ""), "")
            data = await asyncio.to_thread(self._store.original, document.sha256)
            kept = {
                origin.fact: getattr(document.facts, origin.fact) for origin in document.origins if origin.start is None
            }
            _, changed = await asyncio.to_thread(take, self._store, document.file, data, kept, given)
            passages = await asyncio.to_thread(self._store.passages, changed.id)
        except HoidapError as error:
            send(message.chat_id, layout.plain(str(error)), message.message_id)
            return True
        _noted(update, "correct", changed)
        said = layout.plain(messages.loaded("replaced", changed, len(passages)))
        send(message.chat_id, said, message.message_id)
        self._reindex(update, False)
        return True

    async def shelves(self, chat: int) -> None:
        text, markup = await self._shelf(0)
        send(chat, layout.plain(text), markup=markup)

    async def linked(self, chat: int, key: str) -> None:
        """The document of a deep link, for anybody who may ask: its facts, and the file as it was added."""
        document = await asyncio.to_thread(self._document, key)
        if document is None:
            send(chat, layout.plain(messages.GONE))
            return
        data = await asyncio.to_thread(self._store.original, document.sha256)
        send(chat, layout.plain(_told(document)))
        post([file(chat, data, document.file)])

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn pages, show a document, ask before it goes, remove it; for admins in private only."""
        query = update.callback_query
        found = PATTERN.match(query.data or "") if query else None
        if query is None or found is None or not presses_as_admin(self._settings, query):
            if query:
                await popup(query, messages.EXPIRED)
            return
        verb, key = found.groups()
        if verb == "p":
            shown = await self._shelf(int(key, 16))
        else:
            document = await asyncio.to_thread(self._document, key)
            if document is None:
                await popup(query, messages.GONE)
                return
            shown = await self._one(update, context, verb, document)
        await popup(query)
        if query.message:
            send(query.message.chat.id, layout.plain(shown[0]), edit=query.message.message_id, markup=shown[1])

    async def _one(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, verb: str, document: Document
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        key = document.sha256[:_KEY]
        if verb == "X":
            keep(partial(rows.remove, ids=[document.id]))
            _noted(update, "remove", document)
            self._reindex(update, True)
            return messages.removed(document.id), None
        if verb == "u":
            return await self._undone(update, document), None
        back = _button(messages.TO_SHELVES, "p", "0")
        if verb == "x":
            return messages.sure(document.id), InlineKeyboardMarkup([[_button(messages.REMOVE_SURELY, "X", key), back]])
        told = f"{_told(document)}\n{messages.link(context.bot.username, key)}"
        former = await asyncio.to_thread(self._store.history, document.id)
        undo = [_button(messages.UNDO, "u", key)] if former else []
        return told, InlineKeyboardMarkup([[*undo, _button(messages.REMOVE, "x", key), back]])

    async def _undone(self, update: Update, document: Document) -> str:
        """Bring the version before back; the one that goes can be sent again."""
        try:
            restored = await asyncio.to_thread(self._store.undo, document.id)
        except HoidapError as error:
            return str(error)
        _noted(update, "undo", document)
        self._reindex(update, False)
        return f"{messages.undone(document.id)}\n\n{_told(restored)}"

    async def _shelf(self, number: int) -> tuple[str, InlineKeyboardMarkup | None]:
        all_ = await asyncio.to_thread(self._store.listing)
        last = max(0, (len(all_) - 1) // _PAGE)
        number = min(number, last)
        shown = all_[number * _PAGE : (number + 1) * _PAGE]
        buttons = [[_button(messages.shelf(document), "s", document.sha256[:_KEY])] for document, _ in shown]
        turn = [
            *([_button(messages.PREVIOUS, "p", f"{number - 1:x}")] if number else []),
            *([_button(messages.NEXT, "p", f"{number + 1:x}")] if number < last else []),
        ]
        keyboard = [*buttons, turn] if turn else buttons
        return messages.shelves(len(all_), number + 1, last + 1), InlineKeyboardMarkup(keyboard)

    def _document(self, key: str) -> Document | None:
        return next((found for found, _ in self._store.listing() if found.sha256.startswith(key)), None)


def _noted(update: Update, act: str, document: Document) -> None:
    if update.effective_user:
        keep(partial(noted, actor=str(update.effective_user.id), act=act, subject=document.id))


def _told(document: Document) -> str:
    return "\n".join(f"{label}: {value}" for label, value in wording.facts(document))


def _replied(message: Message, bot_id: int) -> str | None:
    """The id of the document that a bot's message, replied to, speaks of."""
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or answered.from_user.id != bot_id:
        return None
    found = _ID.search(answered.text or "")
    return found.group(1) if found else None


def _facts(text: str) -> dict[str, str]:
    """
    >>> _facts("Tỉnh: An Giang; kỳ: quý III/2019")
    {'province': 'An Giang', 'period': 'quý III/2019'}
    """
    found = {}
    for part in re.split(r"[;\n]", text):
        label, _, value = part.partition(":")
        name = _FACTS.get(strip_marks(label).strip())
        if name is None or not value.strip():
            raise ReportError(messages.CORRECT_LIKE)
        found[name] = value.strip()
    return found


def _button(text: str, verb: str, key: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=f"tl:{verb}:{key}")
