"""Time comparisons over 10^5 passages in 630 reports: one year over 63 provinces, and all years.

    PYTHONPATH=tests python benchmarks/comparing.py [PASSAGES]

Each report has made-up statements (tests/made_up.py) among passages of words by Zipf's law. CPU time of one process.
"""

import gc
import json
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from made import YEARS, Made
from made_up import DATA, MadeUp, made_up

from corpus.gazetteer import provinces
from corpus.records import Document, Passage
from index.comparing import Wanted, compare
from index.generation import FAST, Generation, read, write
from index.indexing import index
from index.search import Search

TEMPLATES = "templates.json"
ALL_YEARS = 6  # questions asked over all years


def main() -> None:
    gc.set_threshold(50_000)  # as the program does
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), generation(size))
        search = Search(read(Path(folder)))
        known = json.loads((DATA / TEMPLATES).read_text("utf-8"))["indicators"]
        questions = [question.format(province="", year="") for one in known for question in one["questions"]]
        timed(search, questions[:3], (2014,))  # modules and word lists are loaded
        print(f"{len(search.generation.passages)} passages, {len(search.documents)} reports")
        for name, asked, years in (
            ("one year, first time", questions, (2017,)),
            ("one year, again", questions, (2017,)),
            ("all years", questions[:ALL_YEARS], ()),
        ):
            times = timed(search, asked, years)
            print(f"{name}: median {statistics.median(times):.0f} ms, most {max(times):.0f} ms")


def timed(search: Search, questions: list[str], years: tuple[int, ...]) -> list[float]:
    times = []
    for question in questions:
        begun = time.process_time()
        compare(search, Wanted(question, years=years))
        times.append((time.process_time() - begun) * 1000)
    return times


def generation(size: int) -> Generation:
    stated = {(r.facts[0].province, r.facts[0].year): r for r in made_up(TEMPLATES, list(provinces()), YEARS)}
    reports = [
        with_facts(document, passages, stated[document.facts.province or "", int(document.facts.period or 0)])
        for document, passages, _ in Made(size).reports()
    ]
    return index([d for d, _ in reports], (p for _, passages in reports for p in passages), "", engine=FAST)


def with_facts(document: Document, passages: list[Passage], stated: MadeUp) -> tuple[Document, list[Passage]]:
    """A report with made-up statements behind its passages."""
    text, added = document.text, list(passages)
    for fact in stated.facts:
        start, number = len(text) + 1, len(added)
        added.append(Passage(document.id, number, start, start + len(fact.evidence), number, fact.evidence))
        text += f"\n{fact.evidence}"
    return replace(document, text=text), added


if __name__ == "__main__":
    main()
