"""The store off the event loop, in a thread of its own: a locked database holds up nothing else."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import chain, count, repeat
from queue import PriorityQueue
from threading import Thread
from typing import ParamSpec, TypeVar

from corpus.errors import UnavailableError

P = ParamSpec("P")
T = TypeVar("T")
_FIRST, _USUAL, _LAST = range(3)
_PAUSES = (0.5, 1.0, 2.0, 5.0)  # seconds, then the last again and again
_log = logging.getLogger(__name__)


class Writer:
    """Runs what touches the store, one after the other: threads that wait for SQLite's lock sleep too long."""

    def __init__(self) -> None:
        self._numbers = count()
        self._jobs: PriorityQueue[tuple[int, int, Callable[[], None] | None]] = PriorityQueue()
        Thread(target=self._run, name="writer", daemon=True).start()

    async def once(self, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Raises what the act raises."""
        return await self._done(_USUAL, partial(act, *arguments, **named))

    async def surely(self, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Again and again while the database is locked, full or away."""
        return await self._sure(_USUAL, partial(act, *arguments, **named))

    async def mark(self, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """The same, before all that waits: what was sent and is not marked so when a kill comes is sent twice."""
        return await self._sure(_FIRST, partial(act, *arguments, **named))

    async def _sure(self, rank: int, act: Callable[[], T]) -> T:
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            try:
                return await self._done(rank, act)
            except UnavailableError as error:
                _log.warning("not stored yet: %s", error)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _done(self, rank: int, act: Callable[[], T]) -> T:
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(act())
            except BaseException as error:
                future.set_exception(error)

        self._jobs.put((rank, next(self._numbers), job))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """The thread ends when it has done what it was given."""
        self._jobs.put((_LAST, 0, None))

    def _run(self) -> None:
        while job := self._jobs.get()[2]:
            job()
