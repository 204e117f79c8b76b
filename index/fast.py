"""The fast engine: tantivy's BM25 over the same tokens and weights, opened by mapping, changed in place.

Its k1 and b are the reference's; it keeps lengths in a byte, so close scores can differ from the reference's.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import GenerationError
from index.passages import DAMAGED, Passages
from index.ranker import idf
from index.records import Hit

if TYPE_CHECKING:
    from tantivy import Query, Searcher

    from index.generation import Generation

_FOLDERS = ("passages.tantivy", "paragraphs.tantivy")
_REMEMBERED = 4096  # terms looked up last
# Groups up to which each term is met with them by itself. The union of terms would first sum up thousands of items
# around a group's few; with many groups that is less than meeting each term with all of them.
_FEW = 2
_HEAP = 128_000_000  # bytes before a segment is written
_ROUNDING = 2.0**-18  # of the largest summand: what a sum of a dozen numbers of 24 bits may be off by
_CHANGING = ("meta.json", ".managed.json")  # what tantivy writes anew; all else is written once


class Fast:
    """A Ranker over a folder that `build` made; safe to use from several threads. Raises GenerationError for damage."""

    def __init__(self, folder: Path) -> None:
        from tantivy import Index

        with _reading():
            self._index = Index.open(str(folder))
            self._index.config_reader("manual")
            self._searcher = self._index.searcher()
        self.size = int(self._searcher.num_docs)  # items
        # In how many items a term stands; those deleted lately may still count. Asked several times for each term.
        self.frequency = lru_cache(_REMEMBERED)(partial(_frequency, self._searcher))

    def top(self, query: Mapping[str, float], limit: int, within: Collection[int] | None = None) -> list[Hit]:
        known = {term: weight for term, weight in query.items() if self.frequency(term)}
        if not known or limit <= 0 or (within is not None and not within):
            return []
        # To walk through a term of every item would add less to its score than sums are rounded by. Within groups only
        # their items are walked through.
        telling = self._telling(known) if within is None else known
        hits = self._hits(telling, limit, within)
        return hits if len(telling) == len(known) or len(hits) == limit else self._hits(known, limit, within)

    def _telling(self, query: Mapping[str, float]) -> Mapping[str, float]:
        worth = {term: weight * idf(self.size, self.frequency(term)) for term, weight in query.items()}
        least = _ROUNDING * max(worth.values())
        return {term: weight for term, weight in query.items() if worth[term] > least}

    def _hits(self, terms: Mapping[str, float], limit: int, within: Collection[int] | None) -> list[Hit]:
        with _reading():
            found = self._searcher.search(self._query(terms, within), limit, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in found])
        ranked = sorted([(-score, int(id or 0)) for (score, _), id in zip(found, ids, strict=True)])
        return [Hit(id, -score) for score, id in ranked]

    def _query(self, terms: Mapping[str, float], within: Collection[int] | None) -> "Query":
        from tantivy import Occur, Query

        schema = self._index.schema
        known = [
            Query.boost_query(Query.term_query(schema, "terms", term, "freq"), weight) for term, weight in terms.items()
        ]
        if within is None:
            return Query.boolean_query([(Occur.Should, query) for query in known])
        groups = Query.const_score_query(
            Query.boolean_query(
                [(Occur.Should, Query.term_query(schema, "group", group, "basic")) for group in sorted(set(within))]
            ),
            0.0,
        )
        if len(within) <= _FEW:
            each = [Query.boolean_query([(Occur.Must, groups), (Occur.Must, query)]) for query in known]
            return Query.boolean_query([(Occur.Should, query) for query in each])
        any_term = Query.boolean_query([(Occur.Should, query) for query in known])
        return Query.boolean_query([(Occur.Must, any_term), (Occur.Must, groups)])


def build(folder: Path, items: Iterator[tuple[int, int, str]], gone: Collection[int] = ()) -> None:
    """Add items (id, group, terms with spaces between) to the index in a folder; those of groups `gone` leave it.

    Raises OSError when the disk refuses, GenerationError when tantivy does.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    with _writing():
        _build(folder, items, gone)


def _build(folder: Path, items: Iterator[tuple[int, int, str]], gone: Collection[int]) -> None:
    from tantivy import Document, Index, Query

    index = Index(_schema(), str(folder))
    writer = index.writer(_HEAP, 1)
    if gone:  # deleting by a number's term deletes nothing in tantivy 0.27; by a query it does
        writer.delete_documents_by_query(Query.term_set_query(index.schema, "group", sorted(gone)))
    for id, group, terms in items:
        item = Document()
        item.add_unsigned("id", id)
        item.add_unsigned("group", group)
        item.add_text("terms", terms)
        writer.add_document(item)
    writer.commit()
    writer.wait_merging_threads()


def save(making: Path, generation: "Generation", base: "Generation | None") -> None:
    """The engine's files of a generation; those of `base` are linked, and only what differs is added and taken away."""
    spans = generation.passages.spans
    new, gone = set(spans), set()
    if base and base.folder:
        new = {id for id, span in spans.items() if base.passages.spans.get(id) != span}
        gone = {base.passages.spans[id].start for id in base.passages.spans if spans.get(id) != base.passages.spans[id]}
    added = sorted((span.start, span) for id, span in spans.items() if id in new and span)
    for name, items in zip(_FOLDERS, (_passages, _paragraphs), strict=True):
        if base and base.folder:
            _link(base.folder / name, making / name)
        build(making / name, (item for _, span in added for item in items(generation.passages, span)), gone)
    for lock in making.rglob("*.lock"):
        lock.unlink()


def open_fast(folder: Path) -> tuple[Fast, Fast]:
    """Rankers over passages and over paragraphs."""
    passages, paragraphs = (Fast(folder / name) for name in _FOLDERS)
    return passages, paragraphs


def _frequency(searcher: "Searcher", term: str) -> int:
    with _reading():
        return searcher.doc_freq("terms", term)


@contextmanager
def _reading() -> Iterator[None]:
    """What tantivy raises over bytes that are not as it wrote them, a panic among it, becomes a GenerationError."""
    try:
        yield
    except (ValueError, LookupError) as error:
        raise GenerationError(DAMAGED) from error
    except BaseException as error:
        if _is_panic(error):
            raise GenerationError(DAMAGED) from error
        raise


@contextmanager
def _writing() -> Iterator[None]:
    """What tantivy raises over a disk that refuses becomes the OSError it was: its text ends in "(os error 28)"."""
    try:
        yield
    except BaseException as error:
        if found := re.search(r"\(os error (\d+)\)", str(error)):
            raise OSError(int(found[1]), os.strerror(int(found[1]))) from error
        if isinstance(error, ValueError) or _is_panic(error):
            told = (
                "Bộ tìm kiếm không ghi được chỉ mục; hãy xem đĩa còn chỗ không rồi thử lại. Chỉ mục cũ vẫn dùng được."
            )
            raise GenerationError(told) from error
        raise


def _is_panic(error: BaseException) -> bool:
    """Rust's panics come as a BaseException whose class no module exports."""
    return type(error).__name__ == "PanicException"


def _schema() -> Any:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("id", fast=True)
    builder.add_unsigned_field("group", indexed=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _link(old: Path, new: Path) -> None:
    new.mkdir(mode=0o700)
    for path in old.iterdir():
        if path.name in _CHANGING:
            (new / path.name).write_bytes(path.read_bytes())
        else:
            os.link(path, new / path.name)


def _passages(passages: Passages, span: range) -> Iterator[tuple[int, int, str]]:
    return ((number, span.start, terms) for number, terms in zip(span, _terms(passages, span), strict=True))


def _paragraphs(passages: Passages, span: range) -> Iterator[tuple[int, int, str]]:
    terms = _terms(passages, span)
    number = span.start
    while number < span.stop:
        around = passages.paragraph(number)
        yield number, span.start, " ".join(terms[n - span.start] for n in around)
        number = around.stop


def _terms(passages: Passages, span: range) -> Sequence[str]:
    """The terms of a document's passages, which are in the part that was just made."""
    part = passages.parts[-1]
    return part.terms[span.start - part.first : span.stop - part.first]
