"""What the handling of one update comes to: gathered while it is handled, kept in one transaction at its end."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from corpus.mailbox import Letter, Write


class Turn:
    """Letters to send and rows to write, all or none of them; a turn that fails is dropped and taken again."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.writes: list[Write] = []
        self.after: list[Callable[[], None]] = []  # begun once all that is kept
        self.error: BaseException | None = None


_current: ContextVar[Turn] = ContextVar("turn")


@contextmanager
def taking(turn: Turn) -> Iterator[None]:
    """Within, it is this turn that is taken."""
    token = _current.set(turn)
    try:
        yield
    finally:
        _current.reset(token)


def post(letters: Iterable[Letter]) -> None:
    """Send these when the turn ends well."""
    _current.get().letters.extend(letters)


def keep(write: Write) -> None:
    """Write this in the same transaction."""
    _current.get().writes.append(write)


def afterwards(act: Callable[[], None]) -> None:
    """Begin this once the turn is kept: it is begun at most once, however often the update comes."""
    _current.get().after.append(act)


def fail(error: BaseException | None) -> None:
    """The turn failed."""
    _current.get().error = error
