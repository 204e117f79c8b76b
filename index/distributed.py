"""The distributed engine: Qdrant ranks, for several machines at once, what each of them holds as a generation.

A generation keeps the fast engine's files, too, 250 bytes a passage: they know in how many passages a term stands, and
they answer, from the same documents, while Qdrant is away. Qdrant knows documents by their stamp, for each machine
numbers passages by its own history; points of documents that a generation has not, older or newer, are left out.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from corpus.errors import ClusterError
from index.fast import Fast
from index.passages import Passages
from index.qdrant import Cluster, Point, Scored
from index.ranker import K1, B
from index.records import Hit
from index.sparse import passage_vector, question_vector

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.generation import Generation

PASSAGES, PARAGRAPHS = "passages", "paragraphs"
_MORE = 20  # asked beyond the limit, for those left out and to settle ties by id
_MOST = 64  # times the limit: no more than this is asked for that


class Distributed:
    """A Ranker: Qdrant's scores or, while it is away, those of the fast engine."""

    def __init__(self, cluster: Cluster, generation: "Generation", vector: str, local: Fast) -> None:
        self._cluster, self._alias, self._vector, self._local = cluster, alias(generation), vector, local
        spans = _spans(generation)
        self._spans = {stamp: span for stamp, span in spans.items() if span}
        self._stamps = {span.start: stamp for stamp, span in self._spans.items()}

    def top(self, query: Mapping[str, float], limit: int, within: Collection[int] | None = None) -> list[Hit]:
        known = {term: weight for term, weight in query.items() if self._local.frequency(term)}
        if not known or limit <= 0 or (within is not None and not within):
            return []
        try:
            found = self._remote(known, limit, within)
        except ClusterError:
            found = []
        # Some passage has a term that is known: when nothing is found, Qdrant lacks it, not the documents.
        return found or self._local.top(known, limit, within)

    def _remote(self, query: Mapping[str, float], limit: int, within: Collection[int] | None) -> list[Hit]:
        vector = question_vector(query, self._local.size, self._local.frequency)
        stamps = None if within is None else [self._stamps[group] for group in sorted(set(within) & set(self._stamps))]
        asked = limit + _MORE
        while True:
            found = self._cluster.search(self._alias, self._vector, vector, asked, stamps)
            hits = sorted(self._ours(found), key=lambda hit: (-hit.score, hit.id))
            settled = len(hits) >= limit and hits[limit - 1].score > found[-1].score
            if settled or len(found) < asked or asked > _MOST * limit:
                return hits[:limit]
            asked *= 4

    def _ours(self, found: list[Scored]) -> Iterator[Hit]:
        for one in found:
            span = self._spans.get(one.stamp, range(0))
            if one.place < len(span) and one.score > 0:
                yield Hit(span.start + one.place, one.score)


def take(cluster: Cluster, generation: "Generation", anew: bool, step: "Callable[[int, int], None]") -> None:
    """Bring to Qdrant what it lacks of a generation that is about to be published. Raises ClusterError.

    It goes into the collection that is asked, unless it is made anew: then into another, which takes that one's place
    when it is complete. So what is served stays as it was until all is there, and what another machine brought is not
    brought again.
    """
    named, sizes = alias(generation), {stamp: len(span) for stamp, span in _spans(generation).items()}
    serving = cluster.serving(named)
    target = serving if serving and not (anew and lacking(cluster, serving, sizes)) else None
    if target is None:
        target = f"{named}-{_digest(generation.fingerprint)}"
        cluster.create(target, _means(generation.passages))
    missing, means = lacking(cluster, target, sizes), cluster.means(target, (PASSAGES, PARAGRAPHS))
    rows = sum(sizes[stamp] for stamp in missing)
    cluster.put(target, _told(_points(generation, missing, means), rows, step))
    if lacking(cluster, target, missing):
        raise ClusterError("Qdrant không giữ đủ các điểm vừa gửi; hãy kiểm tra máy chủ ấy rồi chạy “hoidap reindex”.")
    if target != serving:
        cluster.serve(named, target)


def leave(cluster: Cluster, generation: "Generation", before: "Generation | None", anew: bool) -> None:
    """Delete from Qdrant what only the generation before had; made anew, also the collections not asked any more.

    What cannot be deleted now does no harm. One that follows deletes no collection: another machine may be filling it.
    """
    named = alias(generation)
    with suppress(ClusterError):
        cluster.remove(named, sorted(set(before.stamps) - set(generation.stamps)) if before else ())
        if anew:
            names = {named, alias(before) if before else named}
            cluster.discard(tuple(f"{name}-" for name in names), cluster.serving(named))


def lacking(cluster: Cluster, collection: str, sizes: Mapping[str, int]) -> dict[str, int]:
    """Those documents, by stamp and number of passages, of which a collection has not every point."""
    held = cluster.counts(collection, sizes)
    return {stamp: size for stamp, size in sizes.items() if held.get(stamp, 0) != size}


def complaints(cluster: Cluster, generation: "Generation") -> list[str]:
    """In Vietnamese, that Qdrant is away or lacks something of a published generation; [] when all is well."""
    try:
        missing = lost(cluster, generation)
    except ClusterError as error:
        return [f"{error} Đang tìm bằng chỉ mục tại chỗ."]
    return [f"Qdrant thiếu {missing} tài liệu; hãy chạy “hoidap reindex --force”."] if missing else []


def lost(cluster: Cluster, generation: "Generation") -> int:
    """How many documents of a published generation Qdrant has not, or not wholly. Raises ClusterError."""
    cluster.check()
    sizes = {stamp: len(span) for stamp, span in _spans(generation).items()}
    serving = cluster.serving(alias(generation))
    return len(lacking(cluster, serving, sizes) if serving else sizes)


def alias(generation: "Generation") -> str:
    """The name under which vectors made as this generation's are asked; a program with other terms asks another."""
    return f"hoidap-{_digest(f'{generation.tokenizer} {K1} {B}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _spans(generation: "Generation") -> dict[str, range]:
    documents = zip(generation.documents, generation.stamps, strict=True)
    return {stamp: generation.passages.spans[document.id] for document, stamp in documents}


def _means(passages: Passages) -> dict[str, float]:
    """Mean numbers of terms in a passage and in a paragraph."""
    numbers = [number for span in passages.spans.values() for number in span]
    terms = sum(len(passages.terms(number)) for number in numbers)
    first = sum(passages.paragraph(number).start == number for number in numbers)
    return {PASSAGES: terms / len(numbers) if terms else 1.0, PARAGRAPHS: terms / first if terms else 1.0}


def _points(generation: "Generation", stamps: Collection[str], means: Mapping[str, float]) -> Iterator[Point]:
    passages, ids = generation.passages, dict(zip(generation.stamps, generation.documents, strict=True))
    for stamp in stamps:
        span = passages.spans[ids[stamp].id]
        for place, number in enumerate(span):
            vectors = {PASSAGES: passage_vector(passages.terms(number), means[PASSAGES])}
            around = passages.paragraph(number)
            if around.start == number:
                whole = [term for each in around for term in passages.terms(each)]
                vectors[PARAGRAPHS] = passage_vector(whole, means[PARAGRAPHS])
            yield Point(stamp, place, ids[stamp].id, vectors)


def _told(points: Iterator[Point], of: int, step: "Callable[[int, int], None]") -> Iterator[Point]:
    for done, point in enumerate(points, 1):
        yield point
        step(done, of)
