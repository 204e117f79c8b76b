"""Search a generation: terms of four kinds, the paragraph's score, and the facts of the documents."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from corpus.period import year_of
from corpus.records import Document, Passage
from index import timely
from index.coverage import coverage, lacks_name, own_coverage, saying
from index.embedding import Encoder
from index.engines import open_engine
from index.extract import Choice, choose
from index.generation import Generation
from index.kinds import FIGURES
from index.meaning import Meaning
from index.passages import Passages
from index.question import Asked
from index.records import Question
from index.roles import only_other
from index.scope import Reports
from index.typed import evened, meant, mended
from index.weights import weighted, worth
from index.words import Words, read, restored

if TYPE_CHECKING:
    from index.qdrant import Cluster

# Every weight of the search stands here, but for those of a question's words.
PARAGRAPH = 0.5  # of the paragraph's score
MEANING = 0.3  # of the likeness of vectors, where the [semantic] extra has any
REMEMBERED = 4096  # passages whose words are kept at hand
POOL, OWN_POOL = 60, 10  # passages whose words are compared with the question's: at most, for each document searched
LOOKED = 24  # those of them, the best, in which an answer is looked for
EACH_POOL, EACH_READ, EACH_LOOKED = 5, 4, 2  # the same for each of many documents asked at once
EACH_NEAR = 0.25  # of the best one's score: what is read
NAMED_YEAR = 3.0  # the weight of a year's name in a report of another year
LEAST_COVER = 0.2  # of a passage of theirs that is looked at
ANSWERING = 0.28  # cover under which no span makes evidence enough for an answer (index.confidence)
RIVALLING = 0.39  # the same of a passage that falls behind the best
NEAR = 0.7  # of the best passage's score: what does not fall behind
MOST_FIT = 1.2  # of a span: a passage that falls behind by more is not looked at
COVER, FIT = 0.6, 0.5  # what coverage and the answer's fit add to the ranker's score
MISSING = 0.6  # a number or name that tells like things apart ("mức độ 4", "FDI") and is not there


class Found(NamedTuple):
    """A passage with what speaks for it. `cover` is the part of the question's worth that it says, 0..1."""

    passage: Passage
    document: Document
    score: float
    factor: float  # of the score: less for another period, or without a number that was asked for
    cover: float
    choice: Choice | None
    number: int  # of the passage in the generation
    words: Words
    also: Mapping[int, Sequence[int]]  # its words that say the question's by another name
    above: Mapping[int, float]  # what its heading says of the question


class Search:
    """Finds passages of one generation, with the engine it was made for, on a cluster if there is one."""

    def __init__(
        self, generation: Generation, encoder: Encoder | None = None, cluster: "Cluster | None" = None
    ) -> None:
        self.generation = generation
        self.reports = Reports(generation.documents)
        self.documents = {document.id: document for document in generation.documents}
        self._passages = generation.passages
        self._engine = open_engine(generation, cluster)
        fits = encoder is not None and encoder.name == generation.encoder and len(self._passages) > 0
        self._meaning = Meaning(generation, encoder) if encoder and fits else None
        self._words = lru_cache(REMEMBERED)(partial(_words, self._passages))
        self._size = len(self._passages)
        self._named = {d.id: years for d, years in zip(generation.documents, generation.named, strict=True)}

    def understand(self, question: Question) -> Asked:
        """The question as it was meant, by the words that the reports have."""
        return meant(question, self._known)

    def evened(self, question: Question) -> Question:
        """The question without diacritics where some of its words lack theirs."""
        return evened(question, self._known)

    def mended(self, asked: Asked) -> Asked:
        """The question with slips of the finger put right."""
        return mended(asked, self._known)

    def _known(self, term: str) -> bool:
        return self._engine.frequency(term) > 0

    def unknown(self, asked: Asked) -> list[str]:
        """Words of the question that stand in no report at all, by themselves or by another name.

        Whether a passage says what an abbreviation stands for, the passage tells: see index.coverage.lacks_name.
        """
        alike = {place for concept, places in asked.synonyms if self._known(concept) for place in places}
        alike |= {place for _, place in asked.names} if asked.kind in FIGURES else set()
        return [
            term.word
            for term in asked.terms
            if term.weight == 1 and not self._known(f"~{term.stripped}") and term.place not in alike
        ]

    def find(self, asked: Asked, within: Sequence[Document], limit: int, shown: int | None = None) -> list[Found]:
        """The best passages among those of some documents, best first; [] when none shares a term.

        With `shown` it plays no part what else might answer: once a passage does, no span is looked for in those that
        must fall behind it, and but for `shown` of them they are not even read.
        """
        weights = worth(asked, self._size, self._engine.frequency)
        telling = (document for document in within if timely.may_tell(asked, document, self._named[document.id]))
        spans = [span for document in telling if (span := self._passages.spans[document.id])]
        pool = min(POOL, max(limit, OWN_POOL * len(spans)))
        scores = self._with_meaning(
            asked, spans, self._lexical(weighted(asked, self._known), spans, pool, 4 * pool), pool
        )
        found: list[Found] = []
        for some in (scores,) if shown is None else _parted(scores, shown):
            best = max(found, key=_score, default=None)
            floor = NEAR * best.score if best and answers(best, asked) else 0.0
            near = {number: score for number, score in some.items() if score + COVER + FIT * MOST_FIT >= floor}
            covered = nlargest(max(limit, LOOKED), self._covered(asked, weights, near), key=_score)
            found += self._looked(asked, weights, covered, best, shown is None)
        return sorted(found, key=_order)[:limit]

    def find_each(self, asked: Asked, within: Sequence[Document]) -> dict[str, list[Found]]:
        """The best passages of each of some documents by id, as `find` would give them for it alone.

        Of each the first ones have their best span, as long as they can come out first. Documents of a year that is
        not asked about are looked through for passages that name one that is.
        """
        weights, query = worth(asked, self._size, self._engine.frequency), weighted(asked, self._known)
        found: dict[str, list[Found]] = {}
        then = [d for d in within if not asked.years or year_of(d.facts.period) in asked.years]
        other = (d for d in within if asked.years and year_of(d.facts.period) not in asked.years)
        later = [d for d in other if timely.may_tell(asked, d, self._named[d.id])]
        named = {**query, **{str(year): NAMED_YEAR for year in asked.years}}
        for documents, terms, each in ((then, query, EACH_POOL), (later, named, 2)):
            spans = sorted((s for d in documents if (s := self._passages.spans[d.id])), key=lambda span: span.start)
            pool = each * len(spans)
            scores = self._with_meaning(asked, spans, self._lexical(terms, spans, pool, 2 * pool), pool)
            for group in _grouped(scores, [span.start for span in spans]):
                if best := self._read(asked, weights, group):
                    found[best[0].document.id] = best
        return found

    def _read(self, asked: Asked, weights: Mapping[str, float], scores: Mapping[int, float]) -> list[Found]:
        """The passages of one document that share most with a question, best first."""
        most = max(scores.values()) or 1.0
        best = nlargest(EACH_READ, scores, key=scores.__getitem__)
        read = {number: scores[number] / most for number in best if scores[number] >= EACH_NEAR * most}
        covered = sorted(self._covered(asked, weights, read), key=_order)
        looked: list[Found] = []
        for number, item in enumerate(covered):
            # Where the figures found play another role, a plan's for what was done, those behind them are looked at.
            first = max((other.score for other in looked if answers(other, asked)), default=0.0)
            if number >= EACH_LOOKED and (first or not any(other.choice for other in looked)):
                break
            near = item.cover >= LEAST_COVER and item.score + FIT * MOST_FIT > first
            looked.append(self._chosen(asked, weights, item) if near else item)
        return sorted(looked, key=_order) + covered[len(looked) :]

    def _lexical(
        self, query: Mapping[str, float], spans: Sequence[range], pool: int, paragraphs: int
    ) -> dict[int, float]:
        """About 0..1 for the passages that share most with a query: their score and their paragraph's."""
        groups = None if len(spans) == len(self.documents) else [span.start for span in spans]
        hits = self._engine.passages.top(query, pool, groups)
        around = {hit.id: hit.score for hit in self._engine.paragraphs.top(query, paragraphs, groups)}
        best = max((hit.score for hit in hits), default=1.0) * (1 + PARAGRAPH)
        lead = self._passages.lead
        return {h.id: (h.score + PARAGRAPH * around.get(lead(h.id), 0.0)) / best for h in hits}

    def _with_meaning(
        self, asked: Asked, spans: Sequence[range], scores: dict[int, float], pool: int
    ) -> dict[int, float]:
        """Scores with likeness of meaning added, and those found by it alone; as they were without vectors.

        Nothing shared is nothing found, with vectors or without: a nearest vector there always is.
        """
        if self._meaning is None or not scores or not asked.marked:
            return scores  # models know Vietnamese with its diacritics only
        vector = self._meaning.query(asked.text)
        near = sorted({*scores, *self._meaning.nearest(vector, spans, pool)})
        alike = self._meaning.likeness(vector, near)
        return {n: scores.get(n, 0.0) + MEANING * value for n, value in zip(near, alike, strict=True)}

    def _covered(self, asked: Asked, weights: Mapping[str, float], scores: Mapping[int, float]) -> Iterator[Found]:
        """The passages with what they say of the question, whatever their answer."""
        headings: dict[str, dict[int, float]] = {}
        for number, score in scores.items():
            passage = self._passages[number]
            document = self.documents[passage.document_id]
            factor = timely.year_factor(asked, document, passage.text)
            if not factor:
                continue
            words = self._words(number)
            also = words.otherwise(asked)
            lacking = MISSING if lacks_name(words, also, asked) else 1.0
            head = f"{document.facts.title}. {self._passages.intro(number)}"
            if (heading := headings.get(head)) is None:
                heading = headings[head] = saying(asked, read(head))
            factor, cover = factor * lacking, coverage(words, also, heading, asked, weights) * lacking
            total = (score + COVER * cover) * factor
            yield Found(passage, document, total, factor, cover, None, number, words, also, heading)

    def _looked(
        self, asked: Asked, weights: Mapping[str, float], covered: Iterable[Found], best: Found | None, rivals: bool
    ) -> Iterator[Found]:
        """Passages, the best first, with the spans of those that may be an answer, a rival of one, or near one."""
        settled = not rivals and answers(best, asked)
        for item in covered:
            behind = best is not None and item.score + FIT * MOST_FIT < NEAR * best.score
            looks = not (behind and settled) and item.cover >= (RIVALLING if behind else ANSWERING)
            looked = self._chosen(asked, weights, item) if looks else item
            if best is None or looked.score > best.score:
                best, settled = looked, not rivals and answers(looked, asked)
            if item.score > 0:
                yield looked

    def _chosen(self, asked: Asked, weights: Mapping[str, float], item: Found) -> Found:
        """The passage with its best span."""
        period = item.document.facts.period
        choice = choose(item.words, asked, weights, year_of(period), whole=period == str(year_of(period)))
        if not choice:
            return item
        cover = item.cover
        if asked.kind in FIGURES:
            cover = min(cover, own_coverage(item.words, range(choice.start, choice.end), item.above, asked, weights))
        more = FIT * choice.fit - COVER * (item.cover - cover)
        return item._replace(score=item.score + more * item.factor, choice=choice, cover=cover)


def _words(passages: Passages, number: int) -> Words:
    return restored(passages.text(number), passages.words(number))


def _parted(scores: Mapping[int, float], size: int) -> tuple[dict[int, float], dict[int, float]]:
    """The best ones, and the others."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:size]), dict(ranked[size:])


def answers(found: Found | None, asked: Asked) -> bool:
    """Whether a passage has a figure of the role that is asked for."""
    return found is not None and found.choice is not None and not of_other_role(found, asked)


def of_other_role(found: Found, asked: Asked) -> str | None:
    """Why the figure of a passage, if it has one, is of another role than the question asks for."""
    if not found.choice:
        return None
    year = year_of(found.document.facts.period)
    return only_other(asked, found.passage.text, found.choice.start, found.choice.end, year)


def _grouped(scores: Mapping[int, float], starts: Sequence[int]) -> Iterable[dict[int, float]]:
    """The scores of the passages of each document, whose first ones are given in order."""
    groups: dict[int, dict[int, float]] = defaultdict(dict)
    for number, score in scores.items():
        groups[bisect_right(starts, number)][number] = score
    return groups.values()


def _score(found: Found) -> float:
    return found.score


def _order(found: Found) -> tuple[float, str, int]:
    return -found.score, found.document.id, found.passage.ordinal
