"""Qdrant, at the edge of the house: its client is used here only, and whatever it raises becomes a ClusterError.

A point is a passage, with a vector of its own and, if it is the first of its paragraph, one of that. A collection holds
the points of many documents; an alias names the one that is asked, while another is filled beside it.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_OID, uuid5

from corpus.errors import ClusterError, SettingsError
from index.sparse import Sparse

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

ASKING, BUILDING = 2, 30  # seconds that a request may take
PAUSE = 30.0  # seconds that it is not asked after a failure: not every question shall wait for it
WAITS = (0.5, 1.0, 2.0)  # seconds between tries of a request while building
_BATCH = 256  # points, about 1 MB
_NAMED = 1000  # documents that one request names
_STAMP, _PLACE = "stamp", "place"

Item = TypeVar("Item")
Rest = ParamSpec("Rest")
Result = TypeVar("Result")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Point:
    """A passage by its document's stamp and its place there, the same on every machine, with its vectors by name."""

    stamp: str
    place: int
    document: str  # id, for those who look into Qdrant
    vectors: Mapping[str, Sparse]


@dataclass(frozen=True, slots=True)
class Scored:
    """What a search found: a point and its score."""

    stamp: str
    place: int
    score: float


class Cluster:
    """A Qdrant server, or several that act as one; safe to use from several threads. All raise ClusterError."""

    def __init__(self, connect: "Callable[[int], QdrantClient]") -> None:
        """`connect` makes a client whose requests take so many seconds at most."""
        self._client = cache(connect)
        self._silent_until = 0.0

    def check(self) -> None:
        """Whether it answers, and soon."""
        self._called(ASKING, _aliases)

    def search(
        self, collection: str, vector: str, query: Sparse, limit: int, stamps: Sequence[str] | None
    ) -> list[Scored]:
        """The best points by a vector's name, best first, of documents with these stamps (None: all)."""
        if time.monotonic() < self._silent_until:
            raise ClusterError("Qdrant vừa không trả lời; hãy đợi một lát.")
        try:
            return self._called(ASKING, _found, collection, vector, query, limit, stamps)
        except ClusterError as error:
            self._silent_until = time.monotonic() + PAUSE
            _log.warning("%s Tìm bằng chỉ mục tại chỗ trong %d giây tới.", error, PAUSE)
            raise

    def counts(self, collection: str, stamps: Iterable[str]) -> dict[str, int]:
        """How many points it holds of each of these documents that it has."""
        found: dict[str, int] = {}
        for some in _chunks(stamps, _NAMED):
            found |= self._built(_count, collection, some)
        return found

    def serving(self, alias: str) -> str | None:
        """The collection that an alias names."""
        return self._built(_aliases).get(alias)

    def create(self, collection: str, means: Mapping[str, float]) -> None:
        """A collection for vectors with these names and mean lengths, unless it is there."""
        self._built(_create, collection, means)

    def means(self, collection: str, vectors: Iterable[str]) -> dict[str, float]:
        """The mean lengths that the vectors of a collection are made with."""
        return self._built(_means, collection, vectors)

    def put(self, collection: str, points: Iterable[Point]) -> None:
        """Add points, in the place of those that are there already."""
        for some in _chunks(points, _BATCH):
            self._built(_upsert, collection, some)

    def serve(self, alias: str, collection: str) -> None:
        """From now on the alias names this collection."""
        self._built(_swap, alias, collection)

    def remove(self, collection: str, stamps: Iterable[str]) -> None:
        """Delete the points of documents."""
        for some in _chunks(stamps, _NAMED):
            self._built(_delete, collection, some)

    def discard(self, prefixes: tuple[str, ...], keep: str | None) -> None:
        """Delete the collections whose names begin so, but one."""
        self._built(_discard, prefixes, keep)

    def _built(
        self, call: "Callable[Concatenate[QdrantClient, Rest], Result]", *args: Rest.args, **named: Rest.kwargs
    ) -> Result:
        """A request while building: a passing failure is waited out."""
        for wait in WAITS:
            try:
                return self._called(BUILDING, call, *args, **named)
            except _PassingError:
                time.sleep(wait)
        return self._called(BUILDING, call, *args, **named)

    def _called(
        self,
        seconds: int,
        call: "Callable[Concatenate[QdrantClient, Rest], Result]",
        *args: Rest.args,
        **named: Rest.kwargs,
    ) -> Result:
        try:
            return call(self._client(seconds), *args, **named)
        except Exception as error:  # of the client, of what it is made of, of what a proxy sent in its place
            # Not chained: the answer of whatever stands there may repeat the request with its key.
            raise _translated(error) from None


class _PassingError(ClusterError):
    """Worth another try."""


def connect(url: str) -> Cluster:
    """The cluster at an address, whose user name or password is the API key. Raises SettingsError."""
    try:
        from qdrant_client import QdrantClient
    except ImportError as error:
        raise SettingsError(
            "HOIDAP_ENGINE=qdrant cần gói chưa cài; hãy chạy: pip install 'hoidap[cluster]'."
        ) from error

    def client(seconds: int) -> QdrantClient:
        parts = urlsplit(url)
        key = unquote(parts.password or parts.username or "")
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        headers = {"api-key": key} if key else {}
        return QdrantClient(url=address, timeout=seconds, headers=headers, check_compatibility=False)

    return Cluster(client)


def _translated(error: Exception) -> ClusterError:
    from httpx import TimeoutException, TransportError

    status, source = getattr(error, "status_code", None), getattr(error, "source", error)
    passing = status in (409, 429) or (status or 0) >= 500 or isinstance(source, TransportError)
    if status in (401, 403):
        reason = "từ chối khóa trong QDRANT_URL"
    elif status:
        reason = f"trả lời mã lỗi {status}"
    elif isinstance(source, TimeoutException):
        reason = "không trả lời kịp"
    else:
        reason = "không kết nối được" if isinstance(source, TransportError) else "trả lời khác thường"
    kind = _PassingError if passing else ClusterError
    return kind(f"Qdrant {reason}; hãy kiểm tra máy chủ ấy và QDRANT_URL.")


def _found(
    client: "QdrantClient", collection: str, vector: str, query: Sparse, limit: int, stamps: Sequence[str] | None
) -> list[Scored]:
    within = None if stamps is None else _of(stamps)
    points = client.query_points(
        collection, _sparse(query), using=vector, query_filter=within, limit=limit, with_payload=[_STAMP, _PLACE]
    ).points
    return [Scored(str(p.payload[_STAMP]), int(p.payload[_PLACE]), p.score) for p in points if p.payload]


def _aliases(client: "QdrantClient") -> dict[str, str]:
    return {one.alias_name: one.collection_name for one in client.get_aliases().aliases}


def _count(client: "QdrantClient", collection: str, stamps: list[str]) -> dict[str, int]:
    hits = client.facet(collection, _STAMP, _of(stamps), len(stamps), exact=True).hits
    return {str(hit.value): hit.count for hit in hits}


def _means(client: "QdrantClient", collection: str, vectors: Iterable[str]) -> dict[str, float]:
    known = client.get_collection(collection).config.metadata or {}
    return {name: float(known[name]) for name in vectors}


def _upsert(client: "QdrantClient", collection: str, points: list[Point]) -> None:
    client.upsert(collection, [_struct(point) for point in points])


def _delete(client: "QdrantClient", collection: str, stamps: list[str]) -> None:
    client.delete(collection, _of(stamps))


def _discard(client: "QdrantClient", prefixes: tuple[str, ...], keep: str | None) -> None:
    for known in client.get_collections().collections:
        if known.name.startswith(prefixes) and known.name != keep:
            client.delete_collection(known.name)


def _create(client: "QdrantClient", collection: str, means: Mapping[str, float]) -> None:
    from qdrant_client.models import PayloadSchemaType, SparseVectorParams

    if not client.collection_exists(collection):
        sparse = {name: SparseVectorParams() for name in means}
        client.create_collection(collection, {}, sparse, metadata=dict(means))
    client.create_payload_index(collection, _STAMP, PayloadSchemaType.KEYWORD)


def _swap(client: "QdrantClient", alias: str, collection: str) -> None:
    from qdrant_client.models import CreateAlias, CreateAliasOperation, DeleteAlias, DeleteAliasOperation

    delete = DeleteAliasOperation(delete_alias=DeleteAlias(alias_name=alias))
    create = CreateAliasOperation(create_alias=CreateAlias(collection_name=collection, alias_name=alias))
    client.update_collection_aliases([delete, create])


def _struct(point: Point) -> Any:
    from qdrant_client.models import PointStruct

    return PointStruct(
        id=str(uuid5(NAMESPACE_OID, f"{point.stamp}/{point.place}")),
        vector={name: _sparse(vector) for name, vector in point.vectors.items()},
        payload={_STAMP: point.stamp, _PLACE: point.place, "document": point.document},
    )


def _sparse(vector: Sparse) -> Any:
    from qdrant_client.models import SparseVector

    return SparseVector(indices=list(vector), values=list(vector.values()))


def _of(stamps: Collection[str]) -> Any:
    from qdrant_client.models import FieldCondition, Filter, MatchAny

    return Filter(must=[FieldCondition(key=_STAMP, match=MatchAny(any=list(stamps)))])


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
