"""Whole answers, from the question's text to the Answer, beside a plain pipeline of underthesea and rank_bm25.

    python benchmarks/answers.py [--sizes 10000 100000 1000000] [--short] [--out FOLDER]

The plain one (benchmarks/plain.py) gives its best passage and extracts nothing. Each runs in a process of its own and
keeps everything open; questions go to them in turns.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import homes
from processes import Child, children, clocked, in_turns, peak, serve, timed
from report import Panel, Report, options, percentile, times_faster

OURS, PLAIN = "hoidap", "underthesea + rank_bm25"
WARM, BLOCK = 10, 20
BUDGET = {False: 90.0, True: 1.0}  # seconds for each at each size, in a full and in a short run
LASTS = {False: 5.0, True: 0.3}  # seconds that a rate is measured
AT_ONCE = {"1 thread": (1, 1), "2 threads": (1, 2), "4 threads": (1, 4), "2 processes": (2, 1)}
ABOUT = """Warm, one question after the other. "right": the figure asked for is in the answer or, of the plain pipeline,
in the passage; made-up nouns with a function word in them ("dãng thì") cost some. Above 200,000 passages the plain
pipeline's are split at spaces, as underthesea takes 2 ms for each."""
HEADS = ("", "questions", "p50 ms", "p95 ms", "CPU p50 ms", "plain ÷ it, p50", "right", "open s", "peak MB")


def main() -> None:
    given = options(__doc__, sizes=(10_000, 100_000, 1_000_000), short=(500, 1_000))
    report = Report("answers", given.out)
    print(f"## Answers\n\n{ABOUT}\n")
    found, rates = {}, {}
    for size in given.sizes:
        with TemporaryDirectory() as folder:
            home = homes.make("home", size, Path(folder))
            found[size] = _measured(home, BUDGET[given.short])
            rates[size] = _rates(home, LASTS[given.short])
        rows = [[name, *row.values()] for name, row in found[size].items()]
        report.table(f"{size:,} passages", HEADS, rows)
    report.table("Answers a second", ("passages", *AT_ONCE), [[size, *row.values()] for size, row in rates.items()])
    _goals(report, found)
    report.finish(
        "Whole answers, warm",
        [
            Panel("Time of an answer, median", "ms", _lines(found, "p50")),
            Panel("Time of an answer, 95th percentile", "ms", _lines(found, "p95")),
            Panel("Peak memory of the process", "MB", _lines(found, "peak")),
        ],
    )


def _measured(home: Path, budget: float) -> dict[str, dict[str, Any]]:
    with children({name: Child(__file__, name, str(home)) for name in (OURS, PLAIN)}) as sides:
        opened = {name: child.ask("open") for name, child in sides.items()}
        asked = homes.questions(home)
        for child in sides.values():
            for row in asked[:WARM]:
                child.ask(row)
        replies = in_turns(sides, asked[WARM:], budget, BLOCK)
        memory = {name: child.ask("peak") for name, child in sides.items()}
    times = {name: [seconds for seconds, _, _ in answers] for name, answers in replies.items()}
    return {
        name: {
            "questions": len(answers),
            "p50": percentile(times[name], 50) * 1000,
            "p95": percentile(times[name], 95) * 1000,
            "cpu": percentile([cpu for _, cpu, _ in answers], 50) * 1000,
            "faster": times_faster(times[PLAIN], times[name]),
            "right": sum(right for *_, right in answers) / len(answers),
            "open": opened[name],
            "peak": memory[name],
        }
        for name, answers in replies.items()
    }


def _rates(home: Path, lasting: float) -> dict[str, float]:
    """Answers a second of several threads, and of several processes with the same index."""
    rates = {}
    for name, (processes, threads) in AT_ONCE.items():
        with children({str(n): Child(__file__, OURS, str(home)) for n in range(processes)}) as sides:
            for child in sides.values():
                child.ask("open")
                child.ask({"threads": 1, "seconds": lasting / 2})
            for child in sides.values():
                child.send({"threads": threads, "seconds": lasting})
            rates[name] = sum(child.reply() for child in sides.values())
    return rates


def _goals(report: Report, found: dict[int, dict[str, dict[str, Any]]]) -> None:
    if 100_000 in found:
        ours = found[100_000][OURS]
        report.goal("an answer at 100,000 passages, p50 ms", ours["p50"], most=4)
        report.goal("an answer at 100,000 passages, p95 ms", ours["p95"], most=10)
        report.goal("plain ÷ hoidap at 100,000 passages, p50", ours["faster"], least=60)
        report.goal("memory of a process serving 100,000 passages, MB", ours["peak"], most=200)
    if 1_000_000 in found:
        report.goal("memory of a process serving 1,000,000 passages, MB", found[1_000_000][OURS]["peak"], most=400)
        report.goal("opening a generation of 1,000,000 passages, ms", found[1_000_000][OURS]["open"] * 1000, most=50)


def _lines(found: dict[int, dict[str, dict[str, Any]]], key: str) -> dict[str, dict[int, float]]:
    return {name: {size: rows[name][key] for size, rows in found.items()} for name in (OURS, PLAIN)}


class Hoidap:
    def __init__(self, home: Path) -> None:
        import index.answering
        import index.fast  # noqa: F401 (opening is timed with modules loaded; a cold start is cold.py's matter)
        from bot.config import load_settings
        from bot.wiring import Program

        self._program = Program(load_settings({"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"}))

    def open(self) -> None:
        self._program.search()

    def answered(self, question: str) -> str:
        from index.records import Question

        return self._program.ask(Question(question)).answer or ""


class Plain:
    def __init__(self, home: Path) -> None:
        import plain

        self._passages = (home / "passages.txt").read_text("utf-8").splitlines()
        self._pipeline = plain.Plain

    def open(self) -> None:
        self._model = self._pipeline(self._passages)

    def answered(self, question: str) -> str:
        return self._model.best(question)


def serving(name: str, home: Path) -> None:
    """One side: "open" is answered with seconds, "peak" with megabytes.

    A question is answered with seconds, those on the processor, and whether the answer is right.
    """
    side: Hoidap | Plain = Hoidap(home) if name == OURS else Plain(home)
    questions = [row["question"] for row in homes.questions(home)]

    def answered(request: Any) -> Any:
        if request == "peak":
            return peak()
        if request == "open":
            return timed(side.open)[0]
        if "threads" in request:
            return _rate(side.answered, questions, **request)
        seconds, cpu, text = clocked(lambda: side.answered(request["question"]))
        return seconds, cpu, request["answer"] in text

    serve(answered)


def _rate(answered: Callable[[str], str], questions: list[str], threads: int, seconds: float) -> float:
    """Questions answered a second, all threads together, each asking without a pause."""
    until = time.perf_counter() + seconds

    def one(first: int) -> int:
        done = 0
        for question in islice(cycle(questions), first, None):
            if time.perf_counter() >= until:
                break
            answered(question)
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(one, range(0, 37 * threads, 37))) / seconds


if __name__ == "__main__":
    serving(sys.argv[1], Path(sys.argv[2])) if sys.argv[1:2] in ([OURS], [PLAIN]) else main()
