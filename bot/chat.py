"""A conversation on a terminal, with history."""

import readline
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot import show, wording
from bot.memory import Memory
from corpus.errors import HoidapError

_HERE = (0, "")  # one person in one conversation
_KEPT = 1000  # questions of history


def chat(history: Path, reply: Callable[[str], None], quiet: bool = False) -> None:
    """Read questions until Ctrl-D; errors are told and the conversation goes on; follow-ups are made whole."""
    memory, turn = Memory(), 0
    with suppress(OSError):
        readline.read_history_file(history)
    show.note("Hãy đặt câu hỏi, ví dụ: Hậu Giang có bao nhiêu trạm BTS tăng? (Ctrl-D để thoát)")
    while (text := _read()) is not None:
        if not text:
            continue
        turn += 1
        try:
            whole = memory.whole(_HERE, turn, text)
            if whole != text and not quiet:
                show.note(wording.understood(whole))
            reply(whole)
        except HoidapError as error:
            show.note(str(error))
    with suppress(OSError):
        readline.set_history_length(_KEPT)
        readline.write_history_file(history)
        history.chmod(0o600)


def _read() -> str | None:
    try:
        return input("Hỏi> ").strip()
    except EOFError:
        print()
        return None
