"""Phrases that mean the same: synonyms.json, abbreviated.txt with its initials, an office's own, as one table.

What the two files say is kept ready in phrases.json, which `make phrases` writes: a cold question waits a millisecond
for that and twenty for the files. It is only used while it is of the files as they are.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from corpus.text import WORD, fold, strip_marks

Groups = tuple[tuple[str, ...], ...]
AND = "va"  # "và" has no letter in an abbreviation
_SYNONYMS, _ABBREVIATED, _READY = (
    Path(__file__).with_name(name) for name in ("synonyms.json", "abbreviated.txt", "phrases.json")
)


class Table(NamedTuple):
    """Phrases without diacritics, one space between words; concepts are "@0", "@1"…

    `singles` are the concepts of phrases of one word, by it; `longer` [phrase, concept] of the others by their first
    two words: most words begin some phrase, few pairs do. `groups` are the phrases of each concept.
    """

    singles: dict[str, list[str]]
    longer: dict[str, list[list[str]]]
    groups: dict[str, list[str]]


def initials(stripped: Iterable[str]) -> str:
    """The letters by which officials shorten a phrase, given without diacritics.

    >>> initials(["tai", "nguyen", "va", "moi", "truong"])
    'tnmt'
    """
    return "".join(word[0] for word in stripped if word != AND)


def lists() -> str:
    """What the two files say: whatever is made from them is made anew when that changes."""
    return "".join(path.read_text("utf-8") for path in (_SYNONYMS, _ABBREVIATED))


@cache
def table(own: Groups = ()) -> Table:
    """All phrases, with groups of an office's own."""
    if not own:
        ready = json.loads(_READY.read_text("utf-8"))
        if ready[0] == _digest():
            return Table(*ready[1:])
    return made(own)


def made(own: Groups = ()) -> Table:
    """The same from the files. A group that shares a phrase with one before it adds to that."""
    groups = [dict.fromkeys(map(_phrase, group)) for group in json.loads(_SYNONYMS.read_text("utf-8"))]
    place: dict[str, int] = {}
    for number, group in enumerate(groups):
        for phrase in group:
            place.setdefault(phrase, number)
    for named in own:
        _join(groups, place, [phrase for text in named if (phrase := _phrase(text))])
    # Letters may stand for several phrases, which are not the same for that.
    for phrase in map(_phrase, _ABBREVIATED.read_text("utf-8").splitlines()):
        _join(groups, place, [phrase], initials(phrase.split(" ")))
    found = Table({}, {}, {})
    for number, group in enumerate(groups):
        concept = found.groups[f"@{number}"] = list(group)
        for phrase in concept:
            first = phrase.split(" ", 2)[:2]
            if len(first) == 1:
                found.singles.setdefault(phrase, []).append(f"@{number}")
            else:
                found.longer.setdefault(" ".join(first), []).append([phrase, f"@{number}"])
    return found


def _phrase(text: str) -> str:
    return " ".join(WORD.findall(strip_marks(fold(text))))


def _join(groups: list[dict[str, None]], place: dict[str, int], new: Sequence[str], *short: str) -> None:
    """Put phrases into the first group that has one of them, else into a new one, with what shortens them."""
    number = min((place[phrase] for phrase in new if phrase in place), default=len(groups))
    groups += [{}] if number == len(groups) else []
    groups[number].update(dict.fromkeys([*new, *short]))
    for phrase in new:
        place.setdefault(phrase, number)


def _digest() -> str:
    return hashlib.sha256(lists().encode()).hexdigest()


if __name__ == "__main__":
    json.dump([_digest(), *made()], sys.stdout, separators=(",", ":"))
