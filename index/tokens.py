"""Tokens: accented syllables, stripped syllables, stripped bigrams and concepts (synonyms) side by side.

Accented and stripped terms stand beside each other so that a question typed without diacritics finds what an
accented one finds, while an accented one keeps its precision.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, zip_longest

from corpus.text import WORD, fold, strip_marks
from index.phrases import Groups, lists, table

Tokenizer = Callable[[str], list[str]]
Concept = tuple[str, int, int]  # its name, its first word, after its last word

NAME = "syllables-stripped-bigrams-concepts/5"
_own: Groups = ()


def words(text: str) -> list[str]:
    """Folded syllables and numbers in order.

    >>> words("Hoà Bình đạt 1,6 tỉ đồng (DVB-T2)")
    ['hoà', 'bình', 'đạt', '1,6', 'tỷ', 'đồng', 'dvb', 't2']
    """
    return WORD.findall(fold(text))


def tokenize(text: str) -> list[str]:
    """All terms of a text: accented "trạm", stripped "~tram", bigram "~tram_bts", concept "@7".

    >>> tokenize("trạm BTS")
    ['trạm', 'bts', '~tram', '~bts', '~tram_bts', '@7', '@7']
    """
    accented = words(text)
    stripped = bare(accented)
    return terms(accented, stripped, concepts(stripped))


def bare(folded: Sequence[str]) -> list[str]:
    """Words without diacritics."""
    return strip_marks(" ".join(folded)).split(" ") if folded else []


def terms(folded: Sequence[str], stripped: Sequence[str], said: Iterable[Concept]) -> list[str]:
    """The terms of a text that was cut into words."""
    bigrams = [f"~{a}_{b}" for a, b in pairwise(stripped)]
    return [*folded, *[f"~{word}" for word in stripped], *bigrams, *[concept for concept, _, _ in said]]


def concepts(stripped: Sequence[str]) -> list[Concept]:
    """(concept, start, end) of every synonym phrase among stripped syllables.

    >>> concepts(["so", "tt", "tt"])
    [('@0', 1, 3)]
    """
    known, found = table(_own), list[Concept]()
    for start, (word, after) in enumerate(zip_longest(stripped, stripped[1:])):
        here = [(concept, start, start + 1) for concept in known.singles.get(word, ())]
        for phrase, concept in known.longer.get(f"{word} {after}", ()):
            end = start + phrase.count(" ") + 1
            if " ".join(stripped[start:end]) == phrase:
                here.append((concept, start, end))
        found += sorted(here, key=_number) if len(here) > 1 else here
    return found


def _number(said: Concept) -> tuple[int, int]:
    return int(said[0][1:]), said[2]


def phrase_at(stripped: Sequence[str]) -> int:
    """How many of some syllables, from the first one, are the longest synonym phrase; 0 for none.

    >>> phrase_at(["tt", "tt"]), phrase_at(["tram"])
    (2, 0)
    """
    known = table(_own)
    longer = (phrase for phrase, _ in known.longer.get(" ".join(stripped[:2]), ()))
    sizes = (phrase.count(" ") + 1 for phrase in longer if phrase == " ".join(stripped[: phrase.count(" ") + 1]))
    return max(sizes, default=int(stripped[0] in known.singles))


def meanings(word: str) -> list[tuple[str, ...]]:
    """The phrases that a word stands for as an abbreviation or another name.

    >>> meanings("tngt")
    [('tai', 'nan', 'giao', 'thong')]
    """
    return _meanings(word, _own)


@lru_cache(maxsize=256)
def _meanings(word: str, own: Groups) -> list[tuple[str, ...]]:
    known = table(own)
    found = (phrase for concept in known.singles.get(word, ()) for phrase in known.groups[concept] if " " in phrase)
    return sorted({tuple(phrase.split(" ")) for phrase in found})


def use_synonyms(groups: Iterable[Iterable[str]]) -> None:
    """Phrases of an office's own that mean the same, beside those of synonyms.json; for the whole process."""
    global _own
    _own = tuple(tuple(group) for group in groups)


def own_synonyms() -> Groups:
    """What use_synonyms was given last."""
    return _own


def name() -> str:
    """The tokenizer's name and version, another one whenever its synonyms change."""
    return f"{NAME}+{hashlib.sha256(f'{lists()}{_own!r}'.encode()).hexdigest()[:8]}"
