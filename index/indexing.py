"""Make a generation from the documents and passages of the store: a new one, or one that follows another."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from corpus.children import children
from corpus.errors import GenerationError
from corpus.period import years_named
from corpus.records import Document, Passage
from index import recorded, words
from index.embedding import Encoder
from index.generation import REFERENCE, Generation
from index.passages import Part, Passages, lines, part
from index.tokens import name, own_synonyms, terms, use_synonyms

MOST_PARTS = 16  # a generation of more is made anew
MOST_GONE = 0.1  # part of the rows that may be of documents that are gone: the engine still counts them in its scores
_BATCH = 32  # texts embedded at a time, the shortest first
_SLICE = 2000  # texts that a child process reads at a time
_ALONE = 10 * _SLICE  # texts up to which starting children takes longer than they save

Step = Callable[[int, int], None]


class _Read(NamedTuple):
    """What is read off a passage: terms with spaces between; words and figures as JSON."""

    terms: str
    words: bytes
    figures: bytes


def _silent(done: int, of: int) -> None:
    pass


def index(
    documents: Sequence[Document],
    passages: Iterable[Passage],
    fingerprint: str,
    step: Step = _silent,
    encoder: Encoder | None = None,
    before: Generation | None = None,
    engine: str = REFERENCE,
    stamps: Mapping[str, str] | None = None,
    base: Generation | None = None,
) -> Generation:
    """An unnumbered generation of documents, by id; `step(done, of)` is called as it grows.

    `passages` are those of the documents whose stamp is not in `base`, a generation that this one follows; by
    document and place. With an encoder it has vectors, those of texts that `before` had are taken over.
    """
    stamps = stamps or {}
    kept = unchanged(base, stamps) if base else {}
    new = [document.id for document in documents if document.id not in kept]
    groups: dict[str, list[Passage]] = {id: [] for id in new}
    for id, group in groupby(passages, lambda passage: passage.document_id):
        groups[id] += group
    first = sum(map(len, base.passages.parts)) if base else 0
    made = _part(first, groups, step, encoder, before)
    at, spans = first, dict(kept)
    for id in new:
        spans[id] = range(at, at + len(groups[id]))
        at += len(groups[id])
    parts = [*(base.passages.parts if base else ()), *([made] if len(made) else [])]
    without_text = tuple(replace(document, text="", origins=()) for document in documents)
    named = {id: years_named(passage.text for passage in group) for id, group in groups.items()}
    named |= {d.id: years for d, years in zip(base.documents, base.named, strict=True) if d.id in kept} if base else {}
    return Generation(
        0,
        name(),
        fingerprint,
        without_text,
        tuple(stamps.get(document.id, "") for document in documents),
        tuple(named[document.id] for document in documents),
        Passages(parts, spans),
        engine,
        encoder.name if encoder else "",
    )


def unchanged(base: Generation, stamps: Mapping[str, str]) -> dict[str, range]:
    """The numbers of the passages of each document that is as it was."""
    kept = zip(base.documents, base.stamps, strict=True)
    return {d.id: base.passages.spans[d.id] for d, stamp in kept if stamp and stamps.get(d.id) == stamp}


def can_follow(base: Generation, stamps: Mapping[str, str]) -> bool:
    """Whether a generation of these stamps is worth making from `base`, not anew."""
    rows = sum(map(len, base.passages.parts))
    live = sum(map(len, unchanged(base, stamps).values()))
    return len(base.passages.parts) < MOST_PARTS and live >= (1 - MOST_GONE) * rows


def _part(
    first: int,
    groups: Mapping[str, Sequence[Passage]],
    step: Step,
    encoder: Encoder | None,
    before: Generation | None,
) -> Part:
    texts = [passage.text for group in groups.values() for passage in group]
    found: list[_Read] = []
    for made in _all_read(texts):
        found += made
        step(len(found), len(texts))
    return replace(
        part(first, groups.values()),
        words=lines(one.words for one in found),
        figures=lines(one.figures for one in found),
        terms=[one.terms for one in found],
        vectors=_vectors(texts, encoder, before, step) if encoder else b"",
    )


def as_read(passages: Passages) -> bool:
    """Whether what is kept of every passage's words and figures is what its text says, no more and no less."""
    numbers = (number for span in passages.spans.values() for number in span)
    return all(
        [passages.words(number), passages.figures(number)] == [json.loads(row) for row in _read_one(text)[1:]]
        for number in numbers
        if (text := passages.text(number))
    )


def _all_read(texts: Sequence[str]) -> Iterator[list[_Read]]:
    """What is read off each text, some texts at a time; many texts are read in child processes."""
    if len(texts) <= _ALONE:
        yield from (_read([text]) for text in texts)
        return
    slices = (texts[start : start + _SLICE] for start in range(0, len(texts), _SLICE))
    try:
        with children(use_synonyms, own_synonyms()) as pool:
            yield from pool.map(_read, slices)
    except BrokenProcessPool as error:
        raise GenerationError("Tiến trình lập chỉ mục bị dừng (có thể do thiếu bộ nhớ); hãy thử lại.") from error


def _read(texts: Sequence[str]) -> list[_Read]:
    return list(map(_read_one, texts))


def _read_one(text: str) -> _Read:
    said = words.read(text)
    found = " ".join(terms(said.folded, said.stripped, said.concepts))
    return _Read(found, words.stored(said).encode(), recorded.stored(text).encode())


def _vectors(texts: Sequence[str], encoder: Encoder, before: Generation | None, step: Step) -> bytes:
    """float16 rows in the order of the texts; only those not yet embedded by this encoder cost time."""
    rows = _rows(before, set(texts)) if before and before.encoder == encoder.name else {}
    new = sorted(set(texts) - rows.keys(), key=len)
    for start in range(0, len(new), _BATCH):
        batch = new[start : start + _BATCH]
        rows.update(zip(batch, (row.tobytes() for row in encoder.passages(batch).astype("<f2")), strict=True))
        step(start + len(batch), len(new))
    return b"".join(rows[text] for text in texts)


def _rows(generation: Generation, wanted: set[str]) -> dict[str, bytes]:
    """The vectors that a generation has of some texts."""
    found = {}
    for made in generation.passages.parts:
        size = len(made.vectors) // max(1, len(made))
        for number in range(len(made)):
            text = generation.passages.text(made.first + number)
            if text in wanted:
                found[text] = bytes(made.vectors[number * size : (number + 1) * size])
    return found
