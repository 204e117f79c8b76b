"""Python's file operations watched, so that a test can stop, refuse or write down any of them.

What native code (tantivy, SQLite) does to files is not seen here.
"""

import builtins
import io
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

OPERATIONS = ("open", "write", "truncate", "fsync", "rename", "replace", "link", "unlink", "mkdir", "rmdir", "sendfile")
Before = Callable[[str, tuple[str, ...]], None]


class _File(io.FileIO):
    """A file whose every write to the system is announced."""

    def __init__(self, path: str, mode: str, before: Before) -> None:
        self._before = before
        super().__init__(path, mode)

    def write(self, data: Any) -> int:
        self._before("write", (str(self.name),))
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        self._before("truncate", (str(self.name),))
        return super().truncate(size)


@contextmanager
def watched(before: Before) -> Iterator[None]:
    """`before(operation, paths)` is called ahead of each operation that changes the disk; what it raises stops it."""

    def opened(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if isinstance(file, int) or not set(mode) & set("wax+"):
            return real_open(file, mode, buffering, *rest, **named)
        before("open", (os.fspath(file),))
        raw = _File(os.fspath(file), mode.replace("b", ""), before)
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *rest, **named)

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            paths = given[: 2 if name in ("rename", "replace", "link") else 1]
            before(name, tuple(_path(path, named.get("dir_fd")) for path in paths))
            return real(*given, **named)

        return call

    real_open = builtins.open
    with patch.object(builtins, "open", opened), patch.object(io, "open", opened):
        calls = {name: counted(name, getattr(os, name)) for name in OPERATIONS if name not in ("open", "write")}
        with patch.multiple(os, **{name: call for name, call in calls.items() if hasattr(os, name)}):
            yield


def _path(given: Any, folder: int | None) -> str:
    """The whole path of what a call names by a descriptor, or beside one."""
    if isinstance(given, int):
        return str(Path(f"/proc/self/fd/{given}").readlink())
    return str(Path(f"/proc/self/fd/{folder}").readlink() / given) if folder is not None else os.fspath(given)


State = dict[str, bytes | None]  # paths from the root, with what a file holds; None is a folder


class PowerLoss:
    """Makes the states that a loss of power may leave of a tree, while it is being changed.

    Sure is only what a file or folder held when it was last synced, or at first. Of names that came and went since,
    any may have reached the disk; of bytes, all, a part, zeros or none. `states` are (state, events before it).
    """

    def __init__(self, root: Path, chance: random.Random, each: float) -> None:
        self.states: list[tuple[State, int]] = []
        self.events = 0
        self._root, self._chance, self._each = root, chance, each
        self._names: dict[int, dict[str, int]] = {}  # of a folder's inode, when it was last synced
        self._bytes: dict[int, bytes] = {}
        self._kept: dict[int, int] = {}  # descriptors of what was here, so that no inode is used twice
        for path in (root, *root.rglob("*")):
            self._synced(path)

    def before(self, operation: str, paths: tuple[str, ...]) -> None:
        """To be given to `watched`."""
        if not all(path.startswith(str(self._root)) for path in paths):
            return
        for path in map(Path, paths):
            self._keep(path)
        self.lose()
        self.events += 1
        if operation == "fsync":
            self._synced(Path(paths[0]))

    def lose(self) -> None:
        """Add states of now: as many as wanted for each event, on average."""
        for _ in range(int(self._each + self._chance.random())):
            luck = self._chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))  # of what was not synced
            state: State = {}
            self._fill(state, "", self._root, self._root.stat().st_ino, luck)
            self.states.append((state, self.events))

    def close(self) -> None:
        for handle in self._kept.values():
            os.close(handle)

    def _fill(self, state: State, at: str, path: Path | None, folder: int, luck: float) -> None:
        """A folder's names; `path` is None for one that is gone."""
        now = {child.name: child for child in path.iterdir()} if path else {}
        sure = self._names.get(folder, {})
        for name in sorted({*now, *sure}):
            child = now.get(name)
            inode = child.stat().st_ino if child else None
            if inode != sure.get(name) and self._chance.random() >= luck:
                inode, child = sure.get(name), None
            if inode is None:
                continue
            if child is None and path:  # an older file of this name, which may stand elsewhere by now
                child = next((other for other in self._root.rglob("*") if other.stat().st_ino == inode), None)
            inner = f"{at}{name}"
            if inode in self._bytes or (child and child.is_file()):
                state[inner] = self._content(child, inode, luck)
            else:
                state[inner] = None
                self._fill(state, f"{inner}/", child, inode, luck)

    def _content(self, path: Path | None, inode: int, luck: float) -> bytes:
        sure = self._bytes.get(inode, b"")
        now = path.read_bytes() if path else sure
        if now == sure or self._chance.random() < luck:
            return now
        cut = self._chance.randrange(len(now) + 1)
        return self._chance.choice((sure, b"", now[:cut], now[:cut] + bytes(len(now) - cut), bytes(len(now))))

    def _synced(self, path: Path) -> None:
        self._keep(path)
        inode = path.stat().st_ino
        if path.is_dir():
            self._names[inode] = {child.name: child.stat().st_ino for child in path.iterdir()}
            for child in path.iterdir():
                self._keep(child)
        else:
            self._bytes[inode] = path.read_bytes()

    def _keep(self, path: Path) -> None:
        if path.exists() and path.stat().st_ino not in self._kept:
            self._kept[path.stat().st_ino] = os.open(path, os.O_RDONLY)


def lay_out(state: State, folder: Path) -> None:
    """Write a state into an empty folder."""
    for name, data in state.items():
        if data is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(data)
