"""Hold the fast engine to the reference on generated corpora, new ones and after adds and removes in place.

    python tools/differential.py [--number 1000] [--seed 1]

tantivy keeps a passage's length in one byte, exact to 40 terms, and counts deleted passages until it merges files. So
the best passage may be another one where scores are close: this says how often, and by how little. With those lengths
and counts the reference must give the fast engine's scores themselves. Exit status 1 when it does not, when hits break
the rankers' contract, or when fewer questions than LEAST have the same best passage. Up to a quarter of what an index
holds is deleted, the most before it is made anew. Questions with another best passage are printed on standard error.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose
from pathlib import Path
from typing import Any

from corpus.load import bundled
from index.fast import Fast, build
from index.indexing import MOST_GONE
from index.question import understand
from index.ranker import RankBM25, Ranker
from index.records import Hit, Question
from index.tokens import tokenize, words
from index.weights import weighted

LEAST = {"new": 0.99, "after adds and removes": 0.98}  # of the questions: the same best passage
ASKED = 10  # questions of each corpus, new and changed
_CLOSE = 1e-5  # of a score: the fast engine's have four bytes
_TINY = 1e-6  # the weight of a term in almost every passage is rounded by as much
_FEWEST = 200  # words to make a corpus of: fewer than any report has
_EXACT = 40  # terms up to which a length is kept as it is


@dataclass(frozen=True)
class Item:
    """A passage to find."""

    id: int
    group: int
    text: str


@dataclass
class Outcome:
    """What became of the questions; gaps are of the reference's scores, 0..1 of the best, where another was found."""

    questions: int = 0
    gaps: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def same(self) -> float:
        return 1 - len(self.gaps) / max(1, self.questions)


class Corpus:
    """Documents of a few passages, made of the words of the bundled reports as often as those have them."""

    def __init__(self, chance: random.Random, known: Mapping[str, int]) -> None:
        vocabulary = chance.sample(sorted(known), chance.randint(_FEWEST, len(known)))
        self._chance, self._words, self._often = chance, vocabulary, [known[word] for word in vocabulary]
        self.ever: list[Item] = []
        self.live: set[int] = set()  # groups

    def add(self, documents: int) -> list[Item]:
        """New documents; some passages stand in others, too."""
        added: list[Item] = []
        for _ in range(documents):
            group = len(self.ever) + len(added)
            self.live.add(group)
            for id in range(group, group + self._chance.randint(1, 12)):
                again = self.ever and self._chance.random() < 0.1
                added.append(Item(id, group, self._chance.choice(self.ever).text if again else self._passage()))
        self.ever += added
        return added

    def remove(self, share: float) -> set[int]:
        gone = set(self._chance.sample(sorted(self.live), int(share * len(self.live))))
        self.live -= gone
        return gone

    def questions(self) -> Iterator[dict[str, float]]:
        """Weighted terms of a few words that follow each other in a passage, as the program makes them."""
        while True:
            said = words(self._chance.choice(self.ever).text)
            start = self._chance.randrange(len(said))
            asked = understand(Question(f"Có bao nhiêu {' '.join(said[start : start + 5])}?"))
            query = weighted(asked, lambda _: True)
            if query:
                yield query

    def _passage(self) -> str:
        size = min(150, 2 + int(self._chance.lognormvariate(2.8, 0.7)))
        return " ".join(self._chance.choices(self._words, self._often, k=size))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=1000, help="corpora")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    known = Counter(word for report in bundled() for word in words(report.text))
    outcomes = {name: Outcome() for name in LEAST}
    for number in range(options.number):
        chance = random.Random(f"{options.seed} {number}")  # noqa: S311 - reproducible, not secret
        held(Corpus(chance, known), chance, list(outcomes.values()))
    print("| corpora | questions | same best passage | others | largest gap | faults |\n|---|---|---|---|---|---|")
    for name, found in outcomes.items():
        cells = f"{found.same:.2%} | {len(found.gaps)} | {max(found.gaps, default=0):.2%} | {len(found.faults)}"
        print(f"| {options.number} {name} | {found.questions} | {cells} |")
    for fault in [fault for found in outcomes.values() for fault in found.faults]:
        print(fault, file=sys.stderr)
    return int(any(found.faults or found.same < LEAST[name] for name, found in outcomes.items()))


def held(corpus: Corpus, chance: random.Random, outcomes: Sequence[Outcome]) -> None:
    """One corpus, new, and changed in place."""
    with tempfile.TemporaryDirectory() as folder:
        for outcome, share in zip(outcomes, (0.0, chance.uniform(0, MOST_GONE)), strict=True):
            gone = corpus.remove(share)
            added = corpus.add(chance.randint(1, 40))
            build(Path(folder), ((item.id, item.group, " ".join(tokenize(item.text))) for item in added), gone)
            compare(Fast(Path(folder)), corpus, chance, outcome)


def compare(fast: Ranker, corpus: Corpus, chance: random.Random, outcome: Outcome) -> None:
    live = [item for item in corpus.ever if item.group in corpus.live]
    reference, like_fast = ranker(live), ranker(corpus.ever)
    model: Any = like_fast._model
    model.doc_len = [kept(size) for size in model.doc_len]
    for _, query in zip(range(ASKED), corpus.questions(), strict=False):
        within = chance.choice([None, chance.sample(sorted(corpus.live), chance.randint(1, len(corpus.live)))])
        scores = {hit.id: hit.score for hit in reference.top(query, len(live), within)}
        whole = fast.top(query, len(live), within)
        same = {hit.id: hit.score for hit in like_fast.top(query, len(live), within or corpus.live)}
        outcome.faults += faults(whole, same, live, within)
        limit = chance.randint(1, 20)
        if [hit.score for hit in fast.top(query, limit, within)] != [hit.score for hit in whole[:limit]]:
            outcome.faults.append(f"the best {limit} are not the first {limit} of all for {query}")
        outcome.questions += bool(scores)
        if scores and whole and (gap := 1 - scores.get(whole[0].id, 0.0) / max(scores.values())) > _CLOSE:
            outcome.gaps.append(gap)
            print(f"{gap:.2%} below the best of {len(live)}: {whole[0].id} for {' '.join(query)}", file=sys.stderr)


def faults(
    hits: Sequence[Hit], wanted: Mapping[int, float], live: Sequence[Item], within: Collection[int] | None
) -> Iterator[str]:
    """What a ranker must never do, and scores that are not those of the formula."""
    allowed = {item.id for item in live if within is None or item.group in within}
    ids = [hit.id for hit in hits]
    if len(set(ids)) < len(ids) or not allowed.issuperset(ids) or any(hit.score <= 0 for hit in hits):
        yield f"hits repeated, not asked for, or without a score: {hits}"
    if list(hits) != sorted(hits, key=lambda hit: (-hit.score, hit.id)):
        yield f"hits out of order: {hits}"
    if set(ids) != set(wanted):
        yield f"found {sorted(set(ids) ^ set(wanted))} by one of the two only"
    elif wrong := [hit for hit in hits if not isclose(hit.score, wanted[hit.id], rel_tol=_CLOSE, abs_tol=_TINY)]:
        yield f"{wrong[0]} should have {wanted[wrong[0].id]}"


def ranker(items: Sequence[Item]) -> RankBM25:
    return RankBM25([tokenize(i.text) for i in items], [i.id for i in items], [i.group for i in items])


def kept(length: int) -> int:
    """A length as tantivy keeps it: four bits and where they stand, above 40.

    >>> [kept(length) for length in (0, 39, 40, 41, 57, 75)]
    [0, 39, 40, 40, 56, 72]
    """
    if length < _EXACT:
        return length
    shift = (length - 24).bit_length() - 4
    return 24 + ((length - 24) >> shift << shift)


if __name__ == "__main__":
    sys.exit(main())
