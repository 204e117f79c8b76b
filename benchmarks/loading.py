"""From files to an index: `hoidap add FOLDER`, its stages, and one report more in a program that runs.

    python benchmarks/loading.py [--sizes 10000 100000] [--short] [--out FOLDER]

Files are clean text. Beside it, underthesea's sent_tokenize and word_tokenize called on the same files.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import homes
from made import YEARS, Made
from processes import Child, Ran, children, peak, run, serve, timed
from report import Panel, Report, options

PLAIN_LASTS = {False: 30.0, True: 1.0}  # seconds that underthesea is given, in a full and in a short run
ADDED = {False: 5, True: 1}  # reports added one by one, each way
NEW_YEAR = "2024"  # of which made.py has no report
ABOUT = """`hoidap add` of a folder of clean text into an empty home, whole processes. The stages ran again one after
another in one process; the command reads files while it stores others. underthesea was given a part of the files."""
HEADS = ("passages", "", "passages/s", "wall s", "CPU s", "peak MB", "÷ underthesea")
OURS, PLAIN = "hoidap add", "underthesea, sentences and words"
HERE, OUTSIDE = "in the process itself", "by a process of its own, as the bot does"


def main() -> None:
    given = options(__doc__, sizes=(10_000, 100_000), short=(500,))
    report = Report("loading", given.out)
    print(f"## Loading\n\n{ABOUT}\n")
    rates: dict[str, dict[int, float]] = {OURS: {}, PLAIN: {}}
    stages, adding = {}, {}
    rows: list[list[Any]] = []
    for size in given.sizes:
        with TemporaryDirectory() as folder:
            files, home = homes.make("files", size, Path(folder) / "files"), Path(folder) / "home"
            whole = run([sys.executable, "-m", "bot", "add", str(files)], _settings(home))
            plain, memory = _ask("plain", files, PLAIN_LASTS[given.short])
            stages[size] = _ask("stages", files, str(home) + "-staged")
            adding[size] = _ask("adding", home, [size, ADDED[given.short]])
            rates[OURS][size], rates[PLAIN][size] = stages[size]["passages"] / whole.wall, plain
            rows += _rows(size, whole, rates, memory)
            _goals(report, size, whole, adding[size])
    report.table("Files to index", HEADS, rows)
    names = list(next(iter(stages.values())))
    report.table("Stages, seconds", names, [list(row.values()) for row in stages.values()])
    heads = ("passages there", HERE, OUTSIDE)
    report.table(
        f"One report more, until it answers: median of {ADDED[given.short]}, s",
        heads,
        [[n, *adding[n]] for n in adding],
    )
    ways = {way: {size: both[n] for size, both in adding.items()} for n, way in enumerate((HERE, OUTSIDE))}
    report.finish(
        "Loading clean text",
        [Panel("Files to index", "passages/s", rates), Panel("One report more, searchable", "s", ways)],
    )


def _rows(size: int, whole: Ran, rates: dict[str, dict[int, float]], plain_peak: float) -> Iterator[list[Any]]:
    ours, plain = rates[OURS][size], rates[PLAIN][size]
    yield [size, OURS, ours, whole.wall, whole.cpu, whole.megabytes, ours / plain]
    yield [size, PLAIN, plain, None, None, plain_peak, 1]


def _goals(report: Report, size: int, whole: Ran, adding: list[float]) -> None:
    if size == 100_000:
        report.goal("hoidap add of 100,000 passages, s", whole.wall, most=60)
        report.goal(f"one report more in 100,000 passages, {HERE}, s", adding[0], most=1)
        report.goal(f"one report more in 100,000 passages, {OUTSIDE}, s", adding[1], most=1)


def _settings(home: Path) -> dict[str, str]:
    return {"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"}


def _ask(what: str, folder: Path, other: Any) -> Any:
    with children({what: Child(__file__, "serve")}) as child:
        return child[what].ask({"what": what, "folder": str(folder), "other": other})


def plain(folder: Path, lasting: float) -> tuple[float, float]:
    """Sentences a second that underthesea cuts into words, and peak memory."""
    from underthesea import sent_tokenize, word_tokenize

    word_tokenize("Hậu Giang có bao nhiêu trạm BTS tăng?")  # which loads its model
    begun, done = time.perf_counter(), 0
    for path in sorted(folder.glob("*.txt")):
        for sentence in sent_tokenize(path.read_text("utf-8")):
            word_tokenize(sentence)
            done += 1
        if time.perf_counter() - begun > lasting:
            break
    return done / (time.perf_counter() - begun), peak()


def stages(folder: Path, home: str) -> dict[str, float]:
    """Seconds of each stage by itself, and how many passages there were."""
    from bot.wiring import Program
    from corpus.load import load
    from corpus.reader import find

    program = _program(Path(home))
    program.store  # noqa: B018 (opens it)
    reading, reports = timed(lambda: [load(path) for path in find([folder])])
    storing, _ = timed(lambda: [program.store.put(report) for report in reports])
    indexing, made = timed(lambda: program.reindex(force=True))
    opening, _ = timed(lambda: Program(program.settings).search())
    return {
        "passages": len(made.passages),
        "read, cut, find facts": reading,
        "store": storing,
        "make terms, index, publish": indexing,
        "open": opening,
    }


def adding(home: Path, made: tuple[int, int]) -> tuple[float, float]:
    """Median seconds from a report's bytes to an answer from it, by a program that answered before; both ways."""
    program = _program(home)
    program.search()
    environment = {**os.environ, **_settings(home)}

    def outside() -> None:
        subprocess.run(program.reindex_command(), env=environment, check=True, capture_output=True)

    taken: dict[str, list[float]] = {HERE: [], OUTSIDE: []}
    ways: dict[str, Callable[[], Any]] = {HERE: program.reindex, OUTSIDE: outside}
    size, each = made
    reports = islice(Made(size, seed=2).reports(), 0, 2 * each * len(YEARS), len(YEARS))  # one of each province
    for number, (document, _, pairs) in enumerate(reports):
        way = (HERE, OUTSIDE)[number % 2]
        taken[way].append(_added(program, document, pairs[0], ways[way]))
    return median(taken[HERE]), median(taken[OUTSIDE])


def _added(program: Any, document: Any, asked: tuple[str, str], reindex: Callable[[], Any]) -> float:
    from corpus.load import take
    from index.records import Question

    year, name = str(document.facts.period), f"{document.facts.province}-{NEW_YEAR}.txt"
    text = f"{document.facts.title.replace(year, NEW_YEAR)}\n\n{document.text}\n"
    question = asked[0].replace(year, NEW_YEAR)
    begun = time.perf_counter()
    take(program.store, name, text.encode(), {})
    reindex()
    given = program.ask(Question(question))
    seconds = time.perf_counter() - begun
    if not any(cited.document.file == name for cited in given.passages):
        raise RuntimeError(f"not found: {question}")
    return seconds


def _program(home: Path) -> Any:
    from bot.config import load_settings
    from bot.wiring import Program

    return Program(load_settings(_settings(home)))


def serving() -> None:
    stage: dict[str, Callable[..., Any]] = {"plain": plain, "stages": stages, "adding": adding}
    serve(lambda request: stage[request["what"]](Path(request["folder"]), request["other"]))


if __name__ == "__main__":
    serving() if sys.argv[1:] == ["serve"] else main()
