"""One slip of the finger in a word that no report has, mended by what stands beside it."""

from collections.abc import Callable, Iterator

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mend(word: str, before: str | None, after: str | None, known: Callable[[str], bool]) -> str | None:
    """The known word one slip away that some report has beside the same neighbour; None when there is none or several.

    Words are stripped; `known` tells of terms of index.tokens ("~tram", "~tram_bts").

    >>> mend("tramm", None, "bts", {"~tram", "~tram_bts", "~trams"}.__contains__)
    'tram'
    """
    if len(word) < 3 or known(f"~{word}"):
        return None
    near = sorted({other for other in _slips(word) if known(f"~{other}")})
    beside = [other for other in near if known(f"~{before}_{other}") or known(f"~{other}_{after}")]
    return beside[0] if len(beside) == 1 else None


def _slips(word: str) -> Iterator[str]:
    """A letter too many, too few, swapped or wrong (Damerau 1964)."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + letter + tail for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
