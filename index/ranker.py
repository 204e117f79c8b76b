"""What every ranker does, and the reference: rank-bm25's Okapi with an idf that is never negative."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from index.records import Hit

K1, B = 1.2, 0.75


def idf(size: int, df: int) -> float:
    """What a term that stands in `df` of `size` items is worth: ln(1 + (N - df + 0.5) / (df + 0.5)), as in Lucene.

    Never negative. Of items that were deleted `df` may still count some.
    """
    df = min(size, df)
    return math.log(1 + (size - df + 0.5) / (df + 0.5))


class Ranker(Protocol):
    """Finds the best of a fixed list of items, each with tokens, an id and the group it belongs to."""

    def top(self, query: Mapping[str, float], limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits among the groups `within` (None: all), best first, ties by id.

        `query` maps terms to positive weights; `[]` when nothing shares a term with it.
        """
        ...


class RankBM25:
    """The reference ranker, by rank-bm25 (Okapi; Robertson and Zaragoza 2009), idf as in Lucene.

    rank-bm25's own idf is 0 for a term in half of the passages and floors common ones above rarer ones;
    ln(1 + (N - df + 0.5) / (df + 0.5)) is positive always, so a score above 0 means a shared term.
    """

    def __init__(
        self,
        corpus: Sequence[Sequence[str]],
        ids: Sequence[int] | None = None,
        groups: Sequence[int] | None = None,
    ) -> None:
        """Ids are places in the corpus unless given; each item is its own group unless groups are given."""
        self._ids = range(len(corpus)) if ids is None else ids
        self._places: dict[int, list[int]] = {}
        for place, group in enumerate(self._ids if groups is None else groups):
            self._places.setdefault(group, []).append(place)
        self._model = _okapi(corpus) if any(corpus) else None

    def frequency(self, term: str) -> int:
        """In how many items a term stands."""
        return int(self._model.df.get(term, 0)) if self._model else 0

    def top(self, query: Mapping[str, float], limit: int, within: Collection[int] | None = None) -> list[Hit]:
        groups = self._places if within is None else set(within)
        places = sorted(place for group in groups for place in self._places.get(group, ()))
        if self._model is None or not places or limit <= 0:
            return []
        scores = [0.0] * len(places)
        for weight in sorted(set(query.values())):
            terms = [term for term, own in query.items() if own == weight and term in self._model.idf]
            for number, score in enumerate(self._model.get_batch_scores(terms, places) if terms else ()):
                scores[number] += weight * float(score)
        hits = [Hit(self._ids[place], score) for place, score in zip(places, scores, strict=True) if score > 0]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit]


def _okapi(corpus: Sequence[Sequence[str]]):  # type: ignore[no-untyped-def]
    from rank_bm25 import BM25Okapi

    class Okapi(BM25Okapi):  # type: ignore[misc]
        def _calc_idf(self, nd: dict[str, int]) -> None:
            self.df = nd
            known = {df: idf(self.corpus_size, df) for df in set(nd.values())}
            self.idf = {term: known[df] for term, df in nd.items()}

    return Okapi(corpus, k1=K1, b=B)
