"""Precision and recall of compared figures, by indicator, over made-up reports, as Markdown.

    python tools/compare_quality.py [--set NAME FACTS REPORTS]... > docs/compare-quality.md
    python tools/compare_quality.py --picture docs/compare.png      a picture of a comparison instead

Each indicator is asked for in the words of its questions, province and year left out, over all provinces and years.
A figure is right when it stands in the report's statement of that indicator and has its number. Doubtful figures ("?")
are counted apart: they are neither found nor wrong. Left out are figures of periods that no report is of ("cùng kỳ năm
trước 415 tỷ đồng"): the facts don't tell whether they are right. FACTS are JSON lines of tests/made_up.Fact.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot import exports
from corpus.gazetteer import provinces
from corpus.load import load, make
from corpus.records import Document, Passage, Report
from index.comparing import Cell, Wanted, compare
from index.indexing import index
from index.search import Search

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from made_up import Fact, made_up  # noqa: E402

OWN = tuple(f"templates{number}.json" for number in ("", *(f"-{number}" for number in range(3, 23))))
PROVINCES, YEARS = 30, range(2017, 2020)
PICTURED = "doanh thu viễn thông các tỉnh năm 2018"


HEADS = (
    *("set", "indicator", "questions", "facts"),
    *("precision", "recall", "precision with ?", "recall with ?", "? (right)"),
)


@dataclass(frozen=True)
class Scored:
    """Of one question: figures shown as sure and those of them that are right, doubtful ones, facts to be found."""

    shown: int
    right: int
    doubtful: int
    doubtful_right: int
    facts: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs=3, action="append", metavar=("NAME", "FACTS", "REPORTS"))
    parser.add_argument("--wrong", action="store_true", help="tell each wrong and missing figure on standard error")
    parser.add_argument("--picture", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.picture:
        _, search, _ = own(OWN[0])
        options.picture.write_bytes(exports.picture(compare(search, Wanted(PICTURED))) or b"")
        return
    print("# Quality of comparisons\n\nMade by `tools/compare_quality.py` over made-up reports.")
    print("Doubtful figures (?) count neither as found nor as wrong, but in the two columns that say so.\n")
    print("| " + " | ".join(HEADS) + " |\n|" + len(HEADS) * "---|")
    for name, search, facts in map(given, options.set) if options.set else map(own, OWN):
        begun = time.perf_counter()
        rows = {i: score(search, i, of, options.wrong) for i, of in grouped(facts).items()}
        for indicator, scored in rows.items():
            print(row(name, indicator, scored))
        print(row(f"**{name}**", "all", [one for scored in rows.values() for one in scored]), flush=True)
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)


def given(one: Sequence[str]) -> tuple[str, Search, list[Fact]]:
    name, facts, folder = one
    rows = map(json.loads, Path(facts).read_text("utf-8").splitlines())
    known = [Fact(**{**row, "questions": tuple(row["questions"])}) for row in rows]
    return name, searched((path.stem, load(path)) for path in sorted(Path(folder).glob("*.txt"))), known


def own(templates: str) -> tuple[str, Search, list[Fact]]:
    reports = list(made_up(templates, list(provinces()[:PROVINCES]), YEARS))
    files = ((made.document, make(f"{made.document}.txt", made.text.encode(), {})) for made in reports)
    return templates, searched(files), [fact for made in reports for fact in made.facts]


def searched(reports: Iterable[tuple[str, Report]]) -> Search:
    documents, passages = [], []
    for id, report in reports:
        documents.append(Document(id, report.file, "", report.text, report.facts))
        spans = enumerate(report.spans)
        passages += [Passage(id, n, a, b, group, report.text[a:b]) for n, (a, b, group) in spans]
    return Search(index(documents, passages, ""))


def grouped(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.indicator].append(fact)
    return found


def score(search: Search, indicator: str, facts: Sequence[Fact], tell: bool) -> list[Scored]:
    known = {(fact.document, fact.year): fact for fact in facts}
    scored = []
    for question in facts[0].questions:
        made = compare(search, Wanted(question))
        told_of = {str(year) for _, year in known}
        cells = [cell for cell in made.cells if cell.period in told_of]
        sure = [cell for cell in cells if not cell.doubts]
        doubtful = [cell for cell in cells if cell.doubts]
        hits = [cell for cell in sure if right(cell, known)]
        scored.append(Scored(len(sure), len(hits), len(doubtful), sum(right(c, known) for c in doubtful), len(known)))
        if tell:
            told(question, sure, made.others, doubtful, known)
    return scored


def right(cell: Cell, known: dict[tuple[str, int], Fact]) -> bool:
    fact = known.get((cell.figure.document.id, int((cell.period or "0")[-4:])))
    if fact is None or not (fact.answer in cell.figure.text or cell.figure.text in fact.answer):
        return False
    # A statement of several lines or clauses is several passages.
    said, stated = (" ".join(text.split()) for text in (cell.figure.passage.text, fact.evidence))
    return stated in said or said in stated


def told(
    question: str,
    sure: Sequence[Cell],
    others: Sequence[Cell],
    doubtful: Sequence[Cell],
    known: dict[tuple[str, int], Fact],
) -> None:
    for cell in sure:
        if not right(cell, known):
            print(
                f"WRONG {question} | {cell.figure.text} | {cell.period} | {cell.figure.passage.text}", file=sys.stderr
            )
    found = {(c.figure.document.id, int((c.period or "0")[-4:])) for c in sure if right(c, known)}
    near = {c.figure.document.id: c for c in (*others, *doubtful)}
    for key, fact in known.items():
        if key not in found:
            cell = near.get(key[0])
            instead = f"{cell.role} {cell.doubts} {cell.sure:.2f} {cell.figure.text}" if cell else "gap"
            print(f"MISSING {question} | {instead} | {fact.evidence}", file=sys.stderr)


def row(name: str, indicator: str, scored: Sequence[Scored]) -> str:
    sums = {field: sum(asdict(one)[field] for one in scored) for field in asdict(scored[0])}
    sure = sums["right"] / max(1, sums["shown"]), sums["right"] / sums["facts"]
    both = sums["right"] + sums["doubtful_right"]
    every = both / max(1, sums["shown"] + sums["doubtful"]), both / sums["facts"]
    doubtful = f"{sums['doubtful']} ({sums['doubtful_right']})"
    shares = " | ".join(f"{share:.3f}" for share in (*sure, *every))
    return f"| {name} | {indicator} | {len(scored)} | {sums['facts']} | {shares} | {doubtful} |"


if __name__ == "__main__":
    main()
