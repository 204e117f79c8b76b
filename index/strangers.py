"""What a figure's own clause says besides the question's words: the more of it, the likelier it is of something else.

"692 phòng học mới được hoàn thành" and "còn thiếu 347 phòng học bộ môn so với quy định" both say "phòng học"; the
second says much more that nobody asked for.
"""

from bisect import bisect_left
from functools import lru_cache

from index.figures import Span
from index.question import Asked
from index.vocabulary import function_words, places_of
from index.words import Words


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
