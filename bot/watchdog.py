"""Signs of life: a bot that is stuck ends with a status of its own, and a supervisor is told that it is well.

What systemd says in NOTIFY_SOCKET is where it wants to hear of it (Type=notify, WatchdogSec=).
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

STUCK = 75  # exit status: temporary, start again
PATIENCE = 300.0  # seconds without a sign of life; a poll ends within half a minute, also without a network
EVERY = 20.0  # seconds between two looks
_log = logging.getLogger(__name__)


class Watchdog:
    """Looks from a thread of its own, which goes on when the event loop does not."""

    def __init__(
        self,
        patience: float = PATIENCE,
        every: float = EVERY,
        now: Callable[[], float] = time.monotonic,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._patience, self._every, self._now, self._end = patience, every, now, end
        self._last = now()
        self._stopped = threading.Event()

    def beat(self) -> None:
        """A sign of life."""
        self._last = self._now()

    def start(self) -> None:
        """Begin to look."""
        self.beat()
        tell("READY=1")
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """The program ends by itself."""
        self._stopped.set()
        tell("STOPPING=1")

    def look(self) -> None:
        """Tell the supervisor that all is well, or end at once: nothing that is stuck can be waited for."""
        silent = self._now() - self._last
        if silent <= self._patience:
            tell("WATCHDOG=1")
            return
        _log.critical("stuck: nothing was fetched for %.0f s; ends with status %d", silent, STUCK)
        self._end(STUCK)

    def _watch(self) -> None:
        while not self._stopped.wait(self._every):
            self.look()


def end_within(seconds: float, end: Callable[[int], object] = os._exit) -> None:
    """The process ends by then, whatever hangs: what it does not finish is in the store, for the next run.

    Python itself would wait for a thread that hangs, and for ever.
    """

    def over() -> None:
        _log.warning("something hangs and is not waited for; what was asked is answered after the next start")
        end(0)

    timer = threading.Timer(seconds, over)
    timer.daemon = True
    timer.start()


def tell(state: str) -> None:
    """One line to the supervisor, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
