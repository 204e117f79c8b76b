"""The Telegram bot: updates in, answers out. Blocking work runs off the event loop, a reindex in a child process."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import messages, turns
from bot.access import Pace, may_administrate, may_ask, stays_inside
from bot.asking import Ask, Asking
from bot.comparing import Comparing
from bot.config import Settings
from bot.doors import PATTERN, Doors
from bot.library import LINK, Library
from bot.library import PATTERN as LIBRARY
from bot.office import Office, Rows
from bot.outbox import Outbox
from bot.reindexing import PATTERN as REINDEXING
from bot.reindexing import Reindexing
from bot.screens import Screens
from bot.updates import popup, question_in, say
from corpus.errors import HoidapError
from corpus.records import Document
from corpus.store import Store
from index.comparing import Comparison, Wanted

Context = ContextTypes.DEFAULT_TYPE
App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"
REPORTS = ("tailieu", "nguoidung", "thongke", "chuatraloi", "sosuc")  # commands of admins
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backing:
    """What the bot needs of the program behind it."""

    settings: Settings
    ask: Ask
    compare: Callable[[Wanted], Comparison]
    reports: Callable[[], Sequence[Document]]
    reindex_command: Sequence[str]
    store: Store
    status: Callable[[], Rows]


class Channel:
    """The handlers and what they share."""

    def __init__(self, backing: Backing, outbox: Outbox) -> None:
        self.settings, desk = backing.settings, backing.store.desk
        comparing = Comparing(backing.compare, backing.reports)
        self._screens = Screens(backing.store, backing.ask, comparing)
        self._asking = Asking(backing.ask, self._screens, comparing, desk)
        self._doors = Doors(self.settings, desk)
        self._reindexing = Reindexing(self.settings, backing.reindex_command, outbox)
        self._library = Library(self.settings, backing.store, self._reindexing.start, outbox)
        self._office = Office(self.settings, desk, backing.status)
        self._strangers = Pace()

    def register(self, application: App) -> None:
        """All handlers in one place; the guard in its own group runs before every other."""
        fresh = filters.UpdateType.MESSAGE
        application.add_handler(TypeHandler(Update, self.guard), group=-1)
        application.add_handler(CallbackQueryHandler(self._doors.decide, PATTERN))
        application.add_handler(CallbackQueryHandler(self._library.press, LIBRARY))
        application.add_handler(CallbackQueryHandler(self._reindexing.press, REINDEXING))
        application.add_handler(MessageHandler(filters.Document.ALL & fresh, self.file))
        application.add_handler(CommandHandler(REPORTS, self.desk, fresh))
        application.add_handler(CommandHandler("start", self.start, fresh))
        application.add_handler(CommandHandler("help", self.help, fresh))
        application.add_handler(CommandHandler("reindex", self.reindex, fresh))
        application.add_handler(CommandHandler("moi", self._asking.forget, fresh))
        application.add_handler(CommandHandler(("hoi", "sosanh"), self.question))
        application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, self.question))
        application.add_handler(MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE & fresh, self.unknown))
        application.add_handler(MessageHandler(filters.ChatType.PRIVATE & fresh, self.not_text))
        application.add_handler(CallbackQueryHandler(self._screens.press))
        application.add_handler(InlineQueryHandler(self._asking.inline))
        application.add_error_handler(self.failed)

    async def guard(self, update: Update, context: Context) -> None:
        """Nobody but those allowed gets past this, whatever kind of update it is."""
        try:
            if not (may_ask(self.settings, update) or await self._doors.may_ask(update)):
                await self._turn_away(update, context)
            elif stays_inside(self.settings, update):
                return
            else:
                await self._not_here(update, context)
        except (TelegramError, HoidapError) as error:
            # Whatever goes wrong here, the update must not reach the handlers behind the guard.
            _log.warning("turned away without a word: %s", error)
        raise ApplicationHandlerStop

    async def _turn_away(self, update: Update, context: Context) -> None:
        user = update.effective_user
        if user and update.callback_query:
            await popup(update.callback_query, messages.refusal(user.id), alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        elif user and update.message and update.message.chat.type == ChatType.PRIVATE and self._strangers.tell(user.id):
            say(update, await self._doors.knock(user))

    async def _not_here(self, update: Update, context: Context) -> None:
        message, chat = update.effective_message, update.effective_chat
        if update.callback_query and chat:
            await popup(update.callback_query, messages.not_here(chat.id), alert=True)
        elif message and chat and question_in(message, context.bot.username, context.bot.id) is not None:
            say(update, messages.not_here(chat.id))

    async def start(self, update: Update, context: Context) -> None:
        """A greeting, or the document that a deep link names."""
        named = LINK.fullmatch(context.args[0]) if context.args else None
        if named and update.effective_chat:
            await self._library.linked(update.effective_chat.id, named.group(1))
        else:
            say(update, messages.START)

    async def help(self, update: Update, context: Context) -> None:
        admin = may_administrate(self.settings, update)
        say(update, messages.HELP + (messages.HELP_ADMIN if admin else ""))

    async def file(self, update: Update, context: Context) -> None:
        """A report from an admin; from others, and in groups, files are not taken."""
        if may_administrate(self.settings, update):
            await self._library.receive(update, context)
        elif update.message and update.message.chat.type == ChatType.PRIVATE:
            say(update, messages.TEXT_ONLY)

    async def desk(self, update: Update, context: Context) -> None:
        """The commands of admins that report to them, each in its own private chat."""
        chat = update.effective_chat
        if chat is None or not may_administrate(self.settings, update):
            say(update, messages.NOT_ADMIN)
            return
        name = ((update.message and update.message.text) or "").split()[0].split("@")[0].lower()
        shown = {
            "/tailieu": self._library.shelves,
            "/nguoidung": self._doors.people,
            "/thongke": self._office.statistics,
            "/chuatraloi": self._office.unanswered,
            "/sosuc": self._office.health,
        }
        await shown[name](chat.id)

    async def unknown(self, update: Update, context: Context) -> None:
        say(update, messages.UNKNOWN_COMMAND)

    async def not_text(self, update: Update, context: Context) -> None:
        say(update, messages.TEXT_ONLY)

    async def question(self, update: Update, context: Context) -> None:
        """An admin's reply to what was found in a report corrects it; all else is a question."""
        if not (may_administrate(self.settings, update) and await self._library.correct(update, context)):
            await self._asking.question(update, context)

    async def reindex(self, update: Update, context: Context) -> None:
        """Start a reindex and return at once, so that this chat's questions are answered meanwhile."""
        if not may_administrate(self.settings, update):
            say(update, messages.NOT_ADMIN)
        elif self._reindexing.running:
            say(update, messages.ALREADY_REINDEXING)
        else:
            self._reindexing.start(update)

    async def failed(self, update: object, context: Context) -> None:
        """The turn is dropped, to be taken again; no other handler sees the update."""
        turns.fail(context.error)
        raise ApplicationHandlerStop

    async def started(self, bot: Bot) -> None:
        """Tell Telegram the commands, by who sees them; an admin who never wrote to the bot has no chat yet."""
        shown = [BotCommand(*command) for command in messages.COMMANDS]
        more = [BotCommand(*command) for command in messages.ADMIN_COMMANDS]
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            with contextlib.suppress(TelegramError):
                await bot.set_my_commands(shown, scope=scope)
        for admin in self.settings.admins:
            with contextlib.suppress(TelegramError):
                await bot.set_my_commands(more, scope=BotCommandScopeChat(admin))
        _log.info("polling as @%s", bot.username)

    async def stopped(self) -> None:
        """A reindex does not outlive the bot; what it had begun leaves nothing behind."""
        await self._reindexing.stop()
