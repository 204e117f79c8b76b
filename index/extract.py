"""Choose the answer in a passage: the span of the asked kind that stands nearest to what is asked about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from index.counting import FOREIGN, label_of, unit_of
from index.cues import cues
from index.entities import entities, things
from index.figures import Span
from index.kinds import BODIES_ASKED, FIGURES, MEASURE, Kind
from index.nearness import bounds, nearness, owner
from index.outdone import outdone
from index.question import Asked
from index.roles import Role, base_of, role_asked, role_of
from index.spans import spans
from index.strangers import SET_OFF, speaks_of_another
from index.untimely import untimely
from index.words import Words

# What each cue adds to a span's nearness, which is 0..1.
_AIMED = -0.3  # a target where none is asked for
_OTHER_ROLE = -1.0  # a level beside a change of the same thing, where the change is asked for
_LATER = -0.15  # what a sentence is about comes first, its parts and other things behind it
_OUTDONE = -0.3  # another figure says more of the question
_NUMBERED = 0.3  # "mức độ 3" where the question says so; less where it says another
_NUMBERING = frozenset(("độ", "mức", "đợt", "số", "đoạn", "cấp", "loại", "khoá"))


class Choice(NamedTuple):
    """An answer's span in a passage, and how well it fits the question, about 0..1.5."""

    start: int
    end: int
    fit: float
    first_end: int  # where the first of joined figures ends, "5 tập thể" of "5 tập thể, 20 cá nhân"
    apart: bool = False  # whether its own words speak of something else


def choose(
    passage: Words, asked: Asked, weights: Mapping[str, float], year: int | None = None, whole: bool = False
) -> Choice | None:
    """The best span of the asked kind in a passage; None when it has none. `year` is its report's, and whether whole.

    `weights` maps the question's words to their worth (idf × role); those near a span speak for it.
    """
    wanted = frozenset(term.stripped for term in asked.terms)
    text = passage.text
    # "13 sản phẩm 4 sao" for "bao nhiêu sản phẩm 4 sao": the 4 only says which.
    found = [span for span in _possible(text, asked, wanted) if text[span.number : span.unit] not in asked.numbers]
    near = nearness(passage, found, asked, weights)
    numbered, singled = _numbered(passage, found, asked), _singled(text, found, asked)
    among = zip(numbered, _played(text, found, asked, year), singled, strict=True)
    others = untimely(text, found, asked, year, whole)
    choices = [
        Choice(span.start, span.end, fit + sum(said) + own, span.end)
        for span, fit, other, said in zip(found, near, others, among, strict=True)
        if not other and (own := cues(passage, span, asked)) is not None
    ]
    less = _less(passage, found, asked)
    best = max(
        choices,
        key=lambda choice: (choice.fit + less[choice.start] + _late(text, choices[0], choice, asked), -choice.start),
        default=None,
    )
    if best and _is_level(asked):
        span = next(span for span in found if span.start == best.start)
        best = best._replace(apart=speaks_of_another(passage, span, found, asked, weights))
    return _joined(text, best, asked, found) if best and asked.kind is Kind.COUNT else best


def _is_level(asked: Asked) -> bool:
    return asked.kind in FIGURES and asked.direction is None and role_asked(asked) is not Role.TARGET


def _less(passage: Words, found: Sequence[Span], asked: Asked) -> dict[int, float]:
    """What speaks against each figure, by its start, where another one says more of the question."""
    lesser = outdone(passage, found, asked) if _is_level(asked) else [False] * len(found)
    return {span.start: _OUTDONE * less for span, less in zip(found, lesser, strict=True)}


def _late(text: str, first: Choice, choice: Choice, asked: Asked) -> float:
    """What a figure's standing behind another says against it, unless it is of another year, a sum, or wanted so."""
    told = asked.kind not in FIGURES or (asked.kind is Kind.COUNT and not asked.noun)
    if choice is first or told or role_asked(asked) is not Role.LEVEL:
        return 0.0
    return 0.0 if SET_OFF.search(text, first.end, choice.start) else _LATER


def _possible(text: str, asked: Asked, wanted: frozenset[str]) -> Iterable[Span]:
    if asked.kind is Kind.ENTITY:
        return entities(text, asked.noun)
    if asked.kind is Kind.CLAUSE and (meant := list(things(text, asked))):
        return meant
    found = spans(text, asked.kind, wanted)
    # Which bodies there are is said by names alone.
    named = asked.kind is Kind.LIST and BODIES_ASKED().search(asked.stripped)
    return [span for span in found if re.search(r".\s[^\W\d_a-z]", text[span.start : span.end])] if named else found


def _played(text: str, found: Sequence[Span], asked: Asked, year: int | None) -> list[float]:
    """Of figures of one thing told apart by their role ("có 219 điểm, tăng 12 điểm"), only that asked for stands."""
    if asked.kind not in FIGURES:
        return [0.0] * len(found)
    wanted, roles = role_asked(asked), [role_of(text, span.start, span.end, year) for span in found]
    if wanted is Role.CHANGE and not asked.direction and "them" not in asked.stripped.split():
        # "Cấp mới 455 văn bằng, tăng 17 văn bằng so với năm 2019": what is new is no rise over a year before.
        return [
            _OTHER_ROLE if role is wanted and span.end < base_of(text, span.end)[1] else 0.0
            for role, span in zip(roles, found, strict=True)
        ]
    alike = [not asked.noun or unit_of(text, span)[:1] == list(asked.noun[:1]) for span in found]
    if not any(role is wanted and same for role, same in zip(roles, alike, strict=True)):
        return [_AIMED if role is Role.TARGET is not wanted else 0.0 for role in roles]
    return [0.0 if role is wanted else _OTHER_ROLE for role in roles]


def _singled(text: str, found: Sequence[Span], asked: Asked) -> list[float]:
    """Where some figures have what is asked for in their label or unit, others are of something else.

    "78.846 ha, năng suất 73,5 tạ/ha"; "125 hợp tác xã với 2.750 thành viên" for "thành viên hợp tác xã".
    """
    if asked.kind is not Kind.COUNT or asked.direction:
        return [0.0] * len(found)
    units, measure = [unit_of(text, span)[:1] for span in found], MEASURE().search(asked.stripped)
    if measure:
        own = [unit for unit, span in zip(units, found, strict=True) if measure.group() in label_of(text, span)]
        return [FOREIGN if own and unit not in own else 0.0 for unit in units]
    if list(asked.noun[:1]) not in units:
        return [0.0] * len(found)
    return [FOREIGN if unit and unit[0] in asked.noun[1:] else 0.0 for unit in units]


def _numbered(passage: Words, found: Sequence[Span], asked: Asked) -> list[float]:
    """Of figures told apart by numbers ("mức độ 3", "mức độ 4"), which has the one asked for, which another."""
    limits = bounds(passage, found)
    named = [
        (word, owner(passage, place, limits))
        for place, word in enumerate(passage.folded)
        if found and word.isdigit() and place and passage.folded[place - 1] in _NUMBERING
    ]
    if not {word for word, _ in named} & set(asked.numbers):
        return [0.0] * len(found)
    own = [{word for word, owning in named if owning == number} for number in range(len(found))]
    return [_NUMBERED if words & set(asked.numbers) else -_NUMBERED if words else 0.0 for words in own]


def _joined(text: str, choice: Choice, asked: Asked, found: Sequence[Span]) -> Choice:
    """ "5 tập thể, 20 cá nhân": a figure for each of two things asked for; not "khám chữa bệnh" and "12 bệnh viện"."""
    others = f" {' '.join(asked.noun[1:])} "
    for span in found:
        link = text[choice.end : span.start] if span.start >= choice.end else None
        thing = " ".join(unit_of(text, span)[:2])
        listed = any(f"{link} {thing} " in f"{asked.stripped} " for link in (",", " va"))
        also = thing and (f" {thing} " in others or listed)
        if link is not None and re.fullmatch(r",?\s(và\s)?", link) and also:
            return choice._replace(end=span.end, first_end=choice.end)
    return choice
