"""Questions that ask for about the same thing, brought together so that an admin sees what reports are missing."""

from collections.abc import Sequence

from index.question import understand
from index.records import Question

Place = tuple[tuple[str, ...], tuple[int, ...]]
ALIKE = 0.6  # part of the words that two questions must share


def groups(questions: Sequence[str]) -> list[list[int]]:
    """Places in `questions`, those of like questions together, the largest group first, each in order.

    A question belongs to the first group whose first question asks of the same provinces and years, and is like it
    (Jaccard's index of their words).

    >>> groups(["Cà Mau có bao nhiêu trạm BTS?", "Giám đốc Sở là ai?", "so tram bts cua ca mau"])
    [[0, 2], [1]]
    """
    found: list[tuple[Place, frozenset[str], list[int]]] = []
    for place, question in enumerate(questions):
        where, words = _about(question)
        for there, kept, places in found:
            if there == where and len(words & kept) >= ALIKE * len(words | kept):
                places.append(place)
                break
        else:
            found.append((where, words, [place]))
    return sorted((places for *_, places in found), key=len, reverse=True)


def _about(question: str) -> tuple[Place, frozenset[str]]:
    """The provinces and years asked for, and the words searched for."""
    asked = understand(Question(question))
    return (asked.provinces, asked.years), frozenset(term.stripped for term in asked.terms)
