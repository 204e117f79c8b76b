"""Whether other words say the same indicator: what stands beside it is another, what stands in its place is not.

A report states an indicator once. "Kinh phí chi cho CNTT" is in reports where "ngân sách bố trí cho dự án CNTT" is not;
"tổng số tiền xử phạt" is in those that say "nộp ngân sách", too, so it is something else however alike it sounds.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from index.search import Found

ALIKE = 0.6  # part of the words of two passages that both have, from which on they are worded alike
RECURS = 3  # reports in which other words stand in the indicator's place

Wording = frozenset[str]


class Wordings:
    """What the reports of a comparison say; `sure` are those that give the indicator in the question's words."""

    def __init__(self, found: Mapping[str, Sequence[Found]], sure: Collection[str]) -> None:
        self._found = found
        self._sure = sure

    def same(self, item: Found, near: bool) -> bool:
        """Whether a passage may say the indicator in other words; one that does not even come `near` has to recur."""
        own = wording(item)
        if any(_alike(own, other) for other in self._beside):
            return False
        return near or sum(_alike(own, other) for other in self._instead) >= RECURS

    @cached_property
    def _beside(self) -> set[Wording]:
        return {wording(item) for id in self._sure for item in self._found[id][1:]}

    @cached_property
    def _instead(self) -> list[Wording]:
        return [wording(best[0]) for id, best in self._found.items() if id not in self._sure]


def wording(item: Found) -> Wording:
    """The words of a passage, without numbers."""
    return frozenset(word for word in item.words.stripped if not word[0].isdigit())


def _alike(one: Wording, other: Wording) -> bool:
    return len(one & other) >= ALIKE * len(one | other)
