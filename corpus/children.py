"""Child processes that do a part of this one's work, all cores at once, and end with it."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

CHILDREN = 2


def children(prepare: Callable[..., Any] | None = None, *given: Any) -> ProcessPoolExecutor:
    """Processes that first `prepare(*given)`. What is asked of one that was killed raises BrokenProcessPool."""
    spawn = get_context("spawn")  # a fork of a process with threads can hang
    return ProcessPoolExecutor(CHILDREN, spawn, _begin, (prepare, given))


def _begin(prepare: Callable[..., Any] | None, given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle, which lets its children finish
    Thread(target=_end_with_parent, daemon=True).start()
    if prepare:
        prepare(*given)


def _end_with_parent() -> None:
    """One whose parent was killed would wait for its next task for ever."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
