"""A reindex asked for by chat: in a child process, one at a time, with one message that tells how far it is."""

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ContextTypes

from bot import layout, messages
from bot.access import presses_as_admin
from bot.config import Settings
from bot.outbox import Outbox
from bot.sending import letters, send
from bot.turns import afterwards, keep
from bot.updates import popup
from corpus.desk import noted

PATTERN = re.compile(r"^chiso:huy$")
_EVERY = 3.0  # seconds between two edits: Telegram limits them, too
GRACE = 2.0  # seconds for a child to end when the program stops
_STEP = re.compile(r"(\d+)/(\d+)")  # a line of the child's that tells how far it is
_log = logging.getLogger(__name__)


class Reindexing:
    """The child process, and the message about it. Whoever calls `start` has checked rights.

    The child is begun once the turn is kept, so a replayed update begins none; a bot that was killed brings the index
    up to date when it starts.
    """

    def __init__(self, settings: Settings, command: Sequence[str], outbox: Outbox) -> None:
        self._settings, self._command, self._outbox = settings, list(command), outbox
        self._child: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._ending: str | None = None  # what is told of a child that was stopped
        self.running = False

    def start(self, update: Update, force: bool = False) -> None:
        """Begin when the turn is kept; when one runs already, it is followed by another."""
        if self.running:
            afterwards(self._follow_up)
        elif update.effective_chat and update.effective_user:
            chat, key = update.effective_chat.id, f"reindex:{update.update_id}"
            send(chat, layout.plain(messages.REINDEXING), markup=_cancel(), key=key)
            keep(partial(noted, actor=str(update.effective_user.id), act="reindex", subject=""))
            afterwards(partial(self._begin, chat, key, force))

    def _begin(self, chat: int, key: str, force: bool) -> None:
        if self.running:  # by another admin's turn, kept a moment ago
            self._again = True
        else:
            self.running = True
            self._task = asyncio.create_task(self._run(chat, key, force))

    def _follow_up(self) -> None:
        self._again = True

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The cancel button, for admins: the index that is served stays as it is."""
        query = update.callback_query
        if query is None:
            return
        if not presses_as_admin(self._settings, query) or not self._child:
            await popup(query, messages.EXPIRED)
            return
        self._end(messages.REINDEX_CANCELLED)
        await popup(query)
        keep(partial(noted, actor=str(query.from_user.id), act="cancel", subject="reindex"))

    async def stop(self) -> None:
        """A reindex does not outlive the bot; what it had begun leaves nothing behind."""
        self._end(messages.REINDEX_STOPPED)
        if self._task:
            await asyncio.wait({self._task}, timeout=GRACE)

    def _end(self, told: str) -> None:
        self._ending, self._again = told, False
        if self._child and self._child.returncode is None:
            self._child.terminate()

    async def _run(self, chat: int, key: str, force: bool) -> None:
        pipe = asyncio.subprocess.PIPE
        try:
            while True:
                command = [*self._command, *(["--force"] if force else [])]
                self._child = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
                result = await self._follow(self._child, chat, key)
                if not self._again:
                    break
                self._again, force = False, True  # documents changed meanwhile
            await self._outbox.post(letters(chat, layout.plain(result), key=key, replace=True))
        except Exception:
            _log.exception("reindex")
        finally:
            self._child, self.running, self._again, self._ending = None, False, False, None

    async def _follow(self, child: asyncio.subprocess.Process, chat: int, key: str) -> str:
        """Edit the message as the child goes on; what to tell at its end."""
        shown, last = time.monotonic(), ""
        assert child.stderr and child.stdout  # noqa: S101 - both are pipes  # nosec B101
        async for line in child.stderr:
            last = line.decode("utf-8", "replace").strip() or last
            step = _STEP.fullmatch(last)
            if step and time.monotonic() - shown >= _EVERY and not self._outbox.busy(chat):
                shown = time.monotonic()
                text = messages.reindexing(int(step[1]), int(step[2]))
                await self._outbox.post(letters(chat, layout.plain(text), markup=_cancel(), key=key, replace=True))
        out = (await child.stdout.read()).decode("utf-8", "replace").strip()
        code = await child.wait()
        if self._ending:
            return self._ending
        told = out.splitlines()[-1] if out else ""
        return (told if code == 0 else last) or messages.incident(f"REINDEX {code}")


def _cancel() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(messages.CANCEL, callback_data="chiso:huy")]])
