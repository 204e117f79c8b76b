"""Generations: the index on disk, one numbered folder each; anything here can be rebuilt from the store.

A generation holds all that asking needs: documents with their facts, passages in parts, and what its engine searches.
One that follows another links the files that did not change.
"""

import json
import os
import sys
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any
from weakref import finalize

from corpus.errors import GenerationError
from corpus.records import Document, Facts
from index import publishing
from index.passages import DAMAGED, Bytes, Lines, Part, Passages

FORMAT = 8  # also raised when index.words or index.recorded reads anything else off a passage
OLD = "Chỉ mục do phiên bản khác của hoidap lập; hãy chạy “hoidap reindex --force” để lập lại từ cơ sở dữ liệu."
REFERENCE, FAST, DISTRIBUTED = "rank-bm25", "tantivy", "qdrant"
_DOCUMENTS = "documents.jsonl"


@dataclass(frozen=True, slots=True)
class Generation:
    """What asking needs. Documents come by id, without text."""

    number: int
    tokenizer: str  # name and version
    fingerprint: str  # of the store it was made from
    documents: tuple[Document, ...]
    stamps: tuple[str, ...]  # of each document in the store: what its passages were made from
    named: tuple[frozenset[int], ...]  # for each document the years that its passages name
    passages: Passages
    engine: str = REFERENCE
    encoder: str = ""  # the model that made the vectors; "" without any
    folder: Path | None = None  # where it was read from
    skipped: tuple[int, ...] = ()  # newer generations that were found damaged


class _OtherFormatError(GenerationError):
    """It is whole, but of another version."""


def write(folder: Path, generation: Generation, base: Generation | None = None) -> int:
    """Publish under the next free number, which is returned. Raises GenerationError.

    `folder` is `HOIDAP_HOME/index`. Parts that a generation `base` has are linked, not written again.
    """
    return publishing.publish(folder, lambda making: _fill(making, generation, base), base.folder if base else None)


def read(folder: Path, avoid: Collection[int] = ()) -> Generation:
    """The generation that CURRENT names or, when that is damaged, the newest whole one. Raises GenerationError.

    Passages of a large one are checked when they are read; `damaged` reads all. Numbers in `avoid` count as damaged.
    """
    skipped: list[int] = []
    why = OLD
    for number in publishing.candidates(folder):
        try:
            if number not in avoid:
                return _load(publishing.place(folder, number), number, tuple(skipped))
            why = DAMAGED
        except _OtherFormatError:
            pass
        except (OSError, ValueError, KeyError, TypeError, GenerationError):
            why = DAMAGED
        skipped.append(number)
    if skipped:
        raise GenerationError(why)
    raise GenerationError("Chưa có chỉ mục; hãy chạy “hoidap reindex”.")


def damaged(generation: Generation) -> bool:
    """Whether any byte of it is not as published."""
    if generation.folder is None:
        return False
    try:
        publishing.check(generation.folder, publishing.manifest(generation.folder)["files"], thorough=True)
    except (OSError, ValueError, KeyError, TypeError, GenerationError):
        return True
    return False


def _fill(making: Path, generation: Generation, base: Generation | None) -> dict[str, Any]:
    shared = len(base.passages.parts) if base else 0
    for number, part in enumerate(generation.passages.parts):
        for name, data in _part_files(number, part, generation.engine):
            if base and base.folder and number < shared:
                os.link(base.folder / name, making / name)
            else:
                (making / name).write_bytes(data())
    if generation.engine != REFERENCE:
        from index.fast import save

        save(making, generation, base)
    known = zip(generation.documents, generation.stamps, generation.named, strict=True)
    rows = (_document_row(*row) for row in known)
    spans = generation.passages.spans
    lines = (json.dumps({**row, "first": spans[row["id"]].start, "count": len(spans[row["id"]])}) for row in rows)
    (making / _DOCUMENTS).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return {
        "format": FORMAT,
        "tokenizer": generation.tokenizer,
        "fingerprint": generation.fingerprint,
        "encoder": generation.encoder,
        "engine": generation.engine,
        "parts": [part.first for part in generation.passages.parts],
    }


def _part_files(number: int, part: Part, engine: str) -> Iterator[tuple[str, Callable[[], Bytes]]]:
    """The files of a part, by name; one that is only linked need not be read."""
    for name, lines in (("passages", part.rows), ("words", part.words), ("figures", part.figures)):
        yield f"{name}-{number}.jsonl", partial(lines.rows.__getitem__, slice(None))
        yield f"{name}-{number}.ends", partial(_numbers, lines.ends)
    yield f"passages-{number}.leads", partial(_numbers, part.leads)
    if engine == REFERENCE:
        yield f"tokens-{number}.txt", lambda: "".join(f"{line}\n" for line in part.terms).encode()
    if part.vectors:
        yield f"vectors-{number}.f16", lambda: part.vectors


def _numbers(ends: Sequence[int]) -> bytes:
    return _little(ends if isinstance(ends, array) else array("Q", ends)).tobytes()


def _little(ends: "array[int]") -> "array[int]":
    """Numbers are written little-endian, whatever the machine's order is."""
    if sys.byteorder == "big":
        ends = ends[:]
        ends.byteswap()
    return ends


def _load(folder: Path, number: int, skipped: tuple[int, ...]) -> Generation:
    """Raises for anything that is not byte for byte what was published."""
    said = publishing.manifest(folder)
    if said["format"] != FORMAT:
        raise _OtherFormatError(OLD)
    publishing.check(folder, said["files"], thorough=False)
    # What is read whole is checked whole; rows have checksums of their own.
    whole = {name: known for name, known in said["files"].items() if name == _DOCUMENTS or name.startswith("tokens-")}
    publishing.check(folder, whole, thorough=True)
    parts = [_part(folder, n, first, said["files"]) for n, first in enumerate(said["parts"])]
    rows = [json.loads(line) for line in (folder / _DOCUMENTS).read_text("utf-8").splitlines()]
    spans = {row["id"]: range(row["first"], row["first"] + row["count"]) for row in rows}
    return Generation(
        number,
        said["tokenizer"],
        said["fingerprint"],
        tuple(map(_document, rows)),
        tuple(row["stamp"] for row in rows),
        tuple(frozenset(row["named"]) for row in rows),
        Passages(parts, spans),
        said["engine"],
        said["encoder"],
        folder,
        skipped,
    )


def _part(folder: Path, number: int, first: int, files: Collection[str]) -> Part:
    def mapped(name: str) -> Bytes:
        return _mapped(folder / name) if name in files else b""

    def numbers(name: str) -> Sequence[int]:
        found: Any = memoryview(mapped(name)).cast("Q")
        return _little(array("Q", found)) if sys.byteorder == "big" else found

    def lines(name: str) -> Lines:
        return Lines(_File(folder / f"{name}-{number}.jsonl"), numbers(f"{name}-{number}.ends"))

    return Part(
        first,
        lines("passages"),
        numbers(f"passages-{number}.leads"),
        lines("words"),
        lines("figures"),
        bytes(mapped(f"tokens-{number}.txt")).decode().split("\n")[:-1],
        mapped(f"vectors-{number}.f16"),
    )


class _File:
    """A file's bytes, read when they are asked for; they stay readable when the file is deleted.

    Were it mapped, the pages around each row would count as this process's memory, and a file cut short would end it.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        finalize(self, os.close, self._descriptor)
        self._size = os.fstat(self._descriptor).st_size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        return os.pread(self._descriptor, max(0, stop - start), start)


def _mapped(path: Path) -> Bytes:
    """A file's bytes, read when they are touched; they stay readable when the file is deleted."""
    with path.open("rb") as file:
        return memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)) if path.stat().st_size else b""


def _document_row(document: Document, stamp: str, named: Collection[int]) -> dict[str, Any]:
    return {
        "id": document.id,
        "file": document.file,
        "sha256": document.sha256,
        "stamp": stamp,
        "named": sorted(named),
        "facts": {field.name: getattr(document.facts, field.name) for field in fields(Facts)},
    }


def _document(row: dict[str, Any]) -> Document:
    return Document(row["id"], row["file"], row["sha256"], text="", facts=Facts(**row["facts"]))
