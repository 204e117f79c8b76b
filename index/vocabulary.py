"""Word lists of the field and of the language, as data: vocabulary.json."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from corpus.text import fold, strip_marks


@cache
def vocabulary(name: str) -> frozenset[str]:
    """One list of words or phrases.

    >>> "của" in vocabulary("function"), "nguyen" in vocabulary("surnames")
    (True, True)
    """
    return frozenset(_lists()[name])


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = json.loads(Path(__file__).with_name("vocabulary.json").read_text("utf-8"))
    return lists


@cache
def function_words(marked: bool) -> frozenset[str]:
    return frozenset(map(_speller(marked), vocabulary("function"))) - ambiguous_words(marked)


@cache
def ambiguous_words(marked: bool) -> frozenset[str]:
    """Function words that, without diacritics, may as well be others: "bao" of "thuê bao", "tu" of "đầu tư"."""
    return frozenset() if marked else frozenset(map(strip_marks, vocabulary("ambiguous")))


def places_of(name: str, spelt: Sequence[str], marked: bool) -> set[int]:
    """The numbers of the words that a list has: those say little of the matter, they count, but less."""
    found: set[int] = set()
    for start, word in enumerate(spelt):
        for phrase in _phrases(name, marked).get(word, ()):
            if tuple(spelt[start : start + len(phrase)]) == phrase:
                found.update(range(start, start + len(phrase)))
    return found


@cache
def _phrases(name: str, marked: bool) -> dict[str, list[tuple[str, ...]]]:
    """By their first word."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for spelt in map(_speller(marked), sorted(vocabulary(name))):
        table.setdefault(spelt.split()[0], []).append(tuple(spelt.split()))
    return table


def _speller(marked: bool) -> Callable[[str], str]:
    return fold if marked else strip_marks
