"""Okapi BM25 as the dot product of two sparse vectors, for engines that know numbers but no words.

A passage's side is the part of the formula with its term frequencies and length, a question's side the weights and
idf; so adding passages changes no vector that is there, but for the mean length, which each collection keeps.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from index.ranker import K1, B, idf

Sparse = dict[int, float]


def passage_vector(terms: Sequence[str], mean: float) -> Sparse:
    """What a passage (or paragraph) says of each of its terms; `mean` is the average number of terms."""
    length = K1 * (1 - B + B * len(terms) / mean)
    vector: Sparse = {}
    for term, tf in Counter(terms).items():
        at = dimension(term)
        vector[at] = vector.get(at, 0.0) + tf * (K1 + 1) / (tf + length)
    return vector


def question_vector(query: Mapping[str, float], size: int, frequency: Callable[[str], int]) -> Sparse:
    """Weight × idf of terms that stand in `frequency` of `size` items."""
    vector: Sparse = {}
    for term, weight in query.items():
        at = dimension(term)
        vector[at] = vector.get(at, 0.0) + weight * idf(size, frequency(term))
    return vector


@lru_cache(1 << 16)
def dimension(term: str) -> int:
    """A term's place in every vector: 32 bits of a hash, the same on all machines without a list that they share.

    Of n terms about n² / 2³³ pairs share a place: 5 among the 200,000 of a million passages. A question of 20 terms
    has one of them with odds of 20 n / 2³², one in a thousand; then a passage with the other term is ranked too high,
    but not answered from, since coverage and the answer are judged by the words themselves.
    """
    return int.from_bytes(blake2b(term.encode(), digest_size=4).digest(), "big")
