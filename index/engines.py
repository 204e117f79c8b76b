"""What searches a generation: the reference in memory, the fast engine's files, or Qdrant. One record for all."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from index.generation import DISTRIBUTED, REFERENCE, Generation
from index.ranker import RankBM25, Ranker

if TYPE_CHECKING:
    from index.qdrant import Cluster


class Engine(NamedTuple):
    """Rankers over passages and over paragraphs, whose id is the number of their first passage.

    Both have the documents for groups; a document's group is the number of its first passage.
    """

    passages: Ranker
    paragraphs: Ranker
    frequency: Callable[[str], int]  # of a term: in how many passages it stands


def open_engine(generation: Generation, cluster: "Cluster | None" = None) -> Engine:
    """The engine that a generation was made for; without its cluster a distributed one is searched on this machine."""
    if generation.engine == REFERENCE or not generation.folder:
        return reference(generation)
    from index.fast import open_fast

    passages, paragraphs = open_fast(generation.folder)
    if generation.engine != DISTRIBUTED or cluster is None:
        return Engine(passages, paragraphs, passages.frequency)
    from index.distributed import PARAGRAPHS, PASSAGES, Distributed

    return Engine(
        Distributed(cluster, generation, PASSAGES, passages),
        Distributed(cluster, generation, PARAGRAPHS, paragraphs),
        passages.frequency,
    )


def reference(generation: Generation) -> Engine:
    """rank-bm25 over a generation's tokens, all in memory."""
    passages = generation.passages
    terms = {part.first + n: line.split() for part in passages.parts for n, line in enumerate(part.terms)}
    spans = [span for span in passages.spans.values() if span]
    ids = [number for span in spans for number in span]
    groups = [span.start for span in spans for _ in span]
    whole: dict[int, list[str]] = {}
    owners = {}
    for number, group in zip(ids, groups, strict=True):
        paragraph = passages.paragraph(number)
        whole.setdefault(paragraph.start, []).extend(terms[number])
        owners[paragraph.start] = group
    ranker = RankBM25([terms[number] for number in ids], ids, groups)
    paragraphs = RankBM25(list(whole.values()), list(whole), [owners[id] for id in whole])
    return Engine(ranker, paragraphs, ranker.frequency)
