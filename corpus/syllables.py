"""What a Vietnamese syllable may look like: to tell text that reads as Vietnamese from text decoded wrongly."""

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

from corpus.text import pattern, strip_marks

_ONSETS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x|"
_OPEN = (
    "a ai ao au ay e eo ê êu i ia iu o oa oai oao oay oe oeo oi ô ôi ơ ơi oo u ua uâ uây uê ui uôi uơ uy uya uyu "
    "ư ưa ưi ươi ươu ưu y yêu ươ iêu ây âu uôi ă â"
)
_NASAL = (
    "am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng om on ong ôm ôn ông ơm ơn oong "
    "ôông oam oan oang oanh oăm oăn oăng oem oen um un ung uâm uân uâng uên uênh uôm uôn uông uyên uynh uyn ưm ưn "
    "ưng ươm ươn ương yêm yên yêng ynh yn"
)
_STOPPED = (
    "ac ach ap at ăc ăp ăt âc âp ât ec ep et êc êch êp êt ic ich ip it iêc iêp iêt oc op ot ôc ôp ôt ơc ơp ơt ooc "
    "oac oach oap oat oăc oăt oet uât uc up ut uôc uôp uôt uych uyt uyêt uêch ưc ưt ưp ươc ươp ươt yêt ych yt"
)
_LEVEL_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = frozenset("aeiouy")
_WORD = re.compile(r"[^\W\d_]+")


def _either(rimes: str) -> str:
    return "|".join(sorted(rimes.split(), key=len, reverse=True))


_SYLLABLE = pattern(rf"(?:{_ONSETS})(?:(?:{_either(_OPEN)})|(?:{_either(_NASAL)})|(?P<stopped>{_either(_STOPPED)}))")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word, in NFC, could be a Vietnamese syllable.

    >>> [word for word in ("thuê", "Nghiệp", "quyết", "giữa", "hoà", "ViÖt", "t×nh", "soá") if is_syllable(word)]
    ['thuê', 'Nghiệp', 'quyết', 'giữa', 'hoà', 'soá']
    """
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in apart if char in _LEVEL_TONES]
    bare = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _LEVEL_TONES))
    found = _SYLLABLE().fullmatch(bare)
    if not found or len(tones) > 1:
        return False
    return not found["stopped"] or tones[:1] in (["\u0301"], ["\u0323"])


@lru_cache(maxsize=20_000)
def is_foreign(bare: str) -> bool:
    """Whether a word without diacritics is no Vietnamese syllable, but an abbreviation or a foreign word.

    >>> [word for word in ("nghiep", "duong", "fdi", "bts", "wifi", "4g", "ocop", "35") if is_foreign(word)]
    ['fdi', 'bts', 'wifi', '4g', 'ocop']
    """
    onsets, rimes = _bare_parts()
    return not bare.isdigit() and not any(bare.startswith(onset) and bare[len(onset) :] in rimes for onset in onsets)


@cache
def _bare_parts() -> tuple[tuple[str, ...], frozenset[str]]:
    """Onsets and rimes without diacritics, those that cost less than a pattern to look at."""
    bare = strip_marks(f"{_ONSETS} {_OPEN} {_NASAL} {_STOPPED}").split(" ")
    return tuple(dict.fromkeys(bare[0].split("|"))), frozenset(bare[1:])


def reads(text: str) -> tuple[int, int]:
    """(words with letters beyond ASCII that are syllables, such words that are none).

    >>> reads("Số trạm BTS của QĐ ViÖt")
    (3, 1)
    """
    counted = Counter(word for word in _WORD.findall(text) if not word.isascii())  # most words recur
    marked = {word: times for word, times in counted.items() if not _initials(word)}
    good = sum(times for word, times in marked.items() if is_syllable(word))
    return good, sum(marked.values()) - good


def _initials(word: str) -> bool:
    """No vowel, as in QĐ and BCĐ."""
    return not any(char in _VOWELS for char in unicodedata.normalize("NFD", word.lower()))
