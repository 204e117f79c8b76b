"""The store on SQLite and PostgreSQL: putting reports in, copying, and how soon another machine answers from a new one.

    PYTHONPATH=tests:benchmarks python benchmarks/store.py [--passages 10000]

The server is the tests' own, on this machine and without fsync, so the figures are of the program and not of a disk or
a network. SQLite writes to the disk.
"""

import argparse
import os
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import servers
from made import Made

from bot.config import load_settings
from bot.replica import following
from bot.wiring import Program
from corpus.load import bundled, make
from corpus.records import Report
from corpus.store import Store

NEW = "Báo cáo năm 2018 của tỉnh Bến Tre.\n\nToàn tỉnh có 77 điểm phục vụ bưu chính."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    options = parser.parse_args()
    made = [
        Report(d.file, d.text.encode(), d.text, d.facts, tuple((p.start, p.end, p.paragraph) for p in passages))
        for d, passages, _ in Made(options.passages).reports()
    ]
    whole = Report("tat-ca.txt", b"x", "\n".join(r.text for r in made), made[0].facts, _spans(made))
    sets = {
        "5 bundled reports": list(bundled()),
        f"{len(made)} made-up reports": made,
        "one report of them all": [whole],
    }
    print("| put | passages | SQLite s | PostgreSQL s |\n|---|---|---|---|")
    with servers.postgres() as server, TemporaryDirectory() as folder:
        for number, (name, reports) in enumerate(sets.items()):
            with server.database() as address:
                one = _put(f"sqlite:///{folder}/{number}.db", reports)
                two = _put(address, reports)
                print(f"| {name} | {sum(len(r.spans) for r in reports)} | {one:.2f} | {two:.2f} |", flush=True)
        with server.database() as address:
            _copy(f"sqlite:///{folder}/1.db", address)
        with server.database() as address:
            _follow(address, Path(folder))


def _spans(reports: Sequence[Report]) -> tuple[tuple[int, int, int], ...]:
    spans, at = [], 0
    for report in reports:
        spans += [(at + start, at + end, paragraph) for start, end, paragraph in report.spans]
        at += len(report.text) + 1
    return tuple(spans)


def _put(address: str, reports: Sequence[Report]) -> float:
    with closing(Store.open(address)) as store:
        start = time.perf_counter()
        for report in reports:
            store.put(report)
        return time.perf_counter() - start


def _copy(source: str, target: str) -> None:
    with closing(Store.open(source)) as one, closing(Store.open(target)) as two:
        for name in ("first", "second"):
            start = time.perf_counter()
            rows = one.copy_to(two, lambda done, of: None)
            print(f"{name} copy to PostgreSQL: {rows} rows in {time.perf_counter() - start:.2f} s", flush=True)


def _follow(address: str, folder: Path) -> None:
    """Seconds from the end of an `add` on one machine until the index of another has it."""
    given = {"DATABASE_URL": address, "HOIDAP_EMBEDDINGS": "off"}
    homes = [{**given, "HOIDAP_HOME": str(folder / name)} for name in ("here", "there")]
    os.environ.update(homes[0])  # for the child process that reindexes
    with closing(Program(load_settings(homes[0]))) as here, closing(Program(load_settings(homes[1]))) as there:
        for program in (here, there):
            program.prepare(lambda text: None)
        times = []
        with following(here):
            time.sleep(1)
            for number in range(10):
                there.store.put(make(f"{number}.txt", NEW.replace("77", str(100 + number)).encode(), {}))
                there.reindex()
                start = time.perf_counter()
                while len(here.generation().documents) < 6 + number:
                    time.sleep(0.005)
                times.append(time.perf_counter() - start)
        print(f"from NOTIFY to searchable elsewhere: median {sorted(times)[5]:.2f} s, longest {max(times):.2f} s")


if __name__ == "__main__":
    main()
