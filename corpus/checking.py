"""Recompute every document from its bytes and every passage from its text."""

import hashlib
from collections.abc import Iterator

from corpus.errors import HoidapError
from corpus.extract import ASIDE, spans
from corpus.formats import extract
from corpus.passages import cut
from corpus.records import Document
from corpus.store import Store


def check(store: Store) -> Iterator[str]:
    """Complaints in Vietnamese, one line each; none when everything follows from the original bytes."""
    yield from store.integrity()
    for listed, _ in store.listing():
        yield from _check(store, store.document(listed.id))


def _check(store: Store, document: Document) -> Iterator[str]:
    data = store.original(document.sha256)
    if hashlib.sha256(data).hexdigest() != document.sha256:
        yield f"{document.id}: tệp gốc không khớp mã sha256."
        return
    try:
        made = extract(document.file, data)
    except HoidapError as error:
        yield f"{document.id}: không đọc lại được tệp gốc ({error})"
        return
    if made.text != document.text:
        yield f"{document.id}: văn bản không khớp tệp gốc."
    kept = store.passages(document.id, repeated=True)
    if tuple((passage.start, passage.end, passage.paragraph) for passage in kept) != cut(
        made.text, spans(made.marks, ASIDE)
    ):
        yield f"{document.id}: các đoạn không khớp văn bản."
    for passage in kept:
        if document.text[passage.start : passage.end] != passage.text:
            yield f"{document.id}: đoạn {passage.ordinal + 1} không đúng nguyên văn."
