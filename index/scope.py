"""Which documents may answer: by the facts of the documents and the provinces named, those of today and those before.

From 1 July 2025 there are 34 provinces, most made of several of the 63 before. A figure of a part is never the whole's.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpus.errors import QuestionError
from corpus.gazetteer import parts_of, whole_of
from corpus.period import year_of
from corpus.records import Document
from index.question import Asked
from index.records import Question

MERGED = 2025  # from the middle of this year names stand for the provinces of today


class Scope(NamedTuple):
    """Documents to search; with a `reason` they only hold what comes nearest. `note` goes with an answer from them."""

    documents: tuple[Document, ...]
    reason: str | None = None
    note: str | None = None


class Reports:
    """All documents there are, and those of each province, in the same order."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.all = tuple(documents)
        self._places = {document.id: place for place, document in enumerate(self.all)}
        self._of: dict[str | None, list[Document]] = defaultdict(list)
        for document in self.all:
            self._of[document.facts.province].append(document)

    def of(self, provinces: Iterable[str]) -> tuple[Document, ...]:
        """Those of some provinces."""
        found = [document for name in set(provinces) for document in self._of.get(name, ())]
        return tuple(sorted(found, key=lambda document: self._places[document.id]))


def scope(known: Reports, question: Question, asked: Asked) -> Scope:
    """Where to search for a question. Raises QuestionError for a document that is not there."""
    if question.document:
        chosen = tuple(document for document in known.all if document.id == question.document)
        if not chosen:
            raise QuestionError(f"Không có tài liệu “{question.document}”; xem các mã bằng “hoidap list”.")
        return Scope(chosen)
    if not asked.provinces:
        return Scope(known.all)
    own = known.of(asked.provinces)
    if own and not _after_merger(asked, own):
        return Scope(own)
    return _merged(known, asked) or Scope(own, None if own else f"Chưa có báo cáo nào của {_listed(asked.provinces)}.")


def _after_merger(asked: Asked, own: Sequence[Document]) -> bool:
    """Asked about a year since the merger, of which the province has no report under its own name."""
    late = any(year >= MERGED for year in asked.years)
    return late and not any(year_of(document.facts.period) in asked.years for document in own)


def _merged(known: Reports, asked: Asked) -> Scope | None:
    """Reports of a province's parts, or of the whole it is now a part of."""
    names = _listed(asked.provinces)
    parts = known.of(part for name in asked.provinces for part in parts_of(name) if part not in asked.provinces)
    if parts and not known.of(asked.provinces):
        places = _listed(document.facts.province for document in parts)
        if any(year < MERGED for year in asked.years):
            return Scope(parts, f"Chưa có báo cáo nào của {names}; có báo cáo của {places} (nay thuộc {names}).")
        return Scope(parts, note=f"Số liệu riêng của {places} (nay thuộc {names}), không phải của cả {names}.")
    wholes = [whole for name in asked.provinces if (whole := whole_of(name)) and whole != name]
    late = [document for document in known.of(wholes) if (year_of(document.facts.period) or 0) >= MERGED]
    if late and (any(year >= MERGED for year in asked.years) or not asked.years):
        now = _listed(document.facts.province for document in late)
        return Scope(tuple(late), f"{names} nay thuộc {now}; báo cáo của {now} không có số liệu riêng của {names}.")
    return None


def _listed(names: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(sorted(name for name in names if name)))
