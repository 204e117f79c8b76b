"""What goes out: letters that are kept in the store until Telegram has taken them, in order within each chat."""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiolimiter import AsyncLimiter
from telegram import Bot
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.lanes import Lanes
from bot.sending import Content, deliver, timely
from bot.writer import Writer
from corpus.mailbox import Letter, Mailbox, Queued

PER_SECOND = 25  # messages to all chats together, evenly; a burst would exceed the limit within its second
MOST = 28  # that may arrive within a second, however unevenly: Telegram takes 30
_SOON = 0.01  # seconds between looks whether there is room
PAUSES = (1.0, 3.0, 10.0, 30.0)  # seconds after tries that failed, then the last again and again
_PATIENCE = 3.0  # seconds that a letter waits for the one before, of whatever chat, to be settled
_SLACK = 0.1  # seconds on top of what Telegram asks to wait
_LONGEST = 3600.0  # seconds that a letter of the last run waits at most: the clock may have been put back since
_KEPT = timedelta(days=1)  # so long a letter is tried
GRACE = 3.0  # seconds for what is on its way when the program stops
_log = logging.getLogger(__name__)


class Window:
    """Lets no more than MOST letters arrive within a second, whatever holds them up on their way.

    What arrived within a second was settled in it, or is still on its way at its end: these two are counted.
    """

    def __init__(self) -> None:
        self._under_way, self._settled = 0, deque[float]()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for room, first come, first served; keep it until the letter is settled."""
        async with self._turn:
            while self._full():
                await asyncio.sleep(_SOON)
            self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._settled.append(time.monotonic())

    def _full(self) -> bool:
        while self._settled and self._settled[0] < time.monotonic() - 1:
            self._settled.popleft()
        return self._under_way + len(self._settled) >= MOST


class Outbox:
    """Empties the store's outbox. A letter is sent again when it is not known to have arrived: at least once.

    What is on its way when the program is killed may come twice, so letters go one by one while Telegram is quick.
    """

    def __init__(self, bot: Bot, mailbox: Mailbox, writer: Writer) -> None:
        self._bot, self._mailbox, self._writer = bot, mailbox, writer
        self._pace, self._window = AsyncLimiter(1, 1 / PER_SECOND), Window()
        self._last = asyncio.Event()  # the letter before is settled
        self._last.set()
        self._lanes = Lanes(self._send)
        self._closing = asyncio.Event()

    async def open(self) -> None:
        """Go on with what was left by the last run. Raises StoreError."""
        self.put(await self._writer.once(self._mailbox.unsent))

    def put(self, queued: Iterable[Queued]) -> None:
        """Send what the store has already."""
        for letter in queued:
            self._lanes.put(letter.letter.chat, letter)

    async def post(self, letters: Sequence[Letter]) -> None:
        """Keep letters that belong to no update's turn, then send them."""
        self.put(await self._writer.surely(self._mailbox.finish, None, letters))

    async def at_once(self, letters: Sequence[Letter]) -> None:
        """Send letters past the store, when it cannot take them; once, or never."""
        for letter in letters:
            with suppress(TelegramError):
                async with self._window.place():
                    await deliver(self._bot, letter, Content(**json.loads(letter.body)))

    def busy(self, chat: int) -> bool:
        """Whether letters wait for a chat."""
        return self._lanes.busy(chat)

    async def close(self) -> None:
        """What is on its way arrives; the rest stays in the store."""
        self._closing.set()
        await self._lanes.close(GRACE)

    async def _send(self, queued: Queued) -> None:
        """Until it has arrived, or never will, or the program stops."""
        tries, wait = 0, min(_LONGEST, (queued.due_at - datetime.now(UTC)).total_seconds())
        while not await self._closed_within(wait):
            async with self._in_turn():
                again = await self._attempt(queued, tries)
            if again is None:
                return
            tries, wait = tries + 1, again

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """After the letter before is settled; a slow one holds up the next a little, not all of them."""
        await self._pace.acquire()
        before, self._last = self._last, asyncio.Event()
        mine = self._last
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(before.wait(), _PATIENCE)
            async with self._window.place():
                yield
        finally:
            mine.set()

    async def _attempt(self, queued: Queued, tries: int) -> float | None:
        """Send it: None when that is settled, else the seconds to wait before the next time."""
        try:
            message = await self._deliver(queued)
        except RetryAfter as flood:
            seconds = flood.retry_after
            wait = (seconds.total_seconds() if isinstance(seconds, timedelta) else seconds) + _SLACK
            _log.warning("flood limit: one chat waits %.0f s", wait)
            due = datetime.now(UTC) + timedelta(seconds=wait)
            await self._writer.surely(self._mailbox.postpone, queued.id, due)
            return wait
        except TelegramError as error:
            final = isinstance(error, BadRequest | Forbidden) or datetime.now(UTC) - queued.made_at > _KEPT
            if not final:
                _log.info("sending again after %s", error)
                return PAUSES[min(tries, len(PAUSES) - 1)]
            _log.warning("not sent: %s", error)
            await self._writer.surely(self._mailbox.failed, queued.id)
        except Exception:
            _log.exception("not sent: a letter that cannot be read")
            await self._writer.surely(self._mailbox.failed, queued.id)
        else:
            await self._writer.mark(self._mailbox.sent, queued.id, message)
        return None

    async def _deliver(self, queued: Queued) -> int | None:
        content, letter = Content(**json.loads(queued.letter.body)), queued.letter
        if content.replace and letter.key:
            former = await self._writer.once(self._mailbox.message, letter.chat, letter.key)
            content = replace(content, edit=former)
        return await deliver(self._bot, letter, timely(content, datetime.now(UTC)))

    async def _closed_within(self, seconds: float) -> bool:
        """Wait; whether the program stops meanwhile."""
        if seconds <= 0:
            return self._closing.is_set()
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True
