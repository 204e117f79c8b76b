"""Numbered folders published whole or not at all: lock, write aside, sync, rename, and swap CURRENT last.

`index/generations/7/` is a generation, `index/CURRENT` names the one in use, with a checksum; swapping it is the commit
point. A manifest has the size and sha256 of every file, and its own sha256 beside it.
"""

import fcntl
import hashlib
import json
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from corpus.disk import cause, sync
from corpus.errors import GenerationError

MANIFEST = "manifest.json"
ALWAYS_HASHED = 32_000_000  # bytes of a generation that is checked in full whenever it is opened
_BLOCK = 1 << 20
_held = threading.local()  # the folders that a thread publishes to

Head = Mapping[str, Any]


def publish(folder: Path, fill: Callable[[Path], Head], base: Path | None = None) -> int:
    """Publish what `fill(empty folder)` writes, under the next free number, which is returned; N-1 is kept.

    `fill` gives what the manifest says beside the files. Files linked from the folder `base` are not read again.
    Raises GenerationError when another process is publishing, when the disk is full or when what was written does
    not read back.
    """
    with locked(folder):
        return _publish(folder, fill, base)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One publisher at a time, from before the work begins; the kernel frees the lock when its process dies.

    Within it the same thread may publish. Raises GenerationError: when another process has it, and for an OSError.
    """
    held: set[Path] = _held.__dict__.setdefault("folders", set())
    if folder in held:
        yield
        return
    try:
        with _lock(folder):
            held.add(folder)
            try:
                yield
            finally:
                held.discard(folder)
    except OSError as error:
        told = f"{cause(error)}. Không ghi được chỉ mục vào {folder}; chỉ mục cũ vẫn dùng được."
        raise GenerationError(told) from error


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync(folder.parent)
    with (folder / "lock").open("ab+", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = f"Đang có tiến trình khác lập chỉ mục ({_holder(file)}); hãy đợi rồi thử lại."
            raise GenerationError(told) from None
        file.truncate(0)
        file.write(f"số {os.getpid()}".encode())
        try:
            yield
        finally:
            with suppress(OSError):
                file.truncate(0)


def _holder(file: IO[bytes]) -> str:
    """Who has the lock: it says so at once after it was given it."""
    for _ in range(50):
        file.seek(0)
        if said := file.read():
            return said.decode(errors="replace")
        time.sleep(0.01)
    return "không rõ"


def place(folder: Path, number: int) -> Path:
    """The folder of a generation."""
    return folder / "generations" / str(number)


def current(folder: Path) -> int | None:
    """The number of the generation in use, None when there is none or CURRENT is damaged."""
    with suppress(OSError, ValueError):
        number, checksum = (folder / "CURRENT").read_bytes().split()
        if checksum == _checksum(number):
            return int(number)
    return None


def stamp(folder: Path) -> tuple[int, ...]:
    """What differs whenever CURRENT was swapped, without reading it; () when there is none."""
    try:
        found = (folder / "CURRENT").stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def candidates(folder: Path) -> list[int]:
    """The current one, then older ones: a newer folder than CURRENT was never committed."""
    named = current(folder)
    numbers = sorted(_numbers(folder / "generations"), reverse=True)
    return numbers if named is None else [named, *(number for number in numbers if number < named)]


def manifest(made: Path) -> dict[str, Any]:
    """What a generation's manifest says. Raises OSError, ValueError, KeyError or GenerationError when it is damaged."""
    outer = json.loads((made / MANIFEST).read_bytes())
    if _sha(outer["manifest"].encode()) != outer["sha256"]:
        raise GenerationError(MANIFEST)
    said: dict[str, Any] = json.loads(outer["manifest"])
    return said


def check(made: Path, files: Mapping[str, Mapping[str, Any]], thorough: bool) -> None:
    """Raises OSError or GenerationError unless every file is as published: by size; by every byte when few or asked."""
    hashed = thorough or sum(known["size"] for known in files.values()) <= ALWAYS_HASHED
    for name, known in files.items():
        path = made / name
        if path.stat().st_size != known["size"] or (hashed and _sha_of(path) != known["sha256"]):
            raise GenerationError(name)


def _publish(folder: Path, fill: Callable[[Path], Head], base: Path | None) -> int:
    home = folder / "generations"
    home.mkdir(mode=0o700, exist_ok=True)
    for litter in home.glob("*.tmp"):
        _remove(litter)
    number = max([*_numbers(home), current(folder) or 0]) + 1
    making = home / f"{number}.tmp"
    making.mkdir(mode=0o700)
    try:
        said = {**fill(making), "files": _files(making, base)}
        body = json.dumps(said, indent=1, sort_keys=True)
        outer = json.dumps({"sha256": _sha(body.encode()), "manifest": body})
        _write_synced(making / MANIFEST, outer.encode())
        for inner in [path for path in making.rglob("*") if path.is_dir()]:
            sync(inner)
        sync(making)
        making.rename(home / str(number))
        sync(home)
        _swap_current(folder, number)
    except BaseException:
        if current(folder) != number:  # else it was committed, and only syncing that failed
            for unfinished in (making, home / str(number)):
                _remove(unfinished, ignore_errors=True)
        raise
    _prune(home, number)
    return number


def _files(making: Path, base: Path | None) -> dict[str, dict[str, Any]]:
    """Size and sha256 of every file, synced to the disk first and hashed from what reads back."""
    known = manifest(base)["files"] if base else {}
    files = {}
    for path in sorted(path for path in making.rglob("*") if path.is_file()):
        name = str(path.relative_to(making))
        if base and name in known and path.stat().st_ino == (base / name).stat().st_ino:
            files[name] = known[name]
            continue
        sync(path)
        files[name] = {"size": path.stat().st_size, "sha256": _sha_of(path)}
    return files


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _numbers(home: Path) -> list[int]:
    return [int(path.name) for path in home.glob("*") if path.name.isdigit()]


def _prune(home: Path, number: int) -> None:
    """Keep this generation and the newest whole one before it."""
    older = sorted((other for other in _numbers(home) if other < number), reverse=True)
    kept = next((other for other in older if _whole(home / str(other))), None)
    for other in older:
        if other != kept:
            _remove(home / str(other), ignore_errors=True)


def _whole(made: Path) -> bool:
    try:
        check(made, manifest(made)["files"], thorough=False)
    except (OSError, ValueError, KeyError, TypeError, GenerationError):
        return False
    return True


def _swap_current(folder: Path, number: int) -> None:
    temporary = folder / "CURRENT.tmp"
    named = str(number).encode()
    try:
        _write_synced(temporary, named + b" " + _checksum(named))
        temporary.replace(folder / "CURRENT")
    finally:
        temporary.unlink(missing_ok=True)
    sync(folder)


def _checksum(data: bytes) -> bytes:
    return b"%08x" % zlib.crc32(data)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _remove(folder: Path, ignore_errors: bool = False) -> None:
    from shutil import rmtree  # which brings compressors that no question needs

    rmtree(folder, ignore_errors)
