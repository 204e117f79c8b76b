"""Damage files of each binary format and read them: every one must give a text or a clear refusal.

    PYTHONPATH=tests python tools/mutate.py [--number 10000] [--format pdf]... [--seed 1]

Each damaged file is read in a process of its own with the limits of production, forked from one that has the parsers
loaded, so that ten thousand take minutes. Prints for each format what became of them, the longest time and the most
memory; exit status 1 when a file gave an unforeseen error, hung or broke a limit.
"""

import argparse
import io
import json
import os
import random
import select
import signal
import sys
import time
import zipfile
from collections import Counter
from itertools import cycle

import papers

from corpus import child
from corpus.errors import ReportError
from corpus.load import bundled

FORMATS = {"pdf": papers.pdf, "word": papers.word, "sheets": papers.excel, "webpage": papers.portal}
_BYTES = (0, 255, 60, 62, 37, 47, 40)  # besides random ones: those that formats are built of


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=10_000, help="files of each format")
    parser.add_argument("--format", choices=FORMATS, action="append", help="only this one")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts = [report.text for report in bundled()]
    print("| format | files | read | refused | unforeseen | longest s | most MB |\n|---|---|---|---|---|---|---|")
    bad = 0
    for kind in options.format or FORMATS:
        originals = [FORMATS[kind](text) for text in texts]
        child.read(kind, originals[0])  # loads the parser before the forks
        chance = random.Random(f"{options.seed} {kind}")  # noqa: S311 - reproducible, not secret
        became, longest, most = Counter[str](), 0.0, 0
        for _, original in zip(range(options.number), cycle(originals), strict=False):
            within = kind in ("word", "sheets") and chance.random() < 0.7
            told, seconds, memory = attempt(kind, (inside if within else mutated)(original, chance))
            became["unforeseen" if told not in ("read", "refused") else told] += 1
            longest, most = max(longest, seconds), max(most, memory)
            if told not in ("read", "refused"):
                print(f"{kind}: {told}", file=sys.stderr)
        bad += became["unforeseen"]
        cells = (
            options.number,
            became["read"],
            became["refused"],
            became["unforeseen"],
            f"{longest:.1f}",
            most // 1024,
        )
        print(f"| {kind} | " + " | ".join(map(str, cells)) + " |", flush=True)
    return 1 if bad else 0


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A copy with one to twenty places overwritten, doubled, cut out or cut off."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at, length = chance.randrange(len(made)), chance.choice((1, 1, 2, 8, 64, 512))
        match chance.randrange(5):
            case 0 if made[at : at + 1].isalnum():
                made[at : at + 1] = chance.choice(b"0123456789abcwtrp-").to_bytes()
            case 0 | 1:
                made[at : at + 1] = bytes([chance.choice((*_BYTES, chance.randrange(256)))])
            case 2:
                del made[at : at + length]
            case 3:
                made[at:at] = made[at : at + length]
            case _ if chance.random() < 0.2:
                del made[at:]
        if len(made) < 2:
            break
    return bytes(made)


def inside(data: bytes, chance: random.Random) -> bytes:
    """An archive with one of its members damaged, so that parsers behind its checksums see the damage."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    members[name] = mutated(members[name] or b"  ", chance)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def attempt(kind: str, data: bytes) -> tuple[str, float, int]:
    """(what became of it, seconds, most KiB in memory)."""
    begun = time.monotonic()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _read(kind, data, writing)
    os.close(writing)
    if not select.select([reading], [], [], child.WALL)[0]:
        os.kill(pid, signal.SIGKILL)
    told = os.read(reading, 1000).decode("utf-8", "replace")
    os.close(reading)
    _, status, used = os.wait4(pid, 0)
    return told or f"ended with {status}", time.monotonic() - begun, used.ru_maxrss


def _read(kind: str, data: bytes, told: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    child.limit()
    try:
        made = child.read(kind, data)
        json.dumps([made.text, made.marks])
        said = "read"
    except ReportError as error:
        said = "refused" if str(error) and "\n" not in str(error) else f"no clear line: {error!r}"
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"[:300]
    os.write(told, said.encode("utf-8", "replace"))
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
