"""How near the question's words stand to each possible answer of a passage."""

from collections.abc import Mapping, Sequence

from index.figures import Span
from index.kinds import FIGURES, Kind
from index.question import Asked
from index.words import Words

REACH = 6.0  # words at which a question word counts half
FENCE = 4.0  # words that the end of a clause in between is worth
LABEL = 0.5  # what counts whether a span has all the words that one has: "thu ngân sách", not "chi ngân sách"
STRANGER = 0.4  # what a word counts for a span that it does not belong to


def nearness(passage: Words, spans: Sequence[Span], asked: Asked, weights: Mapping[str, float]) -> list[float]:
    """For each span Σ worth × credit over the question's words, as a part of their whole worth, 0..1.

    A word's credit is 1 / (1 + distance / REACH) where it stands nearest; each word of the passage belongs to one
    span, so that "doanh thu 38 tỷ, nộp ngân sách 1,6 tỷ" gives each figure its own label.
    """
    total = sum(weights[term.word] for term in asked.terms)
    if not total or not spans:
        return [0.0] * len(spans)
    if asked.kind is Kind.RANK:  # "tăng trưởng đạt 6,2%, đứng thứ 13/63": a rank shares its words with the figure
        alone = [span for span in spans if span.kind is Kind.RANK]
        if len(alone) < len(spans):
            own = iter(nearness(passage, alone, asked, weights))
            return [next(own) if span.kind is Kind.RANK else 0.0 for span in spans]
    limits = bounds(passage, spans)
    worth = {term.place: weights[term.word] for term in asked.terms}
    reached, owned = [0.0] * len(spans), [0.0] * len(spans)
    for place, said in _joined(passage.where(asked)).items():
        owners = {word: owner(passage, word, limits) for word in said}
        for number, limit in enumerate(limits):
            credits = (_credit(passage, word, limit, owners[word] == number) for word in said)
            reached[number] += worth[place] * max(credits, default=0.0)
            owned[number] += worth[place] * (number in owners.values())
    whole = [_labelled(spans, owned, number) for number in range(len(spans))]
    return [value / total * part for value, part in zip(reached, whole, strict=True)]


def _joined(where: Mapping[int, Sequence[int]]) -> dict[int, Sequence[int]]:
    """Where words stand as the question joins them, if they do anywhere: "hộ nghèo" is not in "hộ cận nghèo".

    An abbreviation stands for several at once.
    """
    found = {}
    for place, said in where.items():
        left, right = where.get(place - 1, ()), where.get(place + 1, ())
        both = {*(word + 1 for word in left), *(word - 1 for word in right), *left, *right}
        found[place] = [word for word in said if word in both] or said
    return found


def _labelled(spans: Sequence[Span], owned: Sequence[float], number: int) -> float:
    """Less than 1 for a figure when another of its kind has more of the question's words for its own."""
    if spans[number].kind not in FIGURES:
        return 1.0
    most = max(own for own, span in zip(owned, spans, strict=True) if span.kind is spans[number].kind)
    return 1 - LABEL + LABEL * owned[number] / most if most else 1.0


def bounds(passage: Words, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """For each span the numbers of its first word and of the word after its last."""
    return [(passage.at(span.start), passage.at(span.end)) for span in spans]


def owner(passage: Words, place: int, limits: Sequence[tuple[int, int]]) -> int:
    """The span a word belongs to: the one it stands in, else of its two neighbours the one no mark parts it from."""
    if len(limits) == 1:
        return 0
    inside = [number for number, (low, high) in enumerate(limits) if low <= place < high]
    before = [number for number, (_, high) in enumerate(limits) if high <= place]
    after = [number for number, (low, _) in enumerate(limits) if low > place]
    if inside or not before or not after:
        return (inside or before[-1:] or after[:1])[0]
    left, right = before[-1], after[0]
    parted_left = passage.parted(limits[left][1] - 1, place)
    parted_right = passage.parted(place, limits[right][0])
    if parted_left != parted_right:
        return right if parted_left else left
    return left if distance(passage, place, limits[left]) <= distance(passage, place, limits[right]) else right


def distance(passage: Words, place: int, limit: tuple[int, int]) -> float:
    """Words from one of them to a span of words, each end of a clause between counted as FENCE words."""
    low, high = limit
    if low <= place < high:
        return 0
    gap = low - place if place < low else place - high + 1
    return gap + FENCE * passage.fences(*((place, low) if place < low else (high - 1, place)))


def _credit(passage: Words, place: int, limit: tuple[int, int], own: bool) -> float:
    return (1.0 if own else STRANGER) / (1 + distance(passage, place, limit) / REACH)
