"""The passages of a generation: rows of text, decoded one at a time, in parts that later generations share.

A passage's number is its place over all parts. Rows of documents that are gone stay in their part, unused, until the
index is made anew.
"""

import json
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, Protocol

from corpus.errors import GenerationError
from corpus.records import Passage, Place
from index.tokens import tokenize

Bytes = bytes | memoryview
DAMAGED = "Chỉ mục bị hỏng; hãy chạy “hoidap reindex --force” để lập lại từ cơ sở dữ liệu."
_JSON = json.JSONDecoder()
_REMEMBERED = 4096  # rows decoded last


class Rows(Protocol):
    """Bytes by their offsets, in memory or read from a file."""

    def __getitem__(self, part: slice, /) -> Bytes: ...


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of JSON, each behind a checksum; `ends` are the offsets after them."""

    rows: Rows = b""
    ends: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.ends)

    def decoded(self, local: int) -> list[Any]:
        """A line by its number. Raises GenerationError when it is not as written, or not there."""
        if not 0 <= local < len(self.ends):
            raise GenerationError(DAMAGED)
        line = bytes(self.rows[self.ends[local - 1] if local else 0 : self.ends[local]])
        if line[:8] != _checksum(line[8:-1]) or line[-1:] != b"\n":
            raise GenerationError(DAMAGED)
        row: list[Any]
        # A third faster than loads, which looks for encodings that cannot be here.
        row, _ = _JSON.raw_decode(line[8:].decode())
        return row


@dataclass(frozen=True, slots=True)
class Part:
    """Passages made in one go, in memory or mapped from files; `first` is the number of the first of them."""

    first: int
    rows: Lines
    leads: Sequence[int]  # for each passage the place in the part of the first one of its paragraph
    words: Lines = Lines()  # what index.words reads off each passage
    figures: Lines = Lines()  # what index.recorded does
    terms: Sequence[str] = ()  # each passage's, spaces between; () where the engine has files of its own
    vectors: Bytes = b""  # float16, little-endian, one row for each passage

    def __len__(self) -> int:
        return len(self.rows)


class Passages:
    """Passages by number. `spans` are the numbers of each document that is there, by its id."""

    def __init__(self, parts: Sequence[Part], spans: Mapping[str, range]) -> None:
        self.parts = tuple(parts)
        self.spans = dict(spans)
        # Not of a method of its own: in a cycle the files that parts are mapped from would stay open for long.
        self._firsts = [part.first for part in self.parts]
        self._row = lru_cache(_REMEMBERED)(partial(_decoded, self.parts, self._firsts))
        self._owners = sorted((span.start, id) for id, span in self.spans.items() if span)

    def __len__(self) -> int:
        """Passages of documents that are there."""
        return sum(map(len, self.spans.values()))

    def __iter__(self) -> Iterator[Passage]:
        """By document and place."""
        return (self[number] for id in sorted(self.spans) for number in self.spans[id])

    def __getitem__(self, number: int) -> Passage:
        """Raises GenerationError for a row that is not as written, and for a number of no document."""
        ordinal, start, end, paragraph, text, page, heading, row, _, before, _ = self._row(number)
        id = self._owners[bisect_right(self._owners, (number, "\U0010ffff")) - 1][1]
        if number not in self.spans[id] or self.lead(number) != number - before:
            raise GenerationError(DAMAGED)
        return Passage(id, ordinal, start, end, paragraph, text, Place(page, heading, row))

    def _part(self, number: int) -> Part:
        return self.parts[bisect_right(self._firsts, number) - 1]

    def text(self, number: int) -> str:
        """A passage's text alone, of a document that is gone, too."""
        return str(self._row(number)[4])

    def terms(self, number: int) -> list[str]:
        """A passage's terms; made again from its text where the engine has files of its own."""
        part = self._part(number)
        return part.terms[number - part.first].split() if part.terms else tokenize(self.text(number))

    def words(self, number: int) -> list[Any]:
        """A passage in words, as index.words writes them. Raises GenerationError."""
        part = self._part(number)
        return part.words.decoded(number - part.first)

    def figures(self, number: int) -> list[list[Any]]:
        """The records of a passage's figures, as index.recorded writes them. Raises GenerationError."""
        part = self._part(number)
        return part.figures.decoded(number - part.first)

    def paragraph(self, number: int) -> range:
        """The numbers of the passages of its paragraph."""
        *_, before, size = self._row(number)
        return range(number - before, number - before + size)

    def lead(self, number: int) -> int:
        """The number of the first passage of its paragraph, without reading either. Raises GenerationError."""
        part = self._part(number)
        if not 0 <= number - part.first < len(part.leads):
            raise GenerationError(DAMAGED)
        return part.first + part.leads[number - part.first]

    def intro(self, number: int) -> str:
        """The last passage before it in its document that ends in a colon; "" without one."""
        *_, back, _, _ = self._row(number)
        return self.text(number - back) if back else ""


def _decoded(parts: Sequence[Part], firsts: Sequence[int], number: int) -> list[Any]:
    part = parts[bisect_right(firsts, number) - 1]
    return part.rows.decoded(number - part.first)


def lines(bodies: Iterable[bytes]) -> Lines:
    """JSON as lines with their checksums."""
    made, ends = bytearray(), array("Q")
    for body in bodies:
        made += _checksum(body) + body + b"\n"
        ends.append(len(made))
    return Lines(bytes(made), ends)


def part(first: int, documents: Iterable[Sequence[Passage]]) -> Part:
    """A part of several documents' passages: their rows alone."""
    groups = list(documents)
    return Part(first, lines(row for passages in groups for row in _rows(passages)), _leads(groups))


def _leads(documents: Iterable[Sequence[Passage]]) -> "array[int]":
    leads = array("Q")
    for passages in documents:
        for _, group in groupby(passages, lambda passage: passage.paragraph):
            leads.extend([len(leads)] * len(list(group)))
    return leads


def _rows(passages: Sequence[Passage]) -> Iterator[bytes]:
    """[ordinal, start, end, paragraph, text, page, heading, row, steps back to what introduces it,
    passages before it in its paragraph, passages of that]."""
    intro, number = -1, 0
    for _, group in groupby(passages, lambda passage: passage.paragraph):
        together = list(group)
        for before, passage in enumerate(together):
            own = [
                passage.ordinal,
                passage.start,
                passage.end,
                passage.paragraph,
                passage.text,
                *passage.place,
            ]
            back = number - intro if intro >= 0 else 0
            yield json.dumps([*own, back, before, len(together)], ensure_ascii=False).encode()
            intro = number if passage.text.endswith(":") else intro
            number += 1


def _checksum(body: bytes) -> bytes:
    return b"%08x" % zlib.crc32(body)
