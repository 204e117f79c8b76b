"""Timed calls and processes, their memory, and requests to several processes in turns.

Absolute times drift with whatever else a machine does; what is compared runs in turns in one run. Linux only: memory
is read from /proc.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ran:
    """A process that ended: seconds by the clock and on the processors, and the peak memory of its largest process."""

    wall: float
    cpu: float
    megabytes: float


class Child:
    """A benchmark's own script in a process of its own, which `serve`s one request a line."""

    def __init__(self, script: str, *arguments: str) -> None:
        command = [sys.executable, script, *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def ask(self, request: Any) -> Any:
        self.send(request)
        return self.reply()

    def send(self, request: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def reply(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} broke off with {self._process.wait()}")
        return json.loads(line)

    def close(self) -> None:
        self._process.communicate()


def serve(answered: Callable[[Any], Any]) -> None:
    """Answer requests from standard input until it ends."""
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)


@contextmanager
def children(made: Mapping[str, Child]) -> Iterator[Mapping[str, Child]]:
    try:
        yield made
    finally:
        for child in made.values():
            child.close()


def in_turns(asked: Mapping[str, Child], requests: Sequence[Any], budget: float, block: int) -> dict[str, list[Any]]:
    """Replies of each child to the same requests, a block at a time in turn; one over its budget of seconds leaves."""
    replies: dict[str, list[Any]] = {name: [] for name in asked}
    spent = dict.fromkeys(asked, 0.0)
    for start in range(0, len(requests), block):
        for name, child in asked.items():
            for request in requests[start : start + block]:
                if spent[name] < budget:
                    seconds, reply = timed(partial(child.ask, request))
                    spent[name] += seconds
                    replies[name].append(reply)
    return replies


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = call()
    return time.perf_counter() - begun, result


def clocked(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock and on the processors, which other programs slow down less, and what was returned."""
    before = time.process_time()
    seconds, result = timed(call)
    return seconds, time.process_time() - before, result


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ran:
    """Run a process to its end; raises CalledProcessError when it fails.

    Linux counts the memory of whoever starts a process as that process's own until it runs: call this from small ones.
    """
    given = {**os.environ, **(environment or {})}
    given.pop("PYTHONDONTWRITEBYTECODE", None)  # users have byte code from the first run on
    begun = time.perf_counter()
    with subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Ran(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def peak() -> float:
    """Megabytes this process has had in memory at most."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def size_of(folder: Path) -> float:
    """Megabytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
