"""What a figure's own clause says besides the question's words: the more of it, the likelier it is of something else.

"692 phòng học mới được hoàn thành" and "còn thiếu 347 phòng học bộ môn so với quy định" both say "phòng học"; the
second says much more that nobody asked for.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache

from index.counting import unit_of
from index.figures import Span
from index.question import Asked
from index.vocabulary import function_words, places_of
from index.words import Words

# "Nâng tổng số lên 141 xã", "năm 2019 đạt": a sum, or another year's, is of what the first figure is of.
SET_OFF = re.compile(r"(?:19|20)\d\d|\b(?:tổng|lũy kế|tính chung|toàn tỉnh|cả năm)\b", re.IGNORECASE)
_MOSTLY = 0.5  # of a figure's own words: what speaks of something else
_SOME, _ALL = 0.25, 0.85  # of the question's worth: what a label of one's own says of it


def strangers(passage: Words, span: Span, asked: Asked) -> float:
    """The part of the content words between the marks around a figure that the question does not say, 0..1."""
    first, last = _segment(passage, span)
    words = passage.folded[first:last]
    own = range(passage.at(span.start), passage.at(span.end))  # what it counts is judged by index.counting
    telling = [first + n for n, says in enumerate(_telling(words)) if says and first + n not in own]
    if not telling:
        return 0.0
    said = {number for numbers in passage.otherwise(asked).values() for number in numbers}
    wanted = {term.stripped for term in asked.terms}
    return sum(passage.stripped[n] not in wanted and n not in said for n in telling) / len(telling)


def speaks_of_another(
    passage: Words, span: Span, found: Sequence[Span], asked: Asked, weights: Mapping[str, float]
) -> bool:
    """Whether a figure behind another of its kind has a label of its own that says part of the question, and more that
    nobody asked for: "15 huy chương đồng" of pupils, behind "259 huy chương" of all.

    Three in ten such figures were of something else, however much of the question their passage said.
    """
    first, _ = _segment(passage, span)
    set_off = SET_OFF.search(passage.text, passage.starts[first] if first < len(passage.starts) else 0, span.start)
    rivals = [] if set_off else _rivals(passage.text, span, found, asked)
    if not rivals or strangers(passage, span, asked) < _MOSTLY:
        return False
    said, total = _said(passage, span, asked, weights), sum(weights[term.word] for term in asked.terms)
    told = max(_said(passage, rival, asked, weights) for rival in rivals)
    return _SOME * total <= said < _ALL * total and told >= said


def _said(passage: Words, span: Span, asked: Asked, weights: Mapping[str, float]) -> float:
    """The worth of the question's words that stand between the marks around a figure."""
    (first, last), places = _segment(passage, span), passage.where(asked)
    return sum(weights[t.word] for t in asked.terms if any(first <= n < last for n in places.get(t.place, ())))


def _rivals(text: str, span: Span, found: Sequence[Span], asked: Asked) -> list[Span]:
    """Figures before one that count the same; none before "654 cơ sở vi phạm" of which it says more than they do."""
    unit = unit_of(text, span)
    before = [other for other in found if other.kind is span.kind and other.start < span.start]
    alike = [other for other in before if unit_of(text, other)[:1] == unit[:1]]
    own = {term.stripped for term in asked.terms if term.weight == 1}.intersection(unit)
    return [] if own.difference(*(unit_of(text, other) for other in alike)) else alike


def _segment(passage: Words, span: Span) -> tuple[int, int]:
    """The numbers of the first word between the marks around a figure, and of the one after the last."""
    marks = sorted((*passage.strong, *passage.weak))
    place = bisect_left(marks, span.start)
    behind = next((mark for mark in marks[place:] if mark >= span.end), len(passage.text))
    return (passage.at(marks[place - 1]) if place else 0), passage.at(behind)


@lru_cache(maxsize=4096)
def _telling(words: tuple[str, ...]) -> tuple[bool, ...]:
    """Which of some words say what a thing is: no numbers, no function words, none that stand by any figure."""
    light = places_of("light", words, True)
    return tuple(
        n not in light and word not in function_words(True) and not word[0].isdigit() for n, word in enumerate(words)
    )
