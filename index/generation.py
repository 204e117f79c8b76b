"""Generations: the index on disk, one numbered folder each, published whole or not at all.

`index/generations/7/` holds documents, passages and tokens as lines of text, and a manifest with the size and sha256
of each file. `index/CURRENT` names the generation in use; swapping it is the commit point. Anything here can be
rebuilt from the store.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import GenerationError
from corpus.records import Document, Facts, Passage, Place

FORMAT = 2
_FILES = ("documents.jsonl", "passages.jsonl", "tokens.txt")
_VECTORS = "vectors.f16"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Generation:
    """What search needs, in memory. `tokens[i]` are the terms of `passages[i]`; documents come without text."""

    number: int
    tokenizer: str  # name and version
    fingerprint: str  # of the store it was made from
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    tokens: tuple[tuple[str, ...], ...]
    encoder: str = ""  # the model that made the vectors; "" without any
    vectors: bytes = b""  # float16, little-endian, one row for each passage
    skipped: tuple[int, ...] = ()  # newer generations that were found damaged


def write(folder: Path, generation: Generation) -> int:
    """Publish under the next free number, which is returned; `generation.number` is not looked at.

    `folder` is `HOIDAP_HOME/index`. The generation before is kept. Raises GenerationError when another process is
    publishing, when the disk is full or when what was written does not read back.
    """
    try:
        with _locked(folder):
            return _publish(folder, generation)
    except OSError as error:
        raise GenerationError(
            f"Không ghi được chỉ mục vào {folder}: {error.strerror}. Chỉ mục cũ vẫn dùng được."
        ) from error


def read(folder: Path) -> Generation:
    """The generation that CURRENT names or, when that is damaged, the newest whole one. Raises GenerationError."""
    skipped: list[int] = []
    for number in _candidates(folder):
        try:
            return _load(folder / "generations" / str(number), number, tuple(skipped))
        except (OSError, ValueError, KeyError, TypeError, GenerationError):
            skipped.append(number)
    if skipped:
        raise GenerationError("Chỉ mục bị hỏng; hãy chạy “hoidap reindex --force” để lập lại từ cơ sở dữ liệu.")
    raise GenerationError("Chưa có chỉ mục; hãy chạy “hoidap reindex”.")


def current(folder: Path) -> int | None:
    """The number of the generation in use, None when there is none."""
    with suppress(OSError, ValueError):
        return int((folder / "CURRENT").read_text("ascii"))
    return None


def busy(folder: Path) -> bool:
    """Whether a process is publishing just now."""
    with suppress(GenerationError, OSError), _locked(folder):
        return False
    return True


def _publish(folder: Path, generation: Generation) -> int:
    home = folder / "generations"
    home.mkdir(mode=0o700, exist_ok=True)
    for litter in home.glob("*.tmp"):
        shutil.rmtree(litter)
    number = max([*_numbers(home), current(folder) or 0]) + 1
    making = home / f"{number}.tmp"
    making.mkdir(mode=0o700)
    try:
        _write_files(making, generation)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise
    _sync(making)
    making.rename(home / str(number))
    _sync(home)
    _load(home / str(number), number, ())
    _swap_current(folder, number)
    _prune(home, number)
    return number


def _write_files(making: Path, generation: Generation) -> None:
    contents = dict(zip(_FILES, _encode(generation), strict=True))
    if generation.encoder:
        contents[_VECTORS] = generation.vectors
    manifest = {
        "format": FORMAT,
        "tokenizer": generation.tokenizer,
        "fingerprint": generation.fingerprint,
        "encoder": generation.encoder,
        "files": {name: {"size": len(data), "sha256": _sha(data)} for name, data in contents.items()},
    }
    body = json.dumps(manifest, indent=1, sort_keys=True)
    contents[_MANIFEST] = json.dumps({"sha256": _sha(body.encode()), "manifest": body}).encode()
    for name, data in contents.items():
        _write_synced(making / name, data)


def _encode(generation: Generation) -> Iterator[bytes]:
    numbers = {document.id: number for number, document in enumerate(generation.documents)}
    documents = [{"id": d.id, "file": d.file, "sha256": d.sha256, **asdict(d.facts)} for d in generation.documents]
    passages = [
        [numbers[p.document_id], p.ordinal, p.start, p.end, p.paragraph, p.text, *astuple(p.place)]
        for p in generation.passages
    ]
    yield _lines(json.dumps(row, ensure_ascii=False) for row in documents)
    yield _lines(json.dumps(row, ensure_ascii=False) for row in passages)
    yield _lines(" ".join(terms) for terms in generation.tokens)


def _load(folder: Path, number: int, skipped: tuple[int, ...]) -> Generation:
    """Raises for anything that is not byte for byte what was published."""
    outer = json.loads((folder / _MANIFEST).read_bytes())
    if _sha(outer["manifest"].encode()) != outer["sha256"]:
        raise GenerationError("manifest")
    manifest = json.loads(outer["manifest"])
    if manifest["format"] != FORMAT:
        raise GenerationError("format")
    documents, passages, tokens = (_lines_of(_checked(folder / name, manifest["files"][name])) for name in _FILES)
    encoder = manifest.get("encoder", "")
    vectors = _checked(folder / _VECTORS, manifest["files"][_VECTORS]) if encoder else b""
    known = tuple(_document(json.loads(line)) for line in documents)
    return Generation(
        number,
        manifest["tokenizer"],
        manifest["fingerprint"],
        known,
        tuple(_passage(known, json.loads(line)) for line in passages),
        tuple(tuple(line.split(" ")) if line else () for line in tokens),
        encoder,
        vectors,
        skipped,
    )


def _checked(path: Path, expected: dict[str, Any]) -> bytes:
    data = path.read_bytes()
    if len(data) != expected["size"] or _sha(data) != expected["sha256"]:
        raise GenerationError(path.name)
    return data


def _lines_of(data: bytes) -> list[str]:
    return data.decode().split("\n")[:-1]


def _document(row: dict[str, Any]) -> Document:
    head = {key: row.pop(key) for key in ("id", "file", "sha256")}
    return Document(**head, text="", facts=Facts(**row))


def _passage(documents: Sequence[Document], row: list[Any]) -> Passage:
    document, ordinal, start, end, paragraph, text, *place = row
    return Passage(documents[document].id, ordinal, start, end, paragraph, text, Place(*place))


def _lines(rows: Iterator[str]) -> bytes:
    return "".join(f"{row}\n" for row in rows).encode()


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _numbers(home: Path) -> list[int]:
    return [int(path.name) for path in home.glob("*") if path.name.isdigit()]


def _candidates(folder: Path) -> list[int]:
    """The current one, then older ones: a newer folder than CURRENT was never committed."""
    named = current(folder)
    numbers = sorted(_numbers(folder / "generations"), reverse=True)
    return numbers if named is None else [named, *(number for number in numbers if number < named)]


def _prune(home: Path, number: int) -> None:
    """Keep this generation and the one before it."""
    for old in sorted(_numbers(home))[:-2]:
        if old < number:
            shutil.rmtree(home / str(old), ignore_errors=True)


def _swap_current(folder: Path, number: int) -> None:
    temporary = folder / "CURRENT.tmp"
    _write_synced(temporary, str(number).encode())
    temporary.replace(folder / "CURRENT")
    _sync(folder)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make renames inside a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One publisher at a time; the kernel frees the lock when its process dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise GenerationError(
                f"Đang có tiến trình khác lập chỉ mục ({file.read() or 'không rõ'}); hãy đợi."
            ) from None
        file.truncate(0)
        file.write(f"số {os.getpid()}")
        file.flush()
        yield
