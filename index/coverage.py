"""How much of a question a passage says, weighed by what its words are worth."""

import re
from collections.abc import Mapping, Sequence

from index.kinds import FIGURES
from index.question import Asked, Term
from index.roles import Role, role_asked
from index.tokens import meanings
from index.words import Words

Otherwise = Mapping[int, Sequence[int]]  # for places in the question the words that say them by another name
SYNONYM = 0.9  # a word said by another name
TURNED = 0.2  # a syllable that its neighbour stands on the other side of: "làm việc" for "việc làm" is another word
ALONE = 0.7  # a syllable without the neighbour that makes it a word: "pháp" of "pháp luật" for "nước Pháp"
HEADING = 0.6  # a word said only in the line that introduces the passage
_FIRST_FIGURE = re.compile(r"(?<![\w./-])(?!(?:19|20)\d\d\b)\d[\d.,]*(?![\w/-])")
ANEW = 0.2  # of the question's worth: what a label has of its own, where another stands before
SCATTERED = 0.4  # a text that has a question's only two words one by one: they may be parts of others


def coverage(
    passage: Words, also: Otherwise, above: Mapping[int, float], asked: Asked, weights: Mapping[str, float]
) -> float:
    """The part of the question's worth that a passage says, 0..1; `above` is what its heading is `saying`.

    `also` is what it says `otherwise`.
    """
    part = _part(asked, weights, saying(asked, passage, also), above)
    return part * (SCATTERED if not also and _is_scattered(asked, passage) else 1.0)


def own_coverage(
    passage: Words, span: range, above: Mapping[int, float], asked: Asked, weights: Mapping[str, float]
) -> float:
    """The same of what is said of text[span.start : span.stop]: in its clause, and in what leads its row or list.

    What stands behind its semicolon is said of something else, what stands before is as good as a heading.
    """
    ends = [mark for mark in passage.strong if passage.text[mark] in ";."]
    start = max((mark for mark in ends if mark < span.start), default=0)
    end = min((mark for mark in ends if mark >= span.stop), default=len(passage.text))
    if not start and end == len(passage.text):
        return 1.0
    colons = [mark for mark in passage.strong if passage.text[mark] == ":" and mark < span.start]
    lead = colons[0] if colons and colons[-1] < start else 0
    own = _both(saying(asked, passage.within(start, end)), saying(asked, passage.within(0, lead)))
    # What another figure's words say between the first one's and this one's is said of that.
    first = _FIRST_FIGURE.search(passage.text)
    marks = (mark for mark in (*passage.strong, *passage.weak) if first and mark >= first.end())
    before = saying(asked, passage.within(0, min((*marks, start))))
    # "Doanh thu viễn thông …; doanh thu bưu chính 412 tỷ đồng": what is said anew is not of what was said before.
    again = before.keys() & saying(asked, passage.within(start, span.stop)).keys()
    level = asked.direction is None and role_asked(asked) is not Role.TARGET
    anew = level and _part(asked, weights, dict.fromkeys(again, 1.0), {}) >= ANEW
    return _part(asked, weights, own, above if anew else _both(above, before))


def _both(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    return {place: max(one.get(place, 0.0), other.get(place, 0.0)) for place in {*one, *other}}


def _part(asked: Asked, weights: Mapping[str, float], said: Mapping[int, float], above: Mapping[int, float]) -> float:
    total = covered = 0.0
    for term in asked.terms:
        worth, own, headed = weights[term.word], said.get(term.place, 0.0), HEADING * above.get(term.place, 0.0)
        total += worth
        covered += worth * (own if own > headed else headed)
    return covered / total if total else 0.0


def _is_scattered(asked: Asked, passage: Words) -> bool:
    """Whether the only two words of a question stand apart: "dân số" is not in "số giường bệnh trên vạn dân".

    What is counted may: "240 con" in "đàn trâu có 240 con".
    """
    if asked.kind not in FIGURES or asked.direction or len(asked.terms) != 2 or (asked.marked and asked.noun):
        return False
    first, second = asked.terms
    behind = _neighbours(passage.spelt(asked), _spelt(first, asked), passage.behind_marks())[1]
    return second.place == first.place + 1 and _spelt(second, asked) not in behind


def lacks_name(passage: Words, also: Otherwise, asked: Asked) -> bool:
    """Whether a number or an abbreviation that a question names things by is not in a passage, nor what it means."""
    if any(number not in passage.folded for number in asked.numbers):
        return True
    if asked.kind not in FIGURES:
        return False
    if asked.marked and _lacks_change(passage, asked):
        return True
    if not asked.names:
        return False
    own = frozenset(passage.stripped)
    return any(name not in own and place not in also and not _spelt_apart(name, own) for name, place in asked.names)


def _lacks_change(passage: Words, asked: Asked) -> bool:
    """Whether "đô thị hóa" is asked for where there is only "đô thị"."""
    if not (changed := [term for term in asked.terms if term.word in ("hoá", "hóa")]):
        return False
    spelt, parted = {term.place: term.word for term in asked.terms}, passage.behind_marks()
    lefts = ((term, left) for term in changed if (left := spelt.get(term.place - 1)) in passage.folded)
    return any(term.word not in _neighbours(passage.folded, left or "", parted)[1] for term, left in lefts)


def _spelt_apart(name: str, words: frozenset[str]) -> bool:
    """Whether a passage has all words that an abbreviation stands for: "hệ thống thông tin … an toàn" for ATTT."""
    return any(words.issuperset(phrase) for phrase in meanings(name))


def saying(asked: Asked, passage: Words, also: Otherwise | None = None) -> dict[int, float]:
    """For each place of the question's words, how well a text says it, 0..1; `also` is what it says `otherwise`."""
    also = passage.otherwise(asked) if also is None else also
    own, parted = passage.spelt(asked), passage.behind_marks()
    spelt = {term.place: _spelt(term, asked) for term in asked.terms}
    said = {}
    for term in asked.terms:
        word = spelt[term.place]
        if word in own:
            left, right = spelt.get(term.place - 1), spelt.get(term.place + 1)
            before, after = _neighbours(own, word, parted)
            joined = left in before or right in after or (also and _beside(own, word, term.place, also))
            turned = left in after or right in before
            said[term.place] = 1.0 if joined or left is None is right else TURNED if turned else ALONE
        if term.place in also:
            said[term.place] = max(SYNONYM, said.get(term.place, 0.0))
    return said


def _neighbours(words: Sequence[str], word: str, parted: frozenset[int]) -> tuple[set[str], set[str]]:
    """The words right before one and those right behind it, with no mark between."""
    at = [number for number, own in enumerate(words) if own == word]
    before = {words[number - 1] for number in at if number and number not in parted}
    return before, {words[number + 1] for number in at if number + 1 < len(words) and number + 1 not in parted}


def _beside(words: Sequence[str], word: str, place: int, also: Otherwise) -> bool:
    """Whether a word stands beside another name of its neighbour: "thu NSNN" for "thu ngân sách nhà nước"."""
    before, after = also.get(place - 1, ()), also.get(place + 1, ())
    return any(own == word and (n - 1 in before or n + 1 in after) for n, own in enumerate(words))


def _spelt(term: Term, asked: Asked) -> str:
    return term.word if asked.marked else term.stripped
