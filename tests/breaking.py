"""What is broken on purpose, and what must be left: used with few tries by the tests, with many by tools/faults.py.

Each case takes an empty folder and the number of tries, and gives (tried, survived); a try that did not survive says
why on standard error.
"""

import errno
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from unittest.mock import patch

from disk import PowerLoss, lay_out, watched

from corpus.disk import sync
from corpus.errors import GenerationError
from corpus.records import Document, Facts, Passage
from index import publishing
from index.engines import open_engine
from index.generation import FAST, REFERENCE, Generation, damaged, read, write
from index.indexing import index, unchanged

Count = tuple[int, int]
State = dict[str, int]  # documents by id, with their number of passages
FIRST: State = dict.fromkeys("abcdef", 4)
STEPS: tuple[State, ...] = (
    FIRST,
    {**FIRST, "g": 3},
    {**FIRST, "a": 2, "g": 3, "h": 2},
    {**FIRST, "i": 1},
    {**FIRST, "b": 3},
)


def report(id: str, size: int) -> tuple[Document, list[Passage]]:
    """Another size is another version."""
    texts = [f"Có {size}{n} trạm {id}." for n in range(size)]
    text = "\n".join(texts)
    starts = [text.index(one) for one in texts]
    passages = [
        Passage(id, n, at, at + len(one), n // 2, one) for n, (at, one) in enumerate(zip(starts, texts, strict=True))
    ]
    return Document(id, f"{id}.txt", "0" * 64, text, Facts(f"Báo cáo {id}")), passages


def made(state: State, engine: str, base: Generation | None = None) -> Generation:
    stamps = {id: f"{id}{size}" for id, size in sorted(state.items())}
    kept = unchanged(base, stamps) if base else {}
    reports = {id: report(id, state[id]) for id in stamps}
    new = (passage for id in stamps if id not in kept for passage in reports[id][1])
    return index([reports[id][0] for id in stamps], new, repr(stamps), engine=engine, stamps=stamps, base=base)


@dataclass(frozen=True, eq=False)
class Reindex:
    """A reindex to be disturbed: the states published before it, and the one that it publishes."""

    engine: str
    before: tuple[State, ...]
    then: State
    follows: bool

    def prepare(self, folder: Path) -> Path:
        for state in self.before:
            publish(folder, state, self.engine, follows=self.follows and (folder / "CURRENT").exists())
        return folder

    def run(self, folder: Path) -> None:
        publish(folder, self.then, self.engine, self.follows)

    def whole(self, folder: Path, sure: bool = False) -> str:
        """What is wrong after it was disturbed, "" when the old or (`sure`: only) the new generation serves."""
        wanted = {key(self.then)} if sure else {key(self.before[-1]), key(self.then)}
        return serving(folder, wanted)

    def after(self, folder: Path) -> str:
        """What is wrong with the next reindex."""
        publish(folder, FIRST, REFERENCE)
        left = [path.name for path in folder.rglob("*.tmp")]
        return serving(folder, {key(FIRST)}) or (f"left: {left}" if left else "")


REINDEXES = [
    Reindex(engine, STEPS[:number], STEPS[number], follows)
    for engine in (REFERENCE, FAST)
    for number in (1, 2, 3, 4)
    for follows in (False, True)
]


def key(state: State) -> str:
    return repr({id: f"{id}{size}" for id, size in sorted(state.items())})


def publish(folder: Path, state: State, engine: str, follows: bool = False) -> None:
    base = read(folder) if follows else None
    write(folder, made(state, engine, base), base)


def serving(folder: Path, wanted: set[str], former: bool = False) -> str:
    """What is wrong with what a folder serves; `former`: a damaged generation before which the other serves is fine."""
    try:
        found = read(folder)
    except GenerationError as error:
        return f"nothing serves: {error}"
    if not former and publishing.current(folder) != found.number:
        return "CURRENT is damaged"
    if found.fingerprint not in wanted:
        return f"serves {found.fingerprint}"
    if (found.skipped and not former) or damaged(found):
        return f"{found.skipped or found.number} is damaged"
    texts = [passage.text for passage in found.passages]
    if texts != [p.text for id, size in sorted(state_of(found).items()) for p in report(id, size)[1]]:
        return "other passages"
    hits = open_engine(found).passages.top({"trạm": 1.0}, 99)
    return "" if {hit.id for hit in hits} == {n for span in found.passages.spans.values() for n in span} else "hits"


def state_of(found: Generation) -> State:
    return {stamp[0]: int(stamp[1:]) for stamp in found.stamps}


def scratch(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder for one try. Tantivy looks every half a second after what it has opened: it may add a lock file late."""
    return tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True)


@contextmanager
def copied(prepared: Path) -> Iterator[Path]:
    """A copy whose linked files are linked, too."""
    linked: dict[int, Path] = {}

    def copy(source: str, target: str) -> None:
        known = linked.setdefault(Path(source).stat().st_ino, Path(target))
        os.link(known, target) if known != Path(target) else shutil.copy2(source, target)

    with scratch(prepared.parent) as folder:
        yield Path(shutil.copytree(prepared, folder, copy_function=copy, dirs_exist_ok=True))


def told(case: str, what: str) -> bool:
    """Say what is wrong, if anything is; whether all is well."""
    if what:
        print(f"{case}: {what}", file=sys.stderr)
    return not what


def forked(work: Callable[[], None], quiet: bool = True) -> int:
    """The exit status of a child that does some work: 0 done, 3 an error, 9 stopped."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        if quiet:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(3)


def stopped(folder: Path, tries: int) -> Count:
    """A process stopped dead before its N-th operation on the disk, for N = 1, 2, 3… until one gets through."""
    tried = survived = 0
    for number, one in enumerate(REINDEXES):
        prepared = one.prepare(folder / f"{number}")
        for step in count(number % 3, max(1, len(REINDEXES) * 70 // tries)):
            with copied(prepared) as spoilt:
                code = forked(partial(_stop_at, step, one, spoilt))
                wrong = one.whole(spoilt, sure=code == 0) or one.after(spoilt)
            tried += 1
            survived += told(f"stop {number} at {step}", wrong if code in (0, 9) else f"exit {code}")
            if code != 9:
                break
    return tried, survived


def _stop_at(step: int, one: Reindex, folder: Path) -> None:
    left = [step]

    def before(operation: str, paths: tuple[str, ...]) -> None:
        left[0] -= 1
        if left[0] < 0:
            os._exit(9)

    with watched(before):
        one.run(folder)


def killed(folder: Path, tries: int) -> Count:
    """SIGKILL at any moment, in native code, too."""
    chance, survived, took = random.Random(1), 0, dict.fromkeys(REINDEXES, 0.05)
    prepared = {one: one.prepare(folder / f"{number}") for number, one in enumerate(REINDEXES)}
    for number in range(tries):
        one = REINDEXES[number % len(REINDEXES)]
        with copied(prepared[one]) as spoilt:
            code = _kill(one, spoilt, chance.random() * took[one])
            wrong = one.whole(spoilt, sure=code == 0) or one.after(spoilt)
        if code == 0:  # so that kills fall within the work, however fast the machine is
            took[one] *= 0.8
        survived += told(f"kill {number}", wrong)
    return tries, survived


def _kill(one: Reindex, folder: Path, after: float) -> int:
    """The exit status of a reindex that is killed after some seconds."""
    if (child := os.fork()) == 0:
        one.run(folder)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def unpowered(folder: Path, tries: int) -> Count:
    """A loss of power at any moment of a reindex."""
    wrong = list(lost_power(folder, tries, nullcontext))
    return len(wrong), sum(told("power", one) for one in wrong)


def lost_power(folder: Path, tries: int, build: Callable[[], AbstractContextManager[None]]) -> Iterator[str]:
    """For each state that a loss of power may leave, what is wrong with it; the program is built in some way."""
    chance = random.Random(1)
    for number, one in enumerate(REINDEXES):
        root = folder / f"{number}"
        home = one.prepare(root / "index")
        loss = PowerLoss(root, chance, tries / (len(REINDEXES) * 60))
        with build(), watched(loss.before):
            one.run(home)
        done = loss.events
        loss.lose()
        loss.close()
        for state, events in loss.states:
            with scratch(folder) as spoilt:
                lay_out(state, Path(spoilt))
                left = Path(spoilt, "index")
                wrong = one.whole(left, sure=events == done)
                yield wrong or (one.after(left) if chance.random() < 0.1 else "")


@contextmanager
def no_file_synced() -> Iterator[None]:
    """A build that syncs folders only."""
    only_folders = patch.object(publishing, "sync", lambda path: sync(path) if path.is_dir() else None)
    with only_folders, patch.object(publishing, "_write_synced", lambda path, data: path.write_bytes(data)):
        yield


@contextmanager
def no_folder_synced() -> Iterator[None]:
    with patch.object(publishing, "sync", lambda path: None if path.is_dir() else sync(path)):
        yield


@contextmanager
def in_place() -> Iterator[None]:
    """A build that writes CURRENT over itself."""

    def swap(folder: Path, number: int) -> None:
        named = str(number).encode()
        publishing._write_synced(folder / "CURRENT", named + b" " + publishing._checksum(named))
        sync(folder)

    with patch.object(publishing, "_swap_current", swap):
        yield


MUTANTS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "files not synced": no_file_synced,
    "folders not synced": no_folder_synced,
    "CURRENT written in place": in_place,
}


def refused(folder: Path, tries: int) -> Count:
    """The N-th write refused, alone or with all after it: disk full, file too large, fault of the disk."""
    tried = survived = 0
    for number, one in enumerate(REINDEXES):
        prepared = one.prepare(folder / f"{number}")
        for code, lasting in ((errno.ENOSPC, True), (errno.ENOSPC, False), (errno.EFBIG, False), (errno.EIO, False)):
            for step in count(0, max(1, len(REINDEXES) * 4 * 40 // tries)):
                with copied(prepared) as spoilt:
                    reached, said = _refuse_at(step, code, lasting, one, spoilt)
                    wrong = one.whole(spoilt) or _half_done(spoilt) or _unclear(said, code) or one.after(spoilt)
                tried += 1
                survived += told(f"refuse {number} at {step} with {errno.errorcode[code]}", wrong)
                if not reached:
                    break
    return tried, survived


_WRITING = ("open", "write", "fsync", "rename", "replace", "link", "mkdir", "sendfile")


def _refuse_at(step: int, code: int, lasting: bool, one: Reindex, folder: Path) -> tuple[bool, str | None]:
    """Whether there was an N-th write, and what was told."""
    left = [step]

    def before(operation: str, paths: tuple[str, ...]) -> None:
        if operation in _WRITING:
            left[0] -= 1
            if left[0] == -1 or (lasting and left[0] < 0):
                raise OSError(code, os.strerror(code), paths[0])

    try:
        with watched(before):
            one.run(folder)
    except GenerationError as error:
        return left[0] < 0, str(error)
    return left[0] < 0, None


def _unclear(said: str | None, code: int) -> str:
    starts = {errno.ENOSPC: "Đĩa đầy", errno.EFBIG: "Tệp vượt cỡ", errno.EIO: "Lỗi đọc ghi đĩa"}[code]
    return "" if said is None or (said.startswith(starts) and "\n" not in said) else said


def _half_done(folder: Path) -> str:
    """What an interrupted reindex left that is no generation in use or before it."""
    now = publishing.current(folder)
    left = [path.name for path in folder.rglob("*.tmp")]
    newer = [path.name for path in (folder / "generations").iterdir() if now is not None and int(path.name) > now]
    return f"half done: {left + newer}" if left or newer else ""


def too_large(folder: Path, tries: int) -> Count:
    """Files that the system lets grow to so many bytes only, those of native code, too."""
    chance, survived = random.Random(1), 0
    prepared = [one.prepare(folder / f"{number}") for number, one in enumerate(REINDEXES)]
    for number in range(tries):
        one = REINDEXES[number % len(REINDEXES)]
        most = round(10 * 400 ** chance.random())
        with copied(prepared[number % len(REINDEXES)]) as spoilt:
            code = forked(partial(_limited, most, one, spoilt))
            wrong = one.whole(spoilt) or _half_done(spoilt) or one.after(spoilt)
        survived += told(f"limit {number} of {most}", wrong if code in (0, 9) else f"exit {code}")
    return tries, survived


def _limited(most: int, one: Reindex, folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        one.run(folder)
    except GenerationError as error:
        os._exit(9 if str(error).startswith("Tệp vượt cỡ") else 4)
