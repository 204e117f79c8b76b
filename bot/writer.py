"""The store off the event loop, in threads of its own: a locked database holds up nothing else."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat
from typing import ParamSpec, TypeVar

from corpus.errors import UnavailableError

P = ParamSpec("P")
T = TypeVar("T")
_PAUSES = (0.5, 1.0, 2.0, 5.0)  # seconds, then the last again and again
_log = logging.getLogger(__name__)


class Writer:
    """Runs what touches the store, one after the other, so that it does not wait for its own locks."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "writer")

    async def once(self, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Raises what the act raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: act(*arguments, **named))

    async def surely(self, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Again and again while the database is locked, full or away."""
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            try:
                return await self.once(act, *arguments, **named)
            except UnavailableError as error:
                _log.warning("not stored yet: %s", error)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._thread.shutdown()
