"""More of what is broken on purpose (see breaking.py): bytes at rest, the store, processes beside each other."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from unittest.mock import patch

from breaking import REINDEXES, STEPS, Count, forked, key, report, serving, told

from bot.config import load_settings
from bot.health import verify
from bot.wiring import Program
from corpus.checking import check
from corpus.errors import GenerationError, HoidapError, StoreError
from corpus.load import reread, take, take_all
from corpus.store import Store
from index import publishing
from index.generation import damaged, read
from index.records import Question

ASKED = "Hậu Giang có bao nhiêu trạm BTS tăng?"


def flipped(folder: Path, tries: int) -> Count:
    """A bit flipped, a file cut or gone, in the generation in use: the one before serves, or all say so."""
    return _spoilt(folder, tries, publishing.ALWAYS_HASHED, _serves)


def flipped_unhashed(folder: Path, tries: int) -> Count:
    """The same in an index too large to be hashed when it is opened: never a passage that is not in its report."""
    return _spoilt(folder, tries, 0, _quotes)


def _spoilt(folder: Path, tries: int, hashed: int, judge: Callable[[Path, Path], str]) -> Count:
    homes = [one.prepare(folder / f"{number}" / "index") for number, one in enumerate(REINDEXES)]
    for number, one in enumerate(REINDEXES):
        one.run(homes[number])
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def attempt(numbers: Sequence[int]) -> None:
        for number in numbers:
            path = _victim(homes[number % len(homes)], random.Random(f"{number}"))
            with _changed(path, _spoil(kept[path], random.Random(f"{number}"))):
                if wrong := judge(homes[number % len(homes)], path):
                    raise AssertionError(wrong)

    survived = tries
    with patch.object(publishing, "ALWAYS_HASHED", hashed):
        for batch in (range(start, min(tries, start + 40)) for start in range(0, tries, 40)):
            if forked(partial(attempt, batch)):
                survived -= len(batch) - sum(map(partial(_alone, attempt, kept), batch))
    return tries, survived


def _alone(attempt: Callable[[Sequence[int]], None], kept: Mapping[Path, bytes], number: int) -> bool:
    """One try of a batch of which one failed, in which native code may even have ended the process."""
    for path, whole in kept.items():
        path.write_bytes(whole)
    code = forked(partial(attempt, [number]), quiet=False)
    return told(f"flip {number}", f"exit {code}" if code else "")


def _victim(home: Path, chance: random.Random) -> Path:
    made = publishing.place(home, publishing.current(home) or 0)
    return chance.choice([home / "CURRENT", made / publishing.MANIFEST, *map(made.joinpath, _files(made))])


def _files(made: Path) -> list[str]:
    return sorted(publishing.manifest(made)["files"])


@contextmanager
def _changed(path: Path, data: bytes) -> Iterator[None]:
    """A file with other bytes, in the same inode: a linked one is damaged in both generations."""
    whole = path.read_bytes()
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(whole)


def _spoil(whole: bytes, chance: random.Random) -> bytes:
    if not whole or chance.random() < 0.25:
        return whole[: chance.randrange(len(whole))] if whole else b"x"
    at = chance.randrange(len(whole))
    return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]


def _serves(home: Path, path: Path) -> str:
    """Whether the damage is detected, and the generation before serves unless it has the file, too."""
    if path.name == "CURRENT":
        return serving(home, {key(state) for state in STEPS}, former=True)
    try:
        found = read(home)
    except GenerationError:
        return "" if path.stat().st_nlink > 1 else "not served"
    return serving(home, {found.fingerprint}, former=True) if found.skipped else "not detected"


def _quotes(home: Path, path: Path) -> str:
    """Whether everything quoted, with its source, is as reported."""
    program = Program(load_settings({"HOIDAP_HOME": str(home.parent), "HOIDAP_EMBEDDINGS": "off"}))
    try:
        found = read(home)
        if path.name != "CURRENT" and not found.skipped and not damaged(found):
            return "not detected"
        cited = program.ask(Question("Có bao nhiêu trạm?", top=50)).passages
    except GenerationError:
        return "" if path.stat().st_nlink > 1 else "not served"
    for one in cited:
        id, size = one.document.id, len(program.generation().passages.spans[one.document.id])
        document, passages = report(id, size)
        if one.passage != passages[one.passage.ordinal] or one.document.facts != document.facts:
            return "wrong text"
    return ""


def text_of(number: int) -> bytes:
    return f"Báo cáo tỉnh Hậu Giang năm 2016. Lượt {number}: mạng lưới tăng {number + 10} trạm BTS.\n".encode()


def filled(folder: Path, reports: int) -> Program:
    """A program of its own in a folder, with some reports."""
    program = Program(load_settings({"HOIDAP_HOME": str(folder), "HOIDAP_EMBEDDINGS": "off"}))
    for number in range(reports):
        take(program.store, f"{number}.txt", text_of(number), {})
    program.reindex(force=True)
    return program


def killed_loading(folder: Path, tries: int) -> Count:
    """SIGKILL while a folder is loaded: what was said to be stored is; loading it again stores the rest."""
    chance, survived, database = random.Random(1), 0, f"sqlite:///{folder / 'a.db'}"
    Store.open(database).close()
    paths = []
    for number in range(tries):
        batch = [folder / f"{number}-{one}.txt" for one in range(6)]
        for one, path in enumerate(batch):
            path.write_bytes(text_of(number * 6 + one))
        paths += batch
        said = _load_killed(database, batch, chance.random() * 0.15)
        store = Store.open(database)
        stored = {document.file for document in store.documents()}
        survived += told(f"kill {number}", "" if set(said) <= stored else f"lost {set(said) - stored}")
        store.close()
    store = Store.open(database)
    became = [taken for _, taken in take_all(store, paths, {})]
    whole = len(became) == len(store.documents()) == len(paths) and not list(check(store))
    store.close()
    return tries, survived if told("load again", "" if whole else "not whole") else 0


def _load_killed(database: str, paths: list[Path], after: float) -> list[str]:
    """The names that a child said it had stored, before it was killed."""
    out, into = os.pipe()
    if (child := os.fork()) == 0:
        for path, _ in take_all(Store.open(database), paths, {}):
            os.write(into, f"{path.name}\n".encode())
        os._exit(0)
    os.close(into)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(out) as file:
        return file.read().split()


def at_once(folder: Path, tries: int) -> Count:
    """Many reindexes at once: one works, all others are told who; when it is killed the next one works."""
    filled(folder, 3).store.close()
    survived = 0
    for kill in (False, True):
        told_by, into = os.pipe()
        held, release = os.pipe()
        children = [_reindexing(folder, into, (held, release)) for _ in range(tries)]
        os.close(into)
        with os.fdopen(told_by) as lines:
            said = [lines.readline().split(maxsplit=2) for _ in children]
            works = [child for child, became, *_ in said if became == "works"]
            others = [rest for _, became, *rest in said if became == "refused"]
            if kill:
                os.kill(int(works[0]), signal.SIGKILL)
            os.close(release)
            os.close(held)
            for child in children:
                os.waitpid(child, 0)
            done = lines.read().split()
        knew = sum(f"số {works[0]})" in rest[0] for rest in others)
        right = len(works) == 1 and len(others) == knew == tries - 1 and len(done) == (0 if kill else 2)
        program = filled(folder, 3)
        program.store.close()
        survived += tries if told(f"at once, kill {kill}", "" if right else f"{works} {knew} {done}") else 0
    return 2 * tries, survived


def _reindexing(folder: Path, into: int, held: tuple[int, int]) -> int:
    """A child that says what became of its reindex, and goes on with it only when it is let."""
    if child := os.fork():
        return child
    own, waiting = os.getpid(), [True]

    def step(done: int, of: int) -> None:
        if waiting:
            waiting.clear()
            os.write(into, f"{own} works\n".encode())
            os.read(held[0], 1)

    os.close(held[1])
    program = Program(load_settings({"HOIDAP_HOME": str(folder), "HOIDAP_EMBEDDINGS": "off"}))
    try:
        program.reindex(force=True, step=step, anew=True)
        os.write(into, f"{own} done\n".encode())
    except HoidapError as error:
        os.write(into, f"{own} refused {error}\n".encode())
    os._exit(0)


def busy(folder: Path, tries: int) -> Count:
    """The database locked by another connection: told after five seconds, nothing lost."""
    program, survived = filled(folder, 1), 0
    for number in range(tries):
        with closing(sqlite3.connect(folder / "hoidap.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun, said = time.perf_counter(), ""
            try:
                take(program.store, "new.txt", text_of(99), {})
            except StoreError as error:
                said = str(error)
        waited = time.perf_counter() - begun
        survived += told(f"busy {number}", "" if "đang bận" in said and waited >= 4.5 else f"{waited:.1f} s: {said}")
    program.store.close()
    return tries, survived


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[bool]:
    """A file system of its own, whether there may be one here."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    mounted = shutil.which("mount") is not None and subprocess.run(command, capture_output=True, check=False)
    try:
        yield bool(mounted) and mounted.returncode == 0
    finally:
        if mounted and mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def full(folder: Path, tries: int) -> Count:
    """A disk with so many bytes left, while reports are added and indexed; (0, 0) where none may be mounted."""
    survived = 0
    with small_disk(folder / "disk", 3000) as mounted:
        if not mounted:
            return 0, 0
        home = folder / "disk" / "home"
        filled(home, 5).store.close()
        kept = folder / "kept"
        shutil.copytree(home, kept)
        for number in range(tries):
            shutil.rmtree(home)
            shutil.copytree(kept, home)
            _leave(folder / "disk", 1024 * (1 + number * 400 // tries))
            survived += told(f"full {number}", _added(home) or _freed(folder / "disk", home))
    return tries, survived


def _leave(disk: Path, most: int) -> None:
    free = shutil.disk_usage(disk).free
    (disk / "ballast").write_bytes(bytes(max(0, free - most)))


def _added(home: Path) -> str:
    """What is wrong with how a full disk is told, and with what is answered after it."""
    program = Program(load_settings({"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"}))
    try:
        with closing(program.store) as store:
            for number in range(10, 14):
                take(store, f"{number}.txt", text_of(number) * 100, {})
            program.reindex(force=True)
    except HoidapError as error:
        if not str(error).startswith("Đĩa đầy"):
            return f"told {error}"
    left = [path.name for path in (home / "index").rglob("*.tmp")]
    answered = Program(program.settings).ask(Question(ASKED)).passages
    return f"left {left}" if left else "" if answered else "no answer"


def _freed(disk: Path, home: Path) -> str:
    (disk / "ballast").unlink()
    program = Program(load_settings({"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"}))
    for number in range(10, 14):
        take(program.store, f"{number}.txt", text_of(number) * 100, {})
    program.reindex(force=True)
    complaints = verify(program)
    program.store.close()
    return "; ".join(complaints)


def restored(folder: Path, tries: int) -> Count:
    """Backups made while another thread writes, each brought into a new home: all from before is there, and answers."""
    program, survived, stop = filled(folder / "live", 2), 0, threading.Event()

    def write() -> None:
        for number in count(100):
            if stop.wait(0.03):
                break
            take(program.store, f"{number}.txt", text_of(number), {})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(tries):
            before = {document.id for document in program.store.documents()}
            home = folder / f"{number}"
            home.mkdir()
            program.store.backup(home / "hoidap.db")
            survived += told(f"backup {number}", _answers(home, before))
            shutil.rmtree(home)
    finally:
        stop.set()
        writer.join()
        program.store.close()
    return tries, survived


def _answers(home: Path, before: set[str]) -> str:
    program = Program(load_settings({"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"}))
    program.prepare(lambda text: None)
    lost = before - {document.id for document in program.store.documents()}
    asked = program.ask(Question("Hậu Giang năm 2016 lượt 1 tăng bao nhiêu trạm BTS?")).passages
    complaints = verify(program)
    program.store.close()
    return f"lost {lost}" if lost else "" if asked and not complaints else f"{asked} {complaints}"


def reread_anew(folder: Path, tries: int) -> Count:
    """Documents and passages made again from the original bytes after theirs were spoilt: as they were."""
    program, survived = filled(folder, tries), 0
    store = program.store
    before = {document.id: (store.document(document.id), store.passages(document.id)) for document in store.documents()}
    with closing(sqlite3.connect(folder / "hoidap.db")) as behind, behind:
        behind.execute("UPDATE documents SET text = 'khác', title = 'khác', period = '1999', recipe = ''")
        behind.execute("DELETE FROM passages")
    became = dict(reread(store))
    for id, whole in before.items():
        now = (store.document(id), store.passages(id))
        survived += told(f"reread {id}", "" if now == whole and id in became else f"{now}")
    store.close()
    return tries, survived
