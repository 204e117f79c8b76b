"""One contract for every ranker, and the reference against the formula written out."""

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient
from qdrants import brought, serving

from index.distributed import PARAGRAPHS, PASSAGES, Distributed
from index.fast import Fast, build
from index.qdrant import Cluster, connect
from index.ranker import K1, B, RankBM25, Ranker
from index.records import Hit


def fast(corpus: Sequence[Sequence[str]]) -> Fast:
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), ((n, n, " ".join(tokens)) for n, tokens in enumerate(corpus)))
        return Fast(Path(folder))


@cache
def in_memory() -> Cluster:
    client = QdrantClient(":memory:")
    return Cluster(lambda seconds: client)


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with serving() as qdrant:
        CLUSTERS["server"] = connect(qdrant.url)
        yield


CLUSTERS: dict[str, Cluster] = {}


def local_mode(corpus: Sequence[Sequence[str]]) -> Distributed:
    return brought(corpus, in_memory(), PASSAGES)


def own_engine(corpus: Sequence[Sequence[str]]) -> Distributed:
    return brought(corpus, CLUSTERS["server"], PARAGRAPHS)


RANKERS = [RankBM25, fast, local_mode, own_engine]
TERMS = st.sampled_from("abcde")
CORPUS = st.lists(st.lists(TERMS, max_size=8), max_size=12)
QUERY = st.dictionaries(st.sampled_from("abcdex"), st.sampled_from([0.3, 0.5, 1.0]), max_size=4)

pytestmark = [
    pytest.mark.parametrize("make", RANKERS),
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant"),
]
Make = Callable[[Sequence[Sequence[str]]], Ranker]


def expected(corpus: list[list[str]], query: dict[str, float], limit: int, within: set[int] | None) -> list[Hit]:
    """Okapi BM25 (Robertson and Zaragoza 2009) with idf ln(1 + (N - df + 0.5) / (df + 0.5))."""
    mean = sum(map(len, corpus)) / len(corpus) if corpus else 0
    hits = []
    for number, tokens in enumerate(corpus):
        score = 0.0
        for term, weight in query.items():
            df = sum(term in other for other in corpus)
            tf = tokens.count(term)
            idf = math.log(1 + (len(corpus) - df + 0.5) / (df + 0.5))
            if tf:
                score += weight * idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * len(tokens) / mean))
        if score > 0 and (within is None or number in within):
            hits.append(Hit(number, score))
    return sorted(hits, key=lambda hit: (-round(hit.score, 9), hit.id))[:limit]


@settings(deadline=None)
@given(corpus=CORPUS, query=QUERY, limit=st.integers(0, 12), within=st.none() | st.sets(st.integers(0, 11)))
def test_ranks_as_the_formula(make: Make, corpus, query, limit, within) -> None:
    within = None if within is None else {number for number in within if number < len(corpus)}
    hits = make(corpus).top(query, limit, within)
    wanted = expected(corpus, query, limit, within)
    # Scores of four bytes: those that differ by less count as equal, and then any order is right.
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in wanted], rel=1e-5)
    scores = {hit.id: hit.score for hit in expected(corpus, query, len(corpus), within)}
    assert [scores[hit.id] for hit in hits] == pytest.approx([hit.score for hit in wanted], rel=1e-5)


def test_ties_are_broken_by_id(make: Make) -> None:
    assert [hit.id for hit in make([["a"], ["b"], ["a"], ["a"]]).top({"a": 1.0}, 2)] == [0, 2]


def test_nothing_shared_is_nothing_found(make: Make) -> None:
    ranker = make([["a"], ["b"]])
    assert ranker.top({"z": 1.0}, 5) == ranker.top({}, 5) == ranker.top({"a": 1.0}, 0) == []
    assert ranker.top({"a": 1.0}, 5, []) == ranker.top({"a": 1.0}, 5, [1]) == []


def test_empty_corpora_are_fine(make: Make) -> None:
    assert make([]).top({"a": 1.0}, 5) == []
    assert make([[], []]).top({"a": 1.0}, 5) == []


def test_a_term_in_every_passage_still_matches(make: Make) -> None:
    assert {hit.id for hit in make([["a"], ["a"]]).top({"a": 1.0}, 5)} == {0, 1}
    assert [hit.id for hit in make([["a"]]).top({"a": 1.0}, 5)] == [0]
