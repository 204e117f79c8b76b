"""The engines that are compared, each used as its users would; all get the same terms.

`build` makes what an engine keeps on disk, `open` makes it ready, `top` gives the numbers of the best passages.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from homes import terms

from index import fast
from index.ranker import K1, B
from index.search import POOL

Query = Mapping[str, Any]  # {"terms": {term: weight}, "within": [group]}


class Hoidap:
    """The program's own: terms weighted, over passages."""

    def __init__(self, folder: Path, corpus: Path) -> None:
        self._folder, self._corpus = folder, corpus

    def build(self) -> None:
        fast.build(self._folder, ((n, group, text) for n, (group, _, text) in enumerate(terms(self._corpus))))

    def open(self) -> None:
        self._passages = fast.Fast(self._folder)

    def top(self, query: Query, limit: int) -> list[int]:
        return [hit.id for hit in self._passages.top(query["terms"], limit)]


class HoidapWhole(Hoidap):
    """What the program asks for a question: passages and paragraphs, among the documents that may answer it."""

    def build(self) -> None:
        for name in ("passages", "paragraphs"):
            (self._folder / name).mkdir()
        rows = enumerate(terms(self._corpus))
        fast.build(self._folder / "passages", ((n, group, text) for n, (group, _, text) in rows))
        fast.build(self._folder / "paragraphs", self._paragraphs())

    def open(self) -> None:
        self._passages = fast.Fast(self._folder / "passages")
        self._paragraphs_engine = fast.Fast(self._folder / "paragraphs")

    def top(self, query: Query, limit: int) -> list[int]:
        self._paragraphs_engine.top(query["terms"], 4 * POOL, query["within"])
        return [hit.id for hit in self._passages.top(query["terms"], POOL, query["within"])][:limit]

    def _paragraphs(self) -> Iterator[tuple[int, int, str]]:
        kept, group, texts = 0, 0, list[str]()
        for own, first, text in terms(self._corpus):
            if first != kept:
                yield kept, group, " ".join(texts)
                texts = []
            kept, group = first, own
            texts.append(text)
        yield kept, group, " ".join(texts)


class RankBM25(Hoidap):
    """rank-bm25's BM25Okapi, which keeps nothing on disk."""

    def build(self) -> None:
        pass

    def open(self) -> None:
        from rank_bm25 import BM25Okapi

        self._model = BM25Okapi(_lists(self._corpus), k1=K1, b=B)

    def top(self, query: Query, limit: int) -> list[int]:
        found = self._model.get_top_n(list(query["terms"]), range(self._model.corpus_size), n=limit)
        return [int(number) for number in found]


class Bm25s(Hoidap):
    """bm25s with numpy; scores of every term and passage are made beforehand and mapped."""

    def build(self) -> None:
        from bm25s import BM25

        model = BM25(k1=K1, b=B, method="lucene")
        model.index(_lists(self._corpus), show_progress=False)
        model.save(self._folder)

    def open(self) -> None:
        from bm25s import BM25

        self._model = BM25.load(self._folder, mmap=True)

    def top(self, query: Query, limit: int) -> list[int]:
        found, _ = self._model.retrieve([list(query["terms"])], k=limit, show_progress=False)
        return [int(number) for number in found[0]]


class Tantivy(Hoidap):
    """tantivy with a parsed query and stored documents."""

    def build(self) -> None:
        from tantivy import Document, Index, SchemaBuilder

        schema = SchemaBuilder().add_unsigned_field("id", stored=True)
        schema = schema.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        writer = Index(schema.build(), str(self._folder)).writer(128_000_000, 1)
        for number, (_, _, text) in enumerate(terms(self._corpus)):
            item = Document()
            item.add_unsigned("id", number)
            item.add_text("terms", text)
            writer.add_document(item)
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        from tantivy import Index

        self._index = Index.open(str(self._folder))
        self._searcher = self._index.searcher()

    def top(self, query: Query, limit: int) -> list[int]:
        parsed = self._index.parse_query(_quoted(query), ["terms"])
        hits = self._searcher.search(parsed, limit).hits
        return [int(self._searcher.doc(address)["id"][0]) for _, address in hits]


class Fts5(Hoidap):
    """SQLite's full-text search."""

    def build(self) -> None:
        with sqlite3.connect(self._folder / "fts5.db") as database:
            kinds = "tokenize=\"unicode61 remove_diacritics 0 tokenchars '~_@.,/'\""
            database.execute(f"CREATE VIRTUAL TABLE passages USING fts5(terms, {kinds})")
            rows = ((number, text) for number, (_, _, text) in enumerate(terms(self._corpus)))
            database.executemany("INSERT INTO passages (rowid, terms) VALUES (?, ?)", rows)
        database.close()

    def open(self) -> None:
        self._database = sqlite3.connect(self._folder / "fts5.db")

    def top(self, query: Query, limit: int) -> list[int]:
        best = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self._database.execute(best, (_quoted(query, " OR "), limit))]


PEERS = {
    "hoidap, k = 10": Hoidap,
    f"hoidap, {POOL} passages + {4 * POOL} paragraphs": HoidapWhole,
    "tantivy, parsed query": Tantivy,
    "bm25s (numpy)": Bm25s,
    "SQLite FTS5": Fts5,
    "rank_bm25": RankBM25,
}


def _lists(corpus: Path) -> Sequence[list[str]]:
    """Lists of terms; a term is one string however often it stands, as from a careful user."""
    known: dict[str, str] = {}
    return [[known.setdefault(term, term) for term in text.split()] for _, _, text in terms(corpus)]


def _quoted(query: Query, between: str = " ") -> str:
    return between.join(f'"{term}"' for term in query["terms"])
