"""A Qdrant server of the tests: the requests that the program makes, answered by Qdrant's own engine in process."""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from corpus.records import Document, Facts, Passage
from index.distributed import Distributed, leave, take
from index.fast import Fast, build
from index.generation import DISTRIBUTED, Generation
from index.passages import Passages, part
from index.qdrant import Cluster

KEY = "bi-mat-cua-kho"
Fault = Callable[[str, str], str | None]  # from method and path to what goes wrong


class Qdrant(ThreadingHTTPServer):
    """`fault` says what goes wrong: "500", "401", "slow", "cut", "html" or "json"; `seen` are methods and paths."""

    daemon_threads = True

    def __init__(self, folder: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.shards: dict[str, edge.EdgeShard] = {}
        self.known: dict[str, dict[str, Any]] = {}
        self.aliases: dict[str, str] = {}
        self.seen: list[tuple[str, str]] = []
        self.keys: set[str | None] = set()
        self.fault: Fault = lambda method, path: None
        self.lock = threading.RLock()
        self.broken: list[BaseException | None] = []

    @property
    def url(self) -> str:
        return f"http://{KEY}@127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):  # a client that waits no longer
            self.broken.append(error)

    def points(self) -> dict[str, int]:
        """The number of points of each collection."""
        return {name: shard.count(edge.CountRequest(exact=True)) for name, shard in self.shards.items()}

    def aliased(self, body: Any) -> bool:
        for action in body["actions"]:
            if "delete_alias" in action:
                self.aliases.pop(action["delete_alias"]["alias_name"], None)
            else:
                self.aliases[action["create_alias"]["alias_name"]] = action["create_alias"]["collection_name"]
        return True

    def created(self, name: str, body: Any) -> bool:
        vectors = {vector: edge.EdgeSparseVectorParams() for vector in body["sparse_vectors"]}
        self.shards[name] = edge.EdgeShard.create(
            tempfile.mkdtemp(dir=self.folder), edge.EdgeConfig(sparse_vectors=vectors, wal_enabled=False)
        )
        self.known[name] = body
        return True

    def deleted(self, name: str) -> bool:
        self.shards.pop(name).close()
        self.aliases = {alias: held for alias, held in self.aliases.items() if held != name}
        return True


class _Handler(BaseHTTPRequestHandler):
    server: Qdrant
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"null")
        self.server.seen.append((self.command, path))
        self.server.keys.add(self.headers["api-key"])
        fault = self.server.fault(self.command, path)
        if fault == "slow":
            time.sleep(1.5)
        if fault in ("500", "401"):
            self._send(int(fault), json.dumps({"status": {"error": f"api-key: {self.headers['api-key']}"}}))
        elif fault == "html":
            self._send(200, "<html>Đăng nhập mạng</html>")
        elif fault == "json":
            self._send(200, "{}")
        elif fault == "cut":
            self._send(200, "{", length=100)
            self.close_connection = True
        else:
            with self.server.lock:
                result = _RESULTS[self.command, _shape(path)](self.server, path.split("/"), body)
            status = 404 if result is None else 200
            self._send(status, json.dumps({"time": 0.0, "status": "ok", "result": result}))

    def _send(self, status: int, text: str, length: int | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length or len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


def _shape(path: str) -> str:
    parts = path.strip("/").split("/")
    return "/".join(["*" if n == 1 and parts[0] == "collections" and part != "aliases" else part
                     for n, part in enumerate(parts)])  # fmt: skip


def _info(server: Qdrant, path: list[str], body: Any) -> Any:
    if path[2] not in server.shards:
        return None
    known = server.known[path[2]]
    return {
        "status": "green",
        "optimizer_status": "ok",
        "segments_count": 1,
        "payload_schema": {},
        "config": {
            "params": {"sparse_vectors": known["sparse_vectors"]},
            "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000},
            "optimizer_config": {
                "deleted_threshold": 0.2,
                "vacuum_min_vector_number": 1000,
                "default_segment_number": 0,
                "flush_interval_sec": 5,
            },
            "metadata": known["metadata"],
        },
    }


def _shard(server: Qdrant, path: list[str]) -> edge.EdgeShard | None:
    return server.shards.get(server.aliases.get(path[2], path[2]))


def _filter(body: Any) -> edge.Filter | None:
    if not body:
        return None
    (one,) = body["must"]
    return edge.Filter(must=[edge.FieldCondition(one["key"], match=edge.MatchAny(one["match"]["any"]))])


def _index(server: Qdrant, path: list[str], body: Any) -> Any:
    schema = {"keyword": edge.PayloadSchemaType.Keyword}[body["field_schema"]]
    return _update(server, path, edge.UpdateOperation.create_field_index(body["field_name"], schema))


def _upsert(server: Qdrant, path: list[str], body: Any) -> Any:
    points = [
        edge.Point(
            point["id"],
            {name: edge.SparseVector(v["indices"], v["values"]) for name, v in point["vector"].items()},
            point["payload"],
        )
        for point in body["points"]
    ]
    return _update(server, path, edge.UpdateOperation.upsert_points(points))


def _delete(server: Qdrant, path: list[str], body: Any) -> Any:
    return _update(server, path, edge.UpdateOperation.delete_points_by_filter(_filter(body["filter"])))


def _update(server: Qdrant, path: list[str], operation: edge.UpdateOperation) -> Any:
    shard = _shard(server, path)
    if shard is None:
        return None
    shard.update(operation)
    return {"operation_id": 1, "status": "completed"}


def _query(server: Qdrant, path: list[str], body: Any) -> Any:
    shard = _shard(server, path)
    if shard is None:
        return None
    vector = edge.SparseVector(body["query"]["nearest"]["indices"], body["query"]["nearest"]["values"])
    nearest = edge.Query.Nearest(vector, using=body["using"])
    request = edge.QueryRequest(body["limit"], query=nearest, with_payload=True, filter=_filter(body.get("filter")))
    return {"points": [{"id": str(p.id), "version": p.version, "score": p.score, "payload": p.payload}
                       for p in shard.query(request)]}  # fmt: skip


def _facet(server: Qdrant, path: list[str], body: Any) -> Any:
    shard = _shard(server, path)
    if shard is None:
        return None
    request = edge.FacetRequest(body["key"], body["limit"], body["exact"], _filter(body["filter"]))
    return {"hits": [{"value": hit.value, "count": hit.count} for hit in shard.facet(request).hits]}


_RESULTS: dict[tuple[str, str], Callable[[Qdrant, list[str], Any], Any]] = {
    ("GET", "aliases"): lambda server, path, body: {
        "aliases": [{"alias_name": a, "collection_name": c} for a, c in server.aliases.items()]
    },
    ("POST", "collections/aliases"): lambda server, path, body: server.aliased(body),
    ("GET", "collections"): lambda server, path, body: {"collections": [{"name": name} for name in server.shards]},
    ("GET", "collections/*"): _info,
    ("GET", "collections/*/exists"): lambda server, path, body: {"exists": path[2] in server.shards},
    ("PUT", "collections/*"): lambda server, path, body: server.created(path[2], body),
    ("DELETE", "collections/*"): lambda server, path, body: server.deleted(path[2]),
    ("PUT", "collections/*/index"): _index,
    ("PUT", "collections/*/points"): _upsert,
    ("POST", "collections/*/points/delete"): _delete,
    ("POST", "collections/*/points/query"): _query,
    ("POST", "collections/*/facet"): _facet,
}

_numbers = count()


class Mute(Fast):
    """Knows in how many items a term stands, but finds nothing: what is found was found by Qdrant."""

    def top(self, *_: object) -> list[Any]:
        return []


def brought(corpus: Sequence[Sequence[str]], cluster: Cluster, vector: str) -> Distributed:
    """A ranker over items, each a document with one passage, that were brought to a cluster."""
    mark = next(_numbers)  # other documents than the last time
    documents = tuple(Document(f"{n:03}", f"{n}.txt", "", "", Facts("")) for n in range(len(corpus)))
    rows = part(0, [[Passage(document.id, 0, 0, 1, 0, ".")] for document in documents])
    parts = [replace(rows, terms=[" ".join(tokens) for tokens in corpus])] if corpus else []
    passages = Passages(parts, {document.id: range(n, n + 1) for n, document in enumerate(documents)})
    stamps = tuple(f"{mark}-{document.id}" for document in documents)
    named = (frozenset[int](),) * len(documents)
    generation = Generation(0, "tokens", str(mark), documents, stamps, named, passages, DISTRIBUTED)
    take(cluster, generation, True, lambda done, of: None)
    leave(cluster, generation, None, True)
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), ((n, n, " ".join(tokens)) for n, tokens in enumerate(corpus)))
        return Distributed(cluster, generation, vector, Mute(Path(folder)))


@contextmanager
def serving() -> Iterator[Qdrant]:
    """A server on a free port, until the end of the block."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no need to outlive the test
    with tempfile.TemporaryDirectory(dir=memory) as folder, Qdrant(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
        assert server.broken == []
