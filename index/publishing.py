"""Numbered folders published whole or not at all: lock, write aside, sync, rename, and swap CURRENT last.

`index/generations/7/` is a generation, `index/CURRENT` names the one in use; swapping it is the commit point. A
manifest has the size and sha256 of every file, and its own sha256 beside it.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from corpus.errors import GenerationError

MANIFEST = "manifest.json"
ALWAYS_HASHED = 32_000_000  # bytes of a generation that is checked in full whenever it is opened
_BLOCK = 1 << 20

Head = Mapping[str, Any]


def publish(folder: Path, fill: Callable[[Path], Head], base: Path | None = None) -> int:
    """Publish what `fill(empty folder)` writes, under the next free number, which is returned; N-1 is kept.

    `fill` gives what the manifest says beside the files. Files linked from the folder `base` are not read again.
    Raises GenerationError when another process is publishing, when the disk is full or when what was written does
    not read back.
    """
    try:
        with _locked(folder):
            return _publish(folder, fill, base)
    except OSError as error:
        raise GenerationError(
            f"Không ghi được chỉ mục vào {folder}: {error.strerror}. Chỉ mục cũ vẫn dùng được."
        ) from error


def place(folder: Path, number: int) -> Path:
    """The folder of a generation."""
    return folder / "generations" / str(number)


def current(folder: Path) -> int | None:
    """The number of the generation in use, None when there is none."""
    with suppress(OSError, ValueError):
        return int((folder / "CURRENT").read_text("ascii"))
    return None


def candidates(folder: Path) -> list[int]:
    """The current one, then older ones: a newer folder than CURRENT was never committed."""
    named = current(folder)
    numbers = sorted(_numbers(folder / "generations"), reverse=True)
    return numbers if named is None else [named, *(number for number in numbers if number < named)]


def busy(folder: Path) -> bool:
    """Whether a process is publishing just now."""
    with suppress(GenerationError, OSError), _locked(folder):
        return False
    return True


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
        shutil.rmtree(litter)
    number = max([*_numbers(home), current(folder) or 0]) + 1
    making = home / f"{number}.tmp"
    making.mkdir(mode=0o700)
    try:
        said = {**fill(making), "files": _files(making, base)}
        body = json.dumps(said, indent=1, sort_keys=True)
        outer = json.dumps({"sha256": _sha(body.encode()), "manifest": body})
        _write_synced(making / MANIFEST, outer.encode())
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise
    for inner in [path for path in making.rglob("*") if path.is_dir()]:
        _sync(inner)
    _sync(making)
    making.rename(home / str(number))
    _sync(home)
    _swap_current(folder, number)
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
        _sync(path)
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
    """Keep this generation and the one before it."""
    for old in sorted(_numbers(home))[:-2]:
        if old < number:
            shutil.rmtree(home / str(old), ignore_errors=True)


def _swap_current(folder: Path, number: int) -> None:
    temporary = folder / "CURRENT.tmp"
    _write_synced(temporary, str(number).encode())
    temporary.replace(folder / "CURRENT")
    _sync(folder)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Make a file's bytes, or renames inside a folder, survive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One publisher at a time; the kernel frees the lock when its process dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise GenerationError(
                f"Đang có tiến trình khác lập chỉ mục ({file.read() or 'không rõ'}); hãy đợi."
            ) from None
        file.truncate(0)
        file.write(f"số {os.getpid()}")
        file.flush()
        yield
