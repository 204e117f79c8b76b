"""Of several figures of one kind, those that say less of the question than another one does, and nothing else of it."""

from collections.abc import Sequence

from index.counting import unit_of
from index.figures import Span
from index.question import AMBIGUOUS_WEIGHT, Asked
from index.words import Words

_HOW_MANY = frozenset(("so", "tong", "luong"))  # "so giay phep" is not said by "Sở Xây dựng"
_Said = tuple[frozenset[int], frozenset[int]]  # places of the question's words: those that tell, the light ones


def outdone(passage: Words, found: Sequence[Span], asked: Asked) -> list[bool]:
    """For each figure whether another of its kind says all of the question's words that its own words say, and more.

    Of "rác thải nông thôn được thu gom 71,6%; ở đô thị 82,6%" the first one is, where "đô thị" is asked for. What
    stands before the first figure is said of all but those that say some of it anew: of "doanh thu viễn thông 1.622 tỷ
    đồng; doanh thu bưu chính 412 tỷ đồng" the second one is, where "doanh thu viễn thông" is asked for.
    """
    if len(found) < 2:
        return [False] * len(found)
    places = {place: set(said) for place, said in passage.where(asked).items()}
    content = {term.place for term in asked.terms if term.weight == 1}
    light = {t.place for t in asked.terms if AMBIGUOUS_WEIGHT < t.weight < 1 and t.stripped not in _HOW_MANY}
    heading, lead = _before(passage, min(span.start for span in found))
    said = []
    for span in found:
        own = set(_own(passage, span, found))
        anew = any(not where.isdisjoint(own) and not where.isdisjoint(lead) for where in places.values())
        own |= heading if anew else heading | lead
        own_places = {place for place, where in places.items() if not where.isdisjoint(own)}
        said.append((frozenset(own_places & content), frozenset(own_places & light)))
    counts = [unit_of(passage.text, span)[:1] == list(asked.noun[:1]) for span in found]
    figures = list(zip(said, found, counts, strict=True))
    return [
        # "93 trạm của 3 doanh nghiệp": no number of stations says more of how many firms there are.
        any(_less(one, other) and span.kind is of.kind and (same or not own) for other, of, same in figures)
        for one, span, own in figures
    ]


def _less(one: _Said, other: _Said) -> bool:
    """Whether one says less: of the words that tell, or as much of these and less of the light ones."""
    return one[0] < other[0] or (one[0] == other[0] and one[1] < other[1])


def _before(passage: Words, first: int) -> tuple[set[int], set[int]]:
    """The numbers of the words before the first figure: those of a heading, up to its colon, and the others."""
    colons = [mark for mark in passage.strong if mark < first and passage.text[mark] == ":"]
    headed = passage.at(max(colons, default=0))
    return set(range(headed)), set(range(headed, passage.at(first)))


def _own(passage: Words, span: Span, found: Sequence[Span]) -> range:
    """The numbers of a figure's own words: between the marks that part it from the figures before and behind it."""
    before = max((other.end for other in found if other.end <= span.start), default=0)
    after = min((other.start for other in found if other.start >= span.end), default=len(passage.text))
    start = _parting(passage, before, span.start) if before else 0
    return range(passage.at(start), passage.at(_parting(passage, span.end, after)))


def _parting(passage: Words, low: int, high: int) -> int:
    """Where what is said of one figure ends and of the next begins: the last semicolon or bracket, else any mark."""
    strong = [mark for mark in passage.strong if low <= mark < high and passage.text[mark] != ":"]
    marks = strong or [mark for mark in (*passage.strong, *passage.weak) if low <= mark < high]
    return max(marks, default=high)
