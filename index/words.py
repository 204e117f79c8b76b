"""A passage in words, with their offsets and the marks that part its clauses."""

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

from corpus.syllables import is_foreign
from corpus.text import WORD
from index.figures import spelt
from index.phrases import AND, Groups
from index.question import Asked
from index.tokens import Concept, bare, concepts, own_synonyms

_REMEMBERED = 4096  # passages in which what a question says was found last
_INITIALS = 3  # letters of an abbreviation that is read as initials; shorter ones stand for too much
_STRONG = re.compile(r"[;()]|[.:](?=\s)")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_WEAK = re.compile(r",(?=\s)|\s[–-]\s|\s(?:và|cùng)(?=\s\d)")  # "53 xã đạt … và 01 xã": what follows has its own words


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Folded and stripped words side by side; `starts` are code points, `strong`, `weak` the marks between clauses.

    Each is only equal to itself, so that what was found in it is quickly found again.
    """

    text: str
    folded: tuple[str, ...]
    stripped: tuple[str, ...]
    starts: tuple[int, ...]
    strong: tuple[int, ...]
    weak: tuple[int, ...]
    concepts: tuple[Concept, ...]
    names: tuple[int, ...]  # the numbers of words that are no syllables: abbreviations, foreign words
    letters: str  # what abbreviations of them begin with: initials, and the names whole

    def spelt(self, asked: Asked) -> tuple[str, ...]:
        """Its words as they are compared with the question's: without diacritics where that has none."""
        return self.folded if asked.marked else self.stripped

    def behind_marks(self) -> frozenset[int]:
        """The numbers of the words that a mark parts from the one before."""
        return frozenset([bisect_left(self.starts, mark) for mark in (*self.strong, *self.weak)])

    def within(self, start: int, end: int) -> "Words":
        """The words between two offsets."""
        first, last = self.at(start), self.at(end)
        return replace(
            self,
            folded=self.folded[first:last],
            stripped=self.stripped[first:last],
            starts=self.starts[first:last],
            strong=tuple(mark for mark in self.strong if start <= mark < end),
            weak=tuple(mark for mark in self.weak if start <= mark < end),
            concepts=tuple((c, a - first, b - first) for c, a, b in self.concepts if first <= a and b <= last),
            names=tuple(number - first for number in self.names if first <= number < last),
            letters="".join(_letters(self.stripped[first:last], [n - first for n in self.names if first <= n < last])),
        )

    def at(self, offset: int) -> int:
        """The number of the first word that starts at or after an offset."""
        return bisect_left(self.starts, offset)

    def fences(self, left: int, right: int) -> int:
        """Strong marks between two words, given by their numbers."""
        return _between(self.strong, self.starts, left, right)

    def parted(self, left: int, right: int) -> bool:
        """Whether any mark stands between two words."""
        return self.fences(left, right) > 0 or _between(self.weak, self.starts, left, right) > 0

    def where(self, asked: Asked) -> Mapping[int, Sequence[int]]:
        """For each place in the question the words of the passage that say it, by themselves or by a synonym."""
        return _where(self, asked)

    def otherwise(self, asked: Asked) -> Mapping[int, Sequence[int]]:
        """The same for what is said by another name: a synonym, initials for words, words for initials."""
        return _otherwise(self, asked)


@lru_cache(_REMEMBERED)
def _where(passage: Words, asked: Asked) -> dict[int, list[int]]:
    own = passage.spelt(asked)
    found: dict[int, list[int]] = {}
    for term in asked.terms:
        spelt = term.word if asked.marked else term.stripped
        found[term.place] = [number for number, word in enumerate(own) if word == spelt] if spelt in own else []
    names, own_names = {place for _, place in asked.names}, frozenset(passage.names)
    for place, said in _otherwise(passage, asked).items():
        found[place] = (
            sorted({*found[place], *said}) if place in names or not own_names.isdisjoint(said) else found[place] or said
        )
    return found


@lru_cache(_REMEMBERED)
def _otherwise(passage: Words, asked: Asked) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for name, places in asked.synonyms if passage.concepts else ():
        if said := [start for concept, start, _ in passage.concepts if concept == name]:
            for term in asked.terms:
                if term.place in places:
                    found[term.place] += said
    for name, place in asked.names:
        if name in passage.letters:
            found[place] += [said.start for said in _spelling(name, passage.stripped, passage.names)]
    letters = asked.letters if passage.names else ""
    for number in passage.names:
        if passage.stripped[number] in letters:
            _spelt_in(passage, asked, number, found)
    return {place: said for place, said in found.items() if said}


def _spelt_in(passage: Words, asked: Asked, number: int, found: dict[int, list[int]]) -> None:
    """Add a name of the passage to the places of the question's words whose initials it has."""
    short = [n for n, term in enumerate(asked.terms) if (term.stripped, term.place) in asked.names]
    for said in _spelling(passage.stripped[number], [term.stripped for term in asked.terms], short):
        for term in asked.terms[said.start : said.stop]:
            found[term.place].append(number)


def _letters(words: Sequence[str], short: Collection[int]) -> list[str]:
    """What each word gives to an abbreviation: its initial, or all of what is `short` itself."""
    return [word if number in short else "" if word == AND else word[0] for number, word in enumerate(words)]


def _spelling(name: str, words: Sequence[str], short: Collection[int]) -> list[range]:
    """The numbers of words that a name has the initials of: "tngt" of "tai nạn giao thông"; `short` are so themselves.

    >>> _spelling("vbqppl", ["du", "thao", "van", "ban", "qppl"], (4,))
    [range(2, 5)]
    """
    if len(name) < _INITIALS or not name.isalpha():
        return []
    letters = _letters(words, short)
    ends = list(accumulate(map(len, letters)))
    found = []
    for first, end in enumerate(ends):
        begin = end - len(letters[first])
        last = bisect_left(ends, begin + len(name))
        if letters[first] and last < len(ends) and "".join(letters[first : last + 1]) == name:
            found.append(range(first, last + 1))
    return found


def _between(marks: tuple[int, ...], starts: tuple[int, ...], left: int, right: int) -> int:
    low = starts[left] if left >= 0 else 0
    high = starts[right] if right < len(starts) else starts[-1] + 1
    return bisect_left(marks, high) - bisect_left(marks, low)


def read(text: str) -> Words:
    """The words of a text."""
    return _read(text, own_synonyms())


@lru_cache(maxsize=1024)
def _read(text: str, own: Groups) -> Words:
    found = list(WORD.finditer(spelt(text)[0]))
    folded = [match.group() for match in found]
    stripped = bare(folded)
    names = tuple([number for number, word in enumerate(stripped) if not word[0].isdigit() and is_foreign(word)])
    return Words(
        text,
        folded=tuple(folded),
        stripped=tuple(stripped),
        starts=tuple([match.start() for match in found]),
        strong=tuple(match.start() for match in _STRONG.finditer(text)),
        weak=tuple(match.start() for match in _WEAK.finditer(text)),
        concepts=tuple(concepts(stripped)),
        names=names,
        letters="".join(_letters(stripped, names)),
    )


def stored(words: Words) -> str:
    """A passage's words, without its text, as a line of JSON."""
    rest = (words.starts, words.strong, words.weak, words.concepts, words.names, words.letters)
    return _JSON.encode([" ".join(words.folded), " ".join(words.stripped), *rest])


def restored(text: str, row: Sequence[Any]) -> Words:
    """What `stored` wrote, decoded from JSON."""
    folded, stripped, starts, strong, weak, said, names, letters = row
    own = tuple((name, start, end) for name, start, end in said)
    return Words(
        text,
        tuple(folded.split()),
        tuple(stripped.split()),
        tuple(starts),
        tuple(strong),
        tuple(weak),
        own,
        tuple(names),
        letters,
    )
