"""Search a generation: terms of four kinds, the paragraph's score, and the facts of the documents."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.period import year_of
from corpus.records import Document, Passage
from corpus.text import strip_marks
from index.coverage import MISSING, coverage, lacks_number
from index.embedding import Encoder
from index.extract import Choice, choose
from index.generation import Generation
from index.meaning import Meaning
from index.question import Asked, mended
from index.ranker import Ranker

# Every weight of the search stands here.
ACCENTED, STRIPPED = 0.7, 0.3  # of an accented question's terms; an unaccented one's stripped terms weigh 1
BIGRAM, CONCEPT = 0.5, 0.8
PARAGRAPH = 0.5  # of the paragraph's score
MEANING = 0.3  # of the likeness of vectors, where the [semantic] extra has any
RAREST = 5.0  # idf: among hundreds of reports, too, one rare word must not outweigh all others
POOL = 60  # passages looked at closely
COVER, FIT = 0.6, 0.5  # what coverage and the answer's fit add to the ranker's score
OTHER_YEAR = 0.8  # a report of another year that speaks of the year asked about
NO_YEAR = 0.0  # one that does not: it is not found
OTHER_PERIOD = 0.9  # a quarter for a year asked about, or a year for a quarter
_COMPARED = re.compile(r"\bso (voi|cung ky|ke hoach) ((cung ky|ke hoach) )?(nam )?$")


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

    def __init__(
        self,
        generation: Generation,
        make_ranker: Callable[[Sequence[Sequence[str]]], Ranker],
        encoder: Encoder | None = None,
    ) -> None:
        self.generation = generation
        self.documents = {document.id: document for document in generation.documents}
        self._ranker = make_ranker(generation.tokens)
        self._paragraph_of, paragraphs = _paragraphs(generation)
        self._paragraphs = make_ranker(paragraphs)
        fits = encoder is not None and encoder.name == generation.encoder and generation.passages
        self._meaning = Meaning(generation, self._paragraph_of, encoder) if encoder and fits else None
        self._headings = _headings(generation.passages, self.documents)
        self._frequency = Counter(term for terms in generation.tokens for term in set(terms))
        self._passages_of: dict[str, list[int]] = {}
        for number, passage in enumerate(generation.passages):
            self._passages_of.setdefault(passage.document_id, []).append(number)

    def mended(self, asked: Asked) -> Asked:
        """The question with slips of the finger put right."""
        return mended(asked, self._frequency.keys())

    def unknown(self, asked: Asked) -> list[str]:
        """Words of the question that stand in no report at all, by themselves or by another name."""
        alike = {place for concept, places in asked.synonyms if concept in self._frequency for place in places}
        return [
            term.word
            for term in asked.terms
            if term.weight == 1 and f"~{term.stripped}" not in self._frequency and term.place not in alike
        ]

    def worth(self, asked: Asked) -> dict[str, float]:
        """What each of the question's words is worth: weight × idf, no more than RAREST.

        A word that no report has is worth what its synonym is that some have.
        """
        names = {place: concept for concept, places in asked.synonyms for place in places}
        found = {}
        for term in asked.terms:
            spelt = term.word if asked.marked else f"~{term.stripped}"
            known = spelt if spelt in self._frequency else names.get(term.place, spelt)
            found[term.word] = term.weight * min(RAREST, self._idf(known))
        return found

    def _idf(self, term: str) -> float:
        """ln(1 + (N - df + 0.5) / (df + 0.5)), never negative (Lucene's BM25); highest for a term that is nowhere."""
        df = self._frequency[term]
        return math.log(1 + (len(self.generation.passages) - df + 0.5) / (df + 0.5))

    def find(self, asked: Asked, within: Sequence[Document], limit: int) -> list[Found]:
        """The best passages among those of some documents, best first; [] when none shares a term."""
        weights = self.worth(asked)
        ids = [number for document in within for number in self._passages_of.get(document.id, ())]
        scores = self._with_meaning(asked, ids, self._lexical(_query(asked), ids))
        found = [self._weigh(asked, weights, number, score) for number, score in scores.items()]
        kept = [item for item in found if item.score > 0]
        return sorted(kept, key=lambda item: (-item.score, item.document.id, item.passage.ordinal))[:limit]

    def _lexical(self, query: Mapping[str, float], ids: Sequence[int]) -> dict[int, float]:
        """About 0..1 for the passages that share most with a query: their score and their paragraph's."""
        hits = self._ranker.top(query, POOL, ids)
        around = {hit.id: hit.score for hit in self._paragraphs.top(query, 4 * POOL, self._paragraphs_of(ids))}
        best = max((hit.score for hit in hits), default=1.0) * (1 + PARAGRAPH)
        return {h.id: (h.score + PARAGRAPH * around.get(self._paragraph_of[h.id], 0.0)) / best for h in hits}

    def _with_meaning(self, asked: Asked, ids: Sequence[int], scores: dict[int, float]) -> dict[int, float]:
        """Scores with likeness of meaning added, and those found by it alone; as they were without vectors.

        Nothing shared is nothing found, with vectors or without: a nearest vector there always is.
        """
        if self._meaning is None or not scores or not asked.marked:
            return scores  # models know Vietnamese with its diacritics only
        vector = self._meaning.query(asked.text)
        pool = sorted({*scores, *self._meaning.nearest(vector, ids, POOL)})
        alike = self._meaning.likeness(vector, pool)
        return {n: scores.get(n, 0.0) + MEANING * value for n, value in zip(pool, alike, strict=True)}

    def _paragraphs_of(self, ids: Sequence[int]) -> list[int]:
        return sorted({self._paragraph_of[number] for number in ids})

    def _weigh(self, asked: Asked, weights: Mapping[str, float], number: int, score: float) -> Found:
        passage = self.generation.passages[number]
        document = self.documents[passage.document_id]
        cover = coverage(passage.text, self._headings[number], asked, weights)
        choice = choose(passage.text, asked, weights)
        total = score + COVER * cover + FIT * (choice.fit if choice else 0.0)
        factor = _year_factor(asked, document, passage.text) * (MISSING if lacks_number(passage.text, asked) else 1.0)
        return Found(passage, document, total * factor, cover, choice)


def _headings(passages: Sequence[Passage], documents: Mapping[str, Document]) -> list[str]:
    """For each passage what introduces it: the title, and the last passage before it that ends in a colon."""
    headings, heading, document = [], "", ""
    for passage in passages:
        if passage.document_id != document:
            document = passage.document_id
            heading = ""
        title = documents[document].facts.title
        headings.append(f"{title}. {heading}")
        if passage.text.endswith(":"):
            heading = passage.text
    return headings


def speaks_of(text: str, year: int) -> bool:
    """Whether a passage says something of a year, more than comparing with it."""
    stripped = strip_marks(text)
    return any(
        not _COMPARED.search(stripped[: match.start()]) for match in re.finditer(rf"(?<![\d/.]){year}(?!\d)", stripped)
    )


def _year_factor(asked: Asked, document: Document, text: str) -> float:
    """1 for the period asked about, less for a near one, 0 for another period unless the passage speaks of it."""
    if not asked.years:
        return 1.0
    period = document.facts.period
    year = year_of(period)
    if year is not None and year not in asked.years:
        return OTHER_YEAR if any(speaks_of(text, wanted) for wanted in asked.years) else NO_YEAR
    quarter = re.search(r"quý (\w+)", period or "")
    if asked.quarter and (quarter is None or quarter.group(1) != asked.quarter):
        return 0.0 if quarter else OTHER_PERIOD
    return OTHER_PERIOD if quarter and not asked.quarter else 1.0


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
    for word in asked.particles:
        query.setdefault(word, ACCENTED)
    return query


def _paragraphs(generation: Generation) -> tuple[list[int], list[list[str]]]:
    """For each passage the number of its paragraph, and the tokens of each paragraph."""
    numbers: dict[tuple[str, int], int] = {}
    paragraph_of: list[int] = []
    tokens: list[list[str]] = []
    for passage, terms in zip(generation.passages, generation.tokens, strict=True):
        number = numbers.setdefault((passage.document_id, passage.paragraph), len(numbers))
        if number == len(tokens):
            tokens.append([])
        tokens[number] += terms
        paragraph_of.append(number)
    return paragraph_of, tokens
