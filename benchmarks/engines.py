"""The search engines alone, over the same terms and the same questions: time, memory, disk.

    python benchmarks/engines.py [--sizes 10000 100000 1000000] [--short] [--out FOLDER]

Each engine builds in one process and serves in another, so that memory is its own; questions go to them in turns. An
engine answers until its time is used up: the column "answers" says how many it got to, all questions ROUNDS times over.
Machines' speed swings about twofold within seconds: what a question took at best says what the engine costs, what all
answers took, swings and all, what it cost that day.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import homes
from peers import PEERS
from processes import Child, children, clocked, in_turns, peak, serve, size_of, timed
from report import Panel, Report, options, percentile, times_faster

K, WARM, BLOCK, ROUNDS = 10, 5, 20, 3
BUDGET = {False: 90.0, True: 1.0}  # seconds for each engine at each size, in a full and in a short run
OURS, WHOLE, *_, BASE = PEERS
ABOUT = """Engines alone, k = 10, over terms as the program makes them: syllables, stripped syllables, bigrams.
Each question is asked up to three times, other questions and engines between; "at best" is over each one's quickest
answer, as the machine's speed swings about twofold within seconds. "found": how often the passage that a question was
made from is among the ten."""
HEADS = (
    "engine",
    "answers",
    "p50 ms",
    "p95 ms",
    "p95 at best, ms",
    "CPU p50 ms",
    "rank_bm25 ÷ it, p50",
    "found",
    "build s",
    "open ms",
    "disk MB",
    "peak MB, building",
    "peak MB, serving",
)


def main() -> None:
    given = options(__doc__, sizes=(10_000, 100_000, 1_000_000), short=(500, 1_000))
    report = Report("engines", given.out)
    print(f"## Engines\n\n{ABOUT}\n")
    found = {}
    for size in given.sizes:
        found[size] = _measured(size, BUDGET[given.short])
        report.table(f"{size:,} passages", HEADS, [[name, *row.values()] for name, row in found[size].items()])
    _goals(report, found)
    report.finish(
        "Engines: the same terms, the same questions",
        [
            Panel("Time of a question, median", "ms", _lines(found, "p50")),
            Panel("Time of a question, 95th percentile", "ms", _lines(found, "p95")),
            Panel("Peak memory of the process that serves", "MB", _lines(found, "serving")),
        ],
    )


def _measured(size: int, budget: float) -> dict[str, dict[str, Any]]:
    with TemporaryDirectory() as home:
        corpus = homes.make("terms", size, Path(home) / "corpus")
        queries = homes.queries(corpus)
        built = {name: _built(name, Path(home) / str(n), corpus) for n, name in enumerate(PEERS)}
        serving = {name: Child(__file__, name, str(Path(home) / str(n)), str(corpus)) for n, name in enumerate(PEERS)}
        with children(serving):
            opened = {name: child.ask("open") for name, child in serving.items()}
            for child in serving.values():
                for query in queries[:WARM]:
                    child.ask(query)
            replies = in_turns(serving, queries[WARM:] * ROUNDS, budget, BLOCK)
            memory = {name: child.ask("peak") for name, child in serving.items()}
    times = {name: [seconds for seconds, _, _ in answers] for name, answers in replies.items()}
    asked = len(queries) - WARM
    return {
        name: {
            "answers": len(answers),
            "p50": percentile(times[name], 50) * 1000,
            "p95": percentile(times[name], 95) * 1000,
            "best": percentile([min(times[name][n::asked]) for n in range(min(asked, len(answers)))], 95) * 1000,
            "cpu": percentile([cpu for _, cpu, _ in answers], 50) * 1000,
            "faster": times_faster(times[BASE], times[name]),
            "found": sum(found for *_, found in answers) / len(answers),
            "build": built[name]["seconds"],
            "open": opened[name] * 1000,
            "disk": built[name]["disk"],
            "building": built[name]["peak"],
            "serving": memory[name],
        }
        for name, answers in replies.items()
    }


def _built(name: str, folder: Path, corpus: Path) -> dict[str, Any]:
    folder.mkdir()
    if name == BASE:
        return {"seconds": None, "disk": None, "peak": None}
    with children({name: Child(__file__, name, str(folder), str(corpus))}) as building:
        return {"seconds": building[name].ask("build"), "peak": building[name].ask("peak"), "disk": size_of(folder)}


def _goals(report: Report, found: dict[int, dict[str, dict[str, Any]]]) -> None:
    if 100_000 in found:
        ours = found[100_000][OURS]
        report.goal("rank_bm25 ÷ hoidap at 100,000 passages, p50", ours["faster"], least=400)
        report.goal("hoidap at 100,000 passages, k = 10, p95 ms", ours["p95"], most=1.5)
    if 1_000_000 in found:
        report.goal("hoidap at 1,000,000 passages, k = 10, p95 ms", found[1_000_000][OURS]["p95"], most=12)
        if 100_000 in found:
            growth = found[1_000_000][OURS]["p95"] / found[100_000][OURS]["p95"]
            report.goal("p95 at 1,000,000 ÷ p95 at 100,000 passages", growth, most=12)


def _lines(found: dict[int, dict[str, dict[str, Any]]], key: str) -> dict[str, dict[int, float]]:
    return {name: {size: rows[name][key] for size, rows in found.items()} for name in PEERS}


def serving(name: str, folder: str, corpus: str) -> None:
    """One engine: "build" and "open" are answered with seconds, "peak" with megabytes.

    A query is answered with seconds, those on the processor, and whether its passage was found.
    """
    engine = PEERS[name](Path(folder), Path(corpus))

    def answered(request: Any) -> Any:
        if request == "peak":
            return peak()
        if request in ("build", "open"):
            return timed(getattr(engine, request))[0]
        seconds, cpu, best = clocked(lambda: engine.top(request, K))
        return seconds, cpu, request["passage"] in best

    serve(answered)


if __name__ == "__main__":
    serving(*sys.argv[1:]) if len(sys.argv) == 4 and sys.argv[1] in PEERS else main()
