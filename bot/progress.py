"""Progress of long work on standard error: a bar on a terminal, nothing when piped."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(label: str, lines: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A function step(done, of) to call as work goes on; the bar shows from the first step on.

    With `lines` each step is a line "done/of" instead, for a program that reads it.
    """
    if lines:
        yield _line
        return
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, visible=False)
        yield lambda done, of: bar.update(task, completed=done, total=of, visible=True)


def _line(done: int, of: int) -> None:
    """A hundred lines at most, however much there is to do."""
    if done * 100 // of != (done - 1) * 100 // of:
        print(f"{done}/{of}", file=sys.stderr, flush=True)
