"""A reindex asked for by chat: in a child process, one at a time, with one message that tells how far it is."""

import asyncio
import re
import time
from collections.abc import Sequence

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ContextTypes

from bot import layout, messages
from bot.access import presses_as_admin
from bot.config import Settings
from bot.sending import send
from corpus.desk import Desk

PATTERN = re.compile(r"^chiso:huy$")
_EVERY = 3.0  # seconds between two edits: Telegram limits them, too
_STEP = re.compile(r"(\d+)/(\d+)")  # a line of the child's that tells how far it is


class Reindexing:
    """The child process, and the message about it. Whoever calls `start` has checked rights."""

    def __init__(self, settings: Settings, command: Sequence[str], desk: Desk) -> None:
        self._settings, self._command, self._desk = settings, list(command), desk
        self._child: asyncio.subprocess.Process | None = None
        self._again = self._cancelled = False
        self.running = False

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE, force: bool = False) -> None:
        """Begin and return at once; when one runs already, it is followed by another."""
        if self.running:
            self._again = True
        elif update.effective_chat and update.effective_user:
            self.running, chat = True, update.effective_chat.id
            said = await send(context.bot, chat, layout.plain(messages.REINDEXING), markup=_cancel())
            actor = str(update.effective_user.id)
            context.application.create_task(self._run(context.bot, chat, actor, said, force), update=update)

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The cancel button, for admins: the index that is served stays as it is."""
        query = update.callback_query
        if query is None:
            return
        if not presses_as_admin(self._settings, query) or not self._child:
            await query.answer(messages.EXPIRED)
            return
        self._cancelled, self._again = True, False
        self.stop()
        await query.answer()
        await asyncio.to_thread(self._desk.note, str(query.from_user.id), "cancel", "reindex")

    def stop(self) -> None:
        """A reindex does not outlive the bot; what it had begun leaves nothing behind."""
        if self._child and self._child.returncode is None:
            self._child.terminate()

    async def _run(self, bot: Bot, chat: int, actor: str, said: int | None, force: bool) -> None:
        pipe = asyncio.subprocess.PIPE
        try:
            await asyncio.to_thread(self._desk.note, actor, "reindex", "")
            while True:
                command = [*self._command, *(["--force"] if force else [])]
                self._child = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
                result = await self._follow(self._child, bot, chat, said)
                if not self._again:
                    break
                self._again, force = False, True  # documents changed meanwhile
            await send(bot, chat, layout.plain(result), edit=said)
        finally:
            self._child, self.running, self._again, self._cancelled = None, False, False, False

    async def _follow(self, child: asyncio.subprocess.Process, bot: Bot, chat: int, said: int | None) -> str:
        """Edit the message as the child goes on; what to tell at its end."""
        shown, last = time.monotonic(), ""
        assert child.stderr and child.stdout  # noqa: S101 - both are pipes  # nosec B101
        async for line in child.stderr:
            last = line.decode("utf-8", "replace").strip() or last
            step = _STEP.fullmatch(last)
            if step and time.monotonic() - shown >= _EVERY:
                shown = time.monotonic()
                text = messages.reindexing(int(step[1]), int(step[2]))
                await send(bot, chat, layout.plain(text), edit=said, markup=_cancel())
        out = (await child.stdout.read()).decode("utf-8", "replace").strip()
        code = await child.wait()
        if self._cancelled:
            return messages.REINDEX_CANCELLED
        told = out.splitlines()[-1] if out else ""
        return (told if code == 0 else last) or messages.incident(f"REINDEX {code}")


def _cancel() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(messages.CANCEL, callback_data="chiso:huy")]])
