"""What every ranker does, and the reference: rank-bm25's Okapi with an idf that is never negative."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from index.records import Hit

K1, B = 1.2, 0.75


class Ranker(Protocol):
    """Finds the best of a fixed list of token lists; ids are positions in it."""

    def top(self, query: Mapping[str, float], limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits among `within` (None: all), best first, ties by id.

        `query` maps terms to positive weights; `[]` when nothing shares a term with it.
        """
        ...


class RankBM25:
    """The reference ranker, by rank-bm25 (Okapi; Robertson and Zaragoza 2009), idf as in Lucene.

    rank-bm25's own idf is 0 for a term in half of the passages and floors common ones above rarer ones;
    ln(1 + (N - df + 0.5) / (df + 0.5)) is positive always, so a score above 0 means a shared term.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        self._size = len(corpus)
        self._model = _okapi(corpus) if any(corpus) else None

    def top(self, query: Mapping[str, float], limit: int, within: Collection[int] | None = None) -> list[Hit]:
        ids = list(range(self._size)) if within is None else sorted(set(within))
        if self._model is None or not ids or limit <= 0:
            return []
        scores = [0.0] * len(ids)
        for weight in sorted(set(query.values())):
            terms = [term for term, own in query.items() if own == weight and term in self._model.idf]
            for place, score in enumerate(self._model.get_batch_scores(terms, ids) if terms else ()):
                scores[place] += weight * float(score)
        hits = [Hit(id, score) for id, score in zip(ids, scores, strict=True) if score > 0]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit]


def _okapi(corpus: Sequence[Sequence[str]]):  # type: ignore[no-untyped-def]
    from rank_bm25 import BM25Okapi

    class Okapi(BM25Okapi):  # type: ignore[misc]
        def _calc_idf(self, nd: dict[str, int]) -> None:
            for term, df in nd.items():
                self.idf[term] = math.log(1 + (self.corpus_size - df + 0.5) / (df + 0.5))

    return Okapi([list(tokens) for tokens in corpus], k1=K1, b=B)
