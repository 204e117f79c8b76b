"""Cold start: whole processes that answer one question, beside a Python that does nothing and a plain pipeline.

    python benchmarks/cold.py [--sizes 100000] [--short] [--out FOLDER]

Homes are ready and files are in the page cache; the processes run in turns, each until its time is used up.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import homes
from processes import Ran, run
from report import Cell, Panel, Report, options

QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"
BARE = "python -c pass"
FIVE, FIVE_PLAIN = "hoidap ask, five reports", "plain pipeline, five reports"
ROUNDS = {False: 25, True: 2}  # in a full and in a short run
BUDGET = 40  # seconds for each command
ABOUT = """Medians of whole processes. The plain pipeline reads and cuts the five reports each time; the large corpus it
unpickles."""
HEADS = ("process", "runs", "wall s", "CPU s", "wall ÷ bare Python", "CPU ÷ bare Python", "peak MB")


@dataclass
class Command:
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)

    def run(self) -> Ran:
        return run([sys.executable, *self.arguments], self.environment)

    def median(self, name: str) -> float:
        values: list[float] = [getattr(one, name) for one in self.ran]
        return median(values)


def main() -> None:
    given = options(__doc__, sizes=(100_000,), short=(1_000,))
    report = Report("cold", given.out)
    print(f"## Cold start\n\n{ABOUT}\n")
    with TemporaryDirectory() as folder:
        commands = _commands(Path(folder), given.sizes)
        for command in commands.values():
            command.run()  # what a first run writes: byte code, and the five reports' home
        for _ in range(ROUNDS[given.short]):
            for command in commands.values():
                if sum(one.wall for one in command.ran) < BUDGET:
                    command.ran.append(command.run())
    bare = commands[BARE]
    rows: list[list[Cell]] = []
    ratios = {}
    for name, command in commands.items():
        wall, cpu = command.median("wall"), command.median("cpu")
        ratios[name] = wall / bare.median("wall")
        memory = None if command is bare else command.median("megabytes")  # less than this process has itself
        rows.append([name, len(command.ran), wall, cpu, ratios[name], cpu / bare.median("cpu"), memory])
    report.table("One question, one process", HEADS, rows)
    _goals(report, ratios)
    seconds = {name: command.median("wall") for name, command in commands.items()}
    report.finish("Cold start: a process that answers one question", [Panel("Median wall time", "s", seconds)])


def _commands(folder: Path, sizes: Sequence[int]) -> dict[str, Command]:
    plain = str(Path(__file__).with_name("plain.py"))
    reports = str(files("corpus").joinpath("reports"))
    commands = {
        BARE: Command(("-c", "pass")),
        FIVE: _ask(QUESTION, folder / "five"),
        FIVE_PLAIN: Command((plain, QUESTION, reports)),
    }
    for size in sizes:
        home = homes.make("home", size, folder / str(size))
        question = homes.questions(home)[0]["question"]
        pickled = home / "plain.pickle"
        keep = "import sys, pathlib, plain; plain.keep(*map(pathlib.Path, sys.argv[1:]))"
        passages = str(home / "passages.txt")
        subprocess.run([sys.executable, "-c", keep, passages, pickled], check=True, cwd=Path(__file__).parent)
        commands[_large(size)] = _ask(question, home)
        commands[f"plain pipeline, {size:,} passages"] = Command((plain, question, str(pickled)))
    return commands


def _large(size: int) -> str:
    return f"hoidap ask, {size:,} passages"


def _ask(question: str, home: Path) -> Command:
    script = str(Path(sys.executable).with_name("hoidap"))
    return Command((script, "ask", question), {"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"})


def _goals(report: Report, ratios: Mapping[str, float]) -> None:
    report.goal("five reports: wall ÷ bare Python", ratios[FIVE], most=12)
    if _large(100_000) in ratios:
        report.goal("100,000 passages: wall ÷ bare Python", ratios[_large(100_000)], most=8)


if __name__ == "__main__":
    main()
