"""Tokens: accented syllables, stripped syllables, stripped bigrams and concepts (synonyms) side by side.

Accented and stripped terms stand beside each other so that a question typed without diacritics finds what an
accented one finds, while an accented one keeps its precision.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from corpus.text import fold, strip_marks

Tokenizer = Callable[[str], list[str]]
Groups = tuple[tuple[str, ...], ...]
Phrase = tuple[str, ...]
Concept = tuple[str, int, int]  # its name, its first word, after its last word
_Place = tuple[int, Phrase, str]  # among the phrases that begin with the same word; the phrase, its concept

NAME = "syllables-stripped-bigrams-concepts/5"
_SYNONYMS, _ABBREVIATED = (Path(__file__).with_name(name) for name in ("synonyms.json", "abbreviated.txt"))
_own: Groups = ()
AND = "va"  # "và" has no letter in an abbreviation
# A number with its marks, else letters and digits: "132/141", "dvb", "t2".
WORD = re.compile(r"\d+(?![^\W_])(?:[.,/]\d+)*|[^\W_]+")


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


def concepts(stripped: list[str]) -> list[Concept]:
    """(concept, start, end) of every synonym phrase among stripped syllables.

    >>> concepts(["so", "tt", "tt"])
    [('@0', 1, 3)]
    """
    singles, longer = _beginnings(_own)
    found = []
    for start, word in enumerate(stripped):
        known = singles.get(word, ())
        if more := longer.get((word, stripped[start + 1])) if start + 1 < len(stripped) else None:
            known = sorted((*known, *more))
        for _, phrase, concept in known:
            if tuple(stripped[start : start + len(phrase)]) == phrase:
                found.append((concept, start, start + len(phrase)))
    return found


def begins_phrase(word: str) -> bool:
    """Whether any synonym phrase begins with a stripped syllable."""
    return word in _phrases(_own)


def phrase_at(stripped: Sequence[str]) -> int:
    """How many of some syllables, from the first one, are the longest synonym phrase; 0 for none.

    >>> phrase_at(["tt", "tt"]), phrase_at(["tram"])
    (2, 0)
    """
    known = _phrases(_own).get(stripped[0], ())
    return max((len(phrase) for phrase, _ in known if tuple(stripped[: len(phrase)]) == phrase), default=0)


def meanings(word: str) -> list[tuple[str, ...]]:
    """The phrases that a word stands for as an abbreviation or another name.

    >>> meanings("tngt")
    [('tai', 'nan', 'giao', 'thong')]
    """
    return _meanings(word, _own)


@lru_cache(maxsize=256)
def _meanings(word: str, own: Groups) -> list[tuple[str, ...]]:
    concepts = {concept for phrase, concept in _phrases(own).get(word, ()) if phrase == (word,)}
    found = (phrase for known in _phrases(own).values() for phrase, concept in known if concept in concepts)
    return sorted(phrase for phrase in found if len(phrase) > 1)


def use_synonyms(groups: Iterable[Iterable[str]]) -> None:
    """Phrases of an office's own that mean the same, beside those of synonyms.json; for the whole process."""
    global _own
    _own = tuple(tuple(group) for group in groups)


def own_synonyms() -> Groups:
    """What use_synonyms was given last."""
    return _own


def name() -> str:
    """The tokenizer's name and version, another one whenever its synonyms change."""
    lists = "".join(path.read_text("utf-8") for path in (_SYNONYMS, _ABBREVIATED))
    return f"{NAME}+{hashlib.sha256(f'{lists}{_own!r}'.encode()).hexdigest()[:8]}"


def initials(stripped: Iterable[str]) -> str:
    """The letters by which officials shorten a phrase, given without diacritics.

    >>> initials(["tai", "nguyen", "va", "moi", "truong"])
    'tnmt'
    """
    return "".join(word[0] for word in stripped if word != AND)


def _bare(text: str) -> str:
    return strip_marks(fold(text))


@cache
def _phrases(own: Groups) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases by their first syllable: synonyms, those of abbreviated.txt with their initials, an office's own.

    A group that shares a phrase with one before it adds to that.
    """
    groups: list[list[str]] = json.loads(_bare(_SYNONYMS.read_text("utf-8")))
    spelt: list[set[Phrase]] = [{tuple(WORD.findall(text)) for text in group} for group in groups]
    place = {phrase: number for number, group in reversed(list(enumerate(spelt))) for phrase in group}
    own_groups = [[tuple(WORD.findall(_bare(text))) for text in group] for group in own]
    abbreviated = map(WORD.findall, _bare(_ABBREVIATED.read_text("utf-8")).splitlines())
    for group in own_groups:
        _join(spelt, place, set(group) - {()}, ())
    for phrase in map(tuple, abbreviated):  # letters may stand for several phrases, which are not the same for that
        _join(spelt, place, {phrase}, (initials(phrase),))
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for number, phrases in enumerate(spelt):
        for phrase in sorted(phrases):
            table.setdefault(phrase[0], []).append((phrase, f"@{number}"))
    return table


@cache
def _beginnings(own: Groups) -> tuple[dict[str, list[_Place]], dict[tuple[str, str], list[_Place]]]:
    """Phrases of one word by it, longer ones by their first two: most words begin some phrase, few pairs do."""
    singles: dict[str, list[_Place]] = {}
    longer: dict[tuple[str, str], list[_Place]] = {}
    for known in _phrases(own).values():
        for order, (phrase, concept) in enumerate(known):
            if len(phrase) == 1:
                singles.setdefault(phrase[0], []).append((order, phrase, concept))
            else:
                longer.setdefault((phrase[0], phrase[1]), []).append((order, phrase, concept))
    return singles, longer


def _join(groups: list[set[Phrase]], place: dict[Phrase, int], new: set[Phrase], short: Phrase) -> None:
    """Put phrases into the first group that has one of them, else into a new one, with what shortens them."""
    number = min((place[phrase] for phrase in new if phrase in place), default=len(groups))
    groups += [set()] if number == len(groups) else []
    groups[number] |= {*new, *([short] if short else [])}
    for phrase in new:
        place.setdefault(phrase, number)
