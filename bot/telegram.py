"""The Telegram bot: updates in, answers out. Blocking work runs off the event loop, a reindex in a child process."""

import contextlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)
from telegram.constants import ChatType
from telegram.error import BadRequest, Conflict, NetworkError, TelegramError
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

from bot import layout, messages
from bot.access import Pace, may_administrate, may_ask, stays_inside
from bot.asking import Asking, Log
from bot.config import Settings
from bot.doors import PATTERN, Doors
from bot.library import LINK, Library
from bot.library import PATTERN as LIBRARY
from bot.office import Office, Rows
from bot.polling import TokenRefusedError
from bot.reindexing import PATTERN as REINDEXING
from bot.reindexing import Reindexing
from bot.screens import Screens
from bot.sending import send
from bot.updates import question_in, say
from corpus.errors import HoidapError
from corpus.store import Store
from index.records import Answer, Question

Context = ContextTypes.DEFAULT_TYPE
App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"
REPORTS = ("tailieu", "nguoidung", "thongke", "chuatraloi", "sosuc")  # commands of admins
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backing:
    """What the bot needs of the program behind it."""

    settings: Settings
    ask: Callable[[Question], Answer]
    log: Log
    reindex_command: Sequence[str]
    store: Store
    status: Callable[[], Rows]


class Channel:
    """The handlers and what they share."""

    def __init__(self, backing: Backing) -> None:
        self.settings, desk = backing.settings, backing.store.desk
        self._ask, self._doors = backing.ask, Doors(self.settings, desk)
        self._screens = Screens(backing.store, self._answer)
        self._asking = Asking(self._answer, backing.log, self._screens)
        self._reindexing = Reindexing(self.settings, backing.reindex_command, desk)
        self._library = Library(self.settings, backing.store, self._reindexing.start)
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
        application.add_handler(CommandHandler("hoi", self.question))
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
            await update.callback_query.answer(messages.refusal(user.id), show_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        elif user and update.message and update.message.chat.type == ChatType.PRIVATE and self._strangers.tell(user.id):
            told = await self._doors.knock(user, context.bot)
            await send(context.bot, update.message.chat_id, layout.plain(told))

    async def _not_here(self, update: Update, context: Context) -> None:
        message, chat = update.effective_message, update.effective_chat
        if update.callback_query and chat:
            await update.callback_query.answer(messages.not_here(chat.id), show_alert=True)
        elif message and chat and question_in(message, context.bot.username, context.bot.id) is not None:
            await say(context.bot, update, messages.not_here(chat.id))

    def _answer(self, user: int, question: Question) -> Answer:
        """An answer for somebody who may still ask when it is there. Raises HoidapError."""
        given = self._ask(question)
        self._doors.require(user)
        return given

    async def start(self, update: Update, context: Context) -> None:
        """A greeting, or the document that a deep link names."""
        named = LINK.fullmatch(context.args[0]) if context.args else None
        if named and update.effective_chat:
            await self._library.linked(update.effective_chat.id, context.bot, named.group(1))
        else:
            await say(context.bot, update, messages.START)

    async def help(self, update: Update, context: Context) -> None:
        admin = may_administrate(self.settings, update)
        await say(context.bot, update, messages.HELP + (messages.HELP_ADMIN if admin else ""))

    async def file(self, update: Update, context: Context) -> None:
        """A report from an admin; from others, and in groups, files are not taken."""
        if may_administrate(self.settings, update):
            await self._library.receive(update, context)
        elif update.message and update.message.chat.type == ChatType.PRIVATE:
            await say(context.bot, update, messages.TEXT_ONLY)

    async def desk(self, update: Update, context: Context) -> None:
        """The commands of admins that report to them, each in its own private chat."""
        chat, bot = update.effective_chat, context.bot
        if chat is None or not may_administrate(self.settings, update):
            await say(context.bot, update, messages.NOT_ADMIN)
            return
        name = ((update.message and update.message.text) or "").split()[0].split("@")[0].lower()
        shown = {
            "/tailieu": lambda: self._library.shelves(chat.id, bot),
            "/nguoidung": lambda: self._doors.people(chat.id, bot),
            "/thongke": lambda: self._office.statistics(bot, chat.id),
            "/chuatraloi": lambda: self._office.unanswered(bot, chat.id),
            "/sosuc": lambda: self._office.health(bot, chat.id),
        }
        await shown[name]()

    async def unknown(self, update: Update, context: Context) -> None:
        await say(context.bot, update, messages.UNKNOWN_COMMAND)

    async def not_text(self, update: Update, context: Context) -> None:
        await say(context.bot, update, messages.TEXT_ONLY)

    async def question(self, update: Update, context: Context) -> None:
        """An admin's reply to what was found in a report corrects it; all else is a question."""
        if not (may_administrate(self.settings, update) and await self._library.correct(update, context)):
            await self._asking.question(update, context)

    async def reindex(self, update: Update, context: Context) -> None:
        """Start a reindex and return at once, so that this chat's questions are answered meanwhile."""
        if not may_administrate(self.settings, update):
            await say(context.bot, update, messages.NOT_ADMIN)
        elif self._reindexing.running:
            await say(context.bot, update, messages.ALREADY_REINDEXING)
        else:
            await self._reindexing.start(update, context)

    async def failed(self, update: object, context: Context) -> None:
        """A second poller or a refused token ends the program; anything else gets a code that the log has, too."""
        if isinstance(context.error, Conflict | TokenRefusedError):
            context.bot_data["fatal"] = (
                messages.CONFLICT if isinstance(context.error, Conflict) else messages.UNRECOGNIZED
            )
            context.application.stop_running()
            return
        if update is None and isinstance(context.error, NetworkError):
            _log.warning("polling: %s", context.error)  # tried again by itself
            return
        code = secrets.token_hex(4).upper()
        _log.error("incident %s", code, exc_info=context.error)
        if isinstance(update, Update) and update.effective_message and update.effective_chat:
            with contextlib.suppress(TelegramError):
                await send(context.bot, update.effective_chat.id, layout.plain(messages.incident(code)))

    async def started(self, application: App) -> None:
        """Tell Telegram the commands, by who sees them; an admin who never wrote to the bot has no chat yet."""
        bot = application.bot
        shown = [BotCommand(*command) for command in messages.COMMANDS]
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            await bot.set_my_commands(shown, scope=scope)
        for admin in self.settings.admins:
            with contextlib.suppress(BadRequest):
                more = [BotCommand(*command) for command in messages.ADMIN_COMMANDS]
                await bot.set_my_commands(more, scope=BotCommandScopeChat(admin))
        _log.info("polling as @%s", bot.username)

    async def stopped(self, application: App) -> None:
        """A reindex does not outlive the bot; what it had begun leaves nothing behind."""
        self._reindexing.stop()
