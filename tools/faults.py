"""Break documents and the index on purpose, many times, and print what survived; exit status 1 when anything did not.

    PYTHONPATH=tests python tools/faults.py [--scale 1.0] [--case TEXT]... [--write docs/reliability.md]

`--scale 0.1` tries a tenth. `--write` puts the table into a document, between its markers; only whole runs are written.
The disk is one in memory where there is one, for syncing a real one takes most of the time.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import breaking
import spoiling

Case = tuple[str, int, Callable[[Path, int], breaking.Count]]
CASES: tuple[Case, ...] = (
    ("A reindex stopped dead before its N-th operation on files, N = 1, 2, 3…", 1000, breaking.stopped),
    ("A reindex killed (SIGKILL) at any moment, in native code, too", 300, breaking.killed),
    (
        "Power lost during a reindex: unsynced bytes cut, zeroed or gone, unsynced names undone",
        900,
        breaking.unpowered,
    ),
    ("The N-th write of a reindex refused: disk full, file too large, fault of the disk", 3000, breaking.refused),
    ("A reindex with a limit on the size of files, native ones, too", 160, breaking.too_large),
    ("A disk that is full while reports are added and indexed", 60, spoiling.full),
    ("A bit flipped or a file cut in a generation", 5000, spoiling.flipped),
    ("The same where the index is too large to be hashed when opened", 5000, spoiling.flipped_unhashed),
    ("Killed (SIGKILL) while a folder is loaded: what was acknowledged", 500, spoiling.killed_loading),
    ("Reindexes at once: one works, the others are told who; that one killed, the next works", 50, spoiling.at_once),
    ("The database locked by another process: told after 5 s", 2, spoiling.busy),
    ("Backups made while another thread writes, brought into a new home", 50, spoiling.restored),
    ("Documents made again from their original bytes alone", 50, spoiling.reread_anew),
)
SAID = """| case | tried | survived |
|---|---|---|
{}
Builds that lose data when power is lost, to show that it is seen:

| build | states tried | caught in |
|---|---|---|
{}"""
MARKERS = "<!-- tools/faults.py -->\n", "<!-- end of tools/faults.py -->\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--case", action="append", metavar="TEXT", help="only cases whose name has this")
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.write and (options.case or options.scale != 1):
        parser.error("only whole runs are written")
    cases = [case for case in CASES if not options.case or any(text in case[0] for text in options.case)]
    mutants = [] if options.case else list(breaking.MUTANTS)
    good, rows, caught = True, "", ""
    with ProcessPoolExecutor() as processes:
        counts = processes.map(tried, cases, repeat(options.scale))
        losses = processes.map(lost, mutants, repeat(options.scale))
        for (name, *_), (number, survived) in zip(cases, counts, strict=True):
            good = good and number == survived
            rows += f"| {name} | {number or 'not tried: nothing may be mounted here'} | {survived} |\n"
        for name, (number, bad) in zip(mutants, losses, strict=True):
            good = good and bad > 0
            caught += f"| {name} | {number} | {bad} |\n"
    said = SAID.format(rows, caught)
    print(said)
    if options.write:
        options.write.write_text(placed(options.write.read_text("utf-8"), said), "utf-8")
    return 0 if good else 1


def tried(case: Case, scale: float) -> breaking.Count:
    """(tried, survived)"""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=fastest(), ignore_cleanup_errors=True) as folder:
        count = case[2](Path(folder), max(1, round(case[1] * scale)))
    print(f"{case[0]}: {count}, {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return count


def lost(mutant: str, scale: float) -> breaking.Count:
    """(states tried, bad ones) of a build that loses data."""
    with tempfile.TemporaryDirectory(dir=fastest(), ignore_cleanup_errors=True) as folder:
        wrong = list(map(bool, breaking.lost_power(Path(folder), round(800 * scale), breaking.MUTANTS[mutant])))
    return len(wrong), sum(wrong)


def fastest() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - folders made in it are private


def placed(document: str, said: str) -> str:
    """The document with what stands between the markers replaced."""
    begin, end = MARKERS
    return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{said}\n{end}", document, flags=re.S)


if __name__ == "__main__":
    sys.exit(main())
