"""Make a generation from the documents and passages of the store."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus.records import Document, Passage
from index.embedding import Encoder
from index.generation import Generation
from index.tokens import name, tokenize

_BATCH = 32  # texts embedded at a time, the shortest first


def index(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    fingerprint: str,
    step: Callable[[int, int], None] = lambda done, of: None,
    encoder: Encoder | None = None,
    before: Generation | None = None,
) -> Generation:
    """An unnumbered generation; `step(done, of)` is called as it grows.

    With an encoder it has vectors, those of passages that a generation `before` had are taken over.
    """
    tokens = tuple(tuple(tokenize(passage.text)) for passage in _counted(passages, step))
    without_text = tuple(replace(document, text="", origins=()) for document in documents)
    vectors = _vectors(passages, encoder, before, step) if encoder else b""
    called = encoder.name if encoder else ""
    return Generation(0, name(), fingerprint, without_text, tuple(passages), tokens, called, vectors)


def _counted(passages: Sequence[Passage], step: Callable[[int, int], None]) -> Iterator[Passage]:
    for number, passage in enumerate(passages, 1):
        yield passage
        step(number, len(passages))


def _vectors(
    passages: Sequence[Passage], encoder: Encoder, before: Generation | None, step: Callable[[int, int], None]
) -> bytes:
    """float16 rows in the order of the passages; only texts not yet embedded by this encoder cost time."""
    rows = _rows(before) if before and before.encoder == encoder.name else {}
    new = sorted({passage.text for passage in passages} - rows.keys(), key=len)
    for start in range(0, len(new), _BATCH):
        texts = new[start : start + _BATCH]
        rows.update(zip(texts, (row.tobytes() for row in encoder.passages(texts).astype("<f2")), strict=True))
        step(start + len(texts), len(new))
    return b"".join(rows[passage.text] for passage in passages)


def _rows(generation: Generation) -> dict[str, bytes]:
    size = len(generation.vectors) // max(1, len(generation.passages))
    parts = (generation.vectors[n * size : (n + 1) * size] for n in range(len(generation.passages)))
    return dict(zip((passage.text for passage in generation.passages), parts, strict=True))
