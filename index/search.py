"""Search a generation: terms of four kinds, the paragraph's score, and the facts of the documents."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.facts import year_of
from corpus.records import Document, Passage
from corpus.text import strip_marks
from index.extract import Choice, choose, read
from index.generation import Generation
from index.question import Asked
from index.ranker import Ranker

# Every weight of the search stands here.
ACCENTED, STRIPPED = 0.7, 0.3  # of an accented question's terms; an unaccented one's stripped terms weigh 1
BIGRAM, CONCEPT = 0.5, 0.8
PARAGRAPH = 0.5  # of the paragraph's score
POOL = 60  # passages looked at closely
COVER, FIT = 0.6, 0.8  # what coverage and the answer's fit add to the ranker's score
OTHER_YEAR = 0.8  # a report of another year that speaks of the year asked about
_COMPARED = re.compile(r"so (voi )?((cung ky|ke hoach) )?(nam )?$")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what speaks for it. `cover` is the part of the question's worth that it says, 0..1."""

    passage: Passage
    document: Document
    score: float
    cover: float
    choice: Choice | None


class Search:
    """Finds passages of one generation; made by `make_ranker`, once for passages and once for paragraphs."""

    def __init__(self, generation: Generation, make_ranker: Callable[[Sequence[Sequence[str]]], Ranker]) -> None:
        self.generation = generation
        self.documents = {document.id: document for document in generation.documents}
        self._ranker = make_ranker(generation.tokens)
        self._paragraph_of, paragraphs = _paragraphs(generation)
        self._paragraphs = make_ranker(paragraphs)
        self._passages_of: dict[str, list[int]] = {}
        for number, passage in enumerate(generation.passages):
            self._passages_of.setdefault(passage.document_id, []).append(number)

    def worth(self, asked: Asked) -> dict[str, float]:
        """What each of the question's words is worth: weight × idf."""
        prefix = "" if asked.marked else "~"
        return {
            term.word: term.weight * self._ranker.idf(prefix + (term.word if asked.marked else term.stripped))
            for term in asked.terms
        }

    def find(self, asked: Asked, within: Sequence[Document], limit: int) -> list[Found]:
        """The best passages among those of some documents, best first; [] when none shares a term."""
        weights = self.worth(asked)
        query = _query(asked)
        ids = [number for document in within for number in self._passages_of.get(document.id, ())]
        hits = self._ranker.top(query, POOL, ids)
        paragraphs = {hit.id: hit.score for hit in self._paragraphs.top(query, 4 * POOL, self._paragraphs_of(ids))}
        best = max((hit.score for hit in hits), default=1.0)
        found = []
        for hit in hits:
            context = paragraphs.get(self._paragraph_of[hit.id], 0.0)
            found.append(self._weigh(asked, weights, hit.id, (hit.score + PARAGRAPH * context) / (1.5 * best)))
        kept = [item for item in found if item.score > 0]
        return sorted(kept, key=lambda item: (-item.score, item.document.id, item.passage.ordinal))[:limit]

    def _paragraphs_of(self, ids: Sequence[int]) -> list[int]:
        return sorted({self._paragraph_of[number] for number in ids})

    def _weigh(self, asked: Asked, weights: Mapping[str, float], number: int, score: float) -> Found:
        passage = self.generation.passages[number]
        document = self.documents[passage.document_id]
        cover = coverage(passage.text, asked, weights)
        choice = choose(passage.text, asked, weights)
        total = score + COVER * cover + FIT * (choice.fit if choice else 0.0)
        return Found(passage, document, total * _year_factor(asked, document, passage.text), cover, choice)


def coverage(text: str, asked: Asked, weights: Mapping[str, float]) -> float:
    """The part of the question's worth that a passage says, 0..1; a synonym counts 0.9, a missing number halves it."""
    passage = read(text)
    said = frozenset(passage.folded if asked.marked else passage.stripped)
    alike = frozenset(passage.concepts)
    total = sum(weights.values())
    covered = 0.0
    for term in asked.terms:
        if (term.word if asked.marked else term.stripped) in said:
            covered += weights[term.word]
        elif any(term.place in places for concept, places in asked.synonyms if concept in alike):
            covered += 0.9 * weights[term.word]
    missing = [number for number in asked.numbers if number not in passage.folded]
    return covered / total / (1 + len(missing)) if total else 0.0


def speaks_of(text: str, year: int) -> bool:
    """Whether a passage says something of a year, more than comparing with it."""
    stripped = strip_marks(text)
    return any(
        not _COMPARED.search(stripped[: match.start()]) for match in re.finditer(rf"(?<![\d/.]){year}(?!\d)", stripped)
    )


def _year_factor(asked: Asked, document: Document, text: str) -> float:
    """1 for the year asked about, OTHER_YEAR for another report that speaks of it, 0 for all else."""
    if not asked.years:
        return 1.0
    period = year_of(document.facts.period)
    if period is None or period in asked.years:
        return 1.0
    return OTHER_YEAR if any(speaks_of(text, year) for year in asked.years) else 0.0


def _query(asked: Asked) -> dict[str, float]:
    """Terms and their weights, as index.tokens.tokenize makes them."""
    query: dict[str, float] = {}
    for term in asked.terms:
        if asked.marked:
            query[term.word] = ACCENTED * term.weight
        query[f"~{term.stripped}"] = (STRIPPED if asked.marked else 1.0) * term.weight
    for left, right in zip(asked.terms, asked.terms[1:], strict=False):
        if right.place == left.place + 1:
            query[f"~{left.stripped}_{right.stripped}"] = BIGRAM * min(left.weight, right.weight)
    for concept, _ in asked.synonyms:
        query[concept] = CONCEPT
    return query


def _paragraphs(generation: Generation) -> tuple[list[int], list[list[str]]]:
    """For each passage the number of its paragraph, and the tokens of each paragraph."""
    numbers: dict[tuple[str, int], int] = {}
    paragraph_of, tokens = [], []
    for passage, terms in zip(generation.passages, generation.tokens, strict=True):
        number = numbers.setdefault((passage.document_id, passage.paragraph), len(numbers))
        if number == len(tokens):
            tokens.append(list[str]())
        tokens[number] += terms
        paragraph_of.append(number)
    return paragraph_of, tokens
