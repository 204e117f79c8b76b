"""Make a generation from the documents and passages of the store."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.records import Document, Passage
from index.generation import Generation
from index.tokens import name, tokenize


def index(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    fingerprint: str,
    step: Callable[[int, int], None] = lambda done, of: None,
) -> Generation:
    """An unnumbered generation; `step(done, of)` is called after each passage."""
    tokens = []
    for number, passage in enumerate(passages, 1):
        tokens.append(tuple(tokenize(passage.text)))
        step(number, len(passages))
    without_text = tuple(replace(document, text="", origins=()) for document in documents)
    return Generation(0, name(), fingerprint, without_text, tuple(passages), tuple(tokens))
