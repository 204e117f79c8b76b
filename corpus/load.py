"""From report files to Report records: read, clean, find the facts, cut passages."""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from corpus.children import CHILDREN, children
from corpus.errors import ReportError
from corpus.extract import ASIDE, spans
from corpus.facts import find_facts, overlay
from corpus.formats import extract
from corpus.passages import cut, without
from corpus.places import places
from corpus.reader import read_bytes
from corpus.records import Document, Report
from corpus.sidecar import read_sidecar

if TYPE_CHECKING:  # a child process that reads files needs no database
    from corpus.store import Store

VERSION = 3  # of how text, facts and passages are made of bytes; another one has every file read again
_AHEAD = 8  # files that wait to be stored
_LITTLE = 2**20  # bytes
_BESIDE, _GIVEN = "tệp kèm", "người nạp"  # who gave a fact that was not found: a file beside, whoever added it


Taken = tuple[str, Document]
T = TypeVar("T")


def load(path: Path, given: Mapping[str, str] | None = None) -> Report:
    """The report in a file; `given` facts go before its sidecar's, those before found ones. Raises ReportError."""
    data = read_bytes(path)
    return make(path.name, data, read_sidecar(path), given or {})


def take_all(
    store: "Store", paths: Sequence[Path], given: Mapping[str, str]
) -> Iterator[tuple[Path, Taken | ReportError]]:
    """Files into the store, in order, some read ahead; for each what became of it. One that is refused stops none.

    What is stored stays when this is broken off; files known already are not read again. Raises ReportError when a
    process that reads is killed.
    """
    try:
        with _readers(paths) as readers:
            waiting: deque[tuple[Path, Callable[[], Taken] | ReportError]] = deque()
            for path in paths:
                waiting.append((path, _tried(partial(_begun, readers, store, path, given))))
                if len(waiting) > _AHEAD:
                    yield _ended(*waiting.popleft())
            while waiting:
                yield _ended(*waiting.popleft())
    except BrokenProcessPool as error:
        raise ReportError(
            "Tiến trình đọc tệp bị dừng (có thể do thiếu bộ nhớ); các tệp đã nạp vẫn còn, hãy chạy lại lệnh."
        ) from error


def _readers(paths: Sequence[Path]) -> Executor:
    """Child processes for much to read; to start them takes longer than to read a little."""
    return children() if sum(map(_size, paths)) > _LITTLE else ThreadPoolExecutor(CHILDREN)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _begun(readers: Executor, store: "Store", path: Path, given: Mapping[str, str]) -> Callable[[], Taken]:
    """A file that is being read, or is known; called it waits for that and stores it."""
    data, beside = read_bytes(path), read_sidecar(path)
    recipe = _recipe(beside, given)
    known = store.made(_sha(data), recipe)
    if known:
        return lambda: ("same", known)
    report = readers.submit(make, path.name, data, beside, given)
    return lambda: store.put(report.result(), recipe)


def _ended(path: Path, begun: Callable[[], Taken] | ReportError) -> tuple[Path, Taken | ReportError]:
    return path, begun if isinstance(begun, ReportError) else _tried(begun)


def _tried(call: Callable[[], T]) -> T | ReportError:
    try:
        return call()
    except ReportError as error:
        return error


def take(
    store: "Store", name: str, data: bytes, beside: Mapping[str, str], given: Mapping[str, str] | None = None
) -> Taken:
    """A file's bytes into the store: ("added" | "replaced" | "same", the document). Raises ReportError, StoreError."""
    recipe = _recipe(beside, given or {})
    known = store.made(_sha(data), recipe)
    return ("same", known) if known else store.put(make(name, data, beside, given), recipe)


def reread(store: "Store") -> Iterator[tuple[str, Taken | ReportError]]:
    """Every document made again from its original bytes and the facts that were given; by id, what became of it."""
    for document in store.documents():
        beside, given = (
            {one.fact: getattr(document.facts, one.fact) for one in document.origins if one.words == giver}
            for giver in (_BESIDE, _GIVEN)
        )
        try:
            made = make(document.file, store.original(document.sha256), beside, given)
            yield document.id, store.put(made, _recipe(beside, given))
        except ReportError as error:
            yield document.id, error


def _recipe(beside: Mapping[str, str], given: Mapping[str, str]) -> str:
    return _sha(json.dumps([VERSION, sorted(beside.items()), sorted(given.items())]).encode())


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make(name: str, data: bytes, beside: Mapping[str, str], given: Mapping[str, str] | None = None) -> Report:
    """The report in a file's bytes. Raises ReportError, also when no passage is left."""
    made = extract(name, data)
    asides = list(spans(made.marks, ASIDE))
    passages = cut(made.text, asides)
    if not passages:
        raise ReportError(f"{name} không có câu nào dùng được; hãy kiểm tra lại nội dung.")
    found = find_facts(Path(name).stem, without(made.text, asides), made.stated)
    known = overlay(overlay(found, beside, _BESIDE), given or {}, _GIVEN)
    return Report(name, data, made.text, known[0], passages, known[1], places(made.text, made.marks, passages))


def bundled() -> Iterator[Report]:
    """The five reports that come with the program, with what is known of each."""
    folder = files("corpus").joinpath("reports")
    known = json.loads(folder.joinpath("manifest.json").read_text("utf-8"))
    for name, beside in known.items():
        yield make(name, folder.joinpath(name).read_bytes(), beside)
