"""Where several machines share a database, each has an index of its own: follow the documents that others change."""

import logging
import subprocess  # nosec B404
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.wiring import Program
from corpus.errors import StoreError

AGAIN = 1.0  # seconds until a lost connection or a failed reindex is tried again, at first
LONGEST = 60.0  # and at last
_log = logging.getLogger(__name__)


@contextmanager
def following(program: Program) -> Iterator[None]:
    """Meanwhile the index follows the shared database; a database of one machine needs nothing."""
    if not program.store.shared:
        yield
        return
    replica = Replica(program, program.reindex_command())
    replica.start()
    try:
        yield
    finally:
        replica.stop()


class Replica(threading.Thread):
    """Listens on a connection of its own, and reindexes in a child process while the bot goes on answering."""

    def __init__(self, program: Program, command: Sequence[str]) -> None:
        super().__init__(name="replica", daemon=True)
        self._program = program
        # Whoever published has agreed to what vanished.
        self._command = [*command, "--force"]
        self._stopped = threading.Event()
        self._child: subprocess.Popen[str] | None = None
        self._wait = AGAIN

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                for _ in self._program.store.news(self._stopped):
                    self._follow()
            except StoreError as error:
                _log.warning("listening: %s", error)
                self._pause()

    def stop(self) -> None:
        """A reindex does not outlive the bot."""
        self._stopped.set()
        if self._child and self._child.poll() is None:
            self._child.terminate()
        self.join()

    def _follow(self) -> None:
        """Reindex until the index is that of the database. What this home published itself is so already."""
        while not self._stopped.is_set() and self._program.stale():
            if self._reindex():
                _log.info("reindexed after a change by another machine")
            else:
                self._pause()
        self._wait = AGAIN

    def _reindex(self) -> bool:
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(self._command, stdout=pipe, stderr=pipe, text=True)  # noqa: S603 - ours  # nosec B603
        with self._child as child:
            _, said = child.communicate()
        if child.returncode and not self._stopped.is_set():
            _log.warning("reindex after a change by another machine: %s", said.strip().rpartition("\n")[2])
        return child.returncode == 0

    def _pause(self) -> None:
        self._stopped.wait(self._wait)
        self._wait = min(2 * self._wait, LONGEST)
