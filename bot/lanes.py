"""Work in lanes: in order within one, side by side otherwise. A chat is a lane, for what comes in and what goes out."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
_log = logging.getLogger(__name__)


class Lanes(Generic[Item]):
    """Calls `work` with what is put in; what it raises ends nothing but that item."""

    def __init__(self, work: Callable[[Item], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._lanes: dict[int, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def put(self, lane: int, item: Item) -> None:
        """Behind what its lane has."""
        if lane in self._lanes:
            self._lanes[lane].append(item)
            return
        self._lanes[lane] = deque([item])
        task = asyncio.create_task(self._follow(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def busy(self, lane: int) -> bool:
        return lane in self._lanes

    async def close(self, seconds: float) -> None:
        """Let what is being done end within a time; what waits behind it is left."""
        self._closed = True
        tasks = list(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, lane: int) -> None:
        items = self._lanes[lane]
        while items and not self._closed:
            try:
                await self._work(items.popleft())
            except Exception:
                _log.exception("work lost until the next start")
        del self._lanes[lane]
