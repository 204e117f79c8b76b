"""Choose the answer in a passage: the span of the asked kind that stands nearest to what is asked about."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from corpus.text import fold, strip_marks
from index.figures import Span
from index.kinds import FIGURES, Kind
from index.question import Asked
from index.spans import spans
from index.tokens import WORD, concepts

_REACH = 6.0  # tokens at which a question word counts half
_FENCE = 4.0  # tokens that a clause's end between word and span is worth
_NUMBERED = frozenset(("độ", "mức", "đợt", "số", "và", "giai", "đoạn", "cấp", "loại", "khoá"))
_ACCEPTS: Mapping[Kind, Mapping[Kind, float]] = {
    Kind.COUNT: {Kind.COUNT: 0.0, Kind.RANK: -0.6},
    Kind.MONEY: {Kind.MONEY: 0.0},
    Kind.PERCENT: {Kind.PERCENT: 0.0},
    Kind.RANK: {Kind.RANK: 0.0},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer's span in a passage, and how well it fits the question, about 0..1.5."""

    start: int
    end: int
    fit: float


@dataclass(frozen=True, slots=True)
class Words:
    """A passage in words: folded and stripped forms, their offsets, and where its clauses end."""

    folded: tuple[str, ...]
    stripped: tuple[str, ...]
    starts: tuple[int, ...]
    fences: tuple[int, ...]
    concepts: frozenset[str]

    def numbers(self, low: int, high: int) -> dict[str, list[int]]:
        """Short numbers that name something, with their places, outside of words low..high."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self.folded):
            if (
                not low <= place < high
                and word.isdigit()
                and len(word) <= 2
                and place
                and self.folded[place - 1] in _NUMBERED
            ):
                found.setdefault(word, []).append(place)
        return found


@lru_cache(maxsize=4096)
def read(text: str) -> Words:
    """The words of a passage."""
    folded, stripped = fold(text), strip_marks(text)
    found = list(WORD.finditer(folded))
    bare = [stripped[m.start() : m.end()] for m in found]
    fences = tuple(m.start() for m in re.finditer(r"[;()]|[.:](?=\s)|,(?=\s(?:\w+\s){0,2}\d)", text))
    names = frozenset(name for name, _, _ in concepts(bare))
    return Words(tuple(m.group() for m in found), tuple(bare), tuple(m.start() for m in found), fences, names)


def choose(text: str, asked: Asked, weights: Mapping[str, float]) -> Choice | None:
    """The best span of the asked kind in a passage; None when it has none.

    `weights` maps the question's words to their worth (idf × role); those near a span speak for it.
    """
    wanted = frozenset(term.stripped for term in asked.terms)
    passage = read(text)
    choices = [_judge(text, passage, span, asked, weights) for span in spans(text, asked.kind, wanted)]
    best = max((c for c in choices if c), key=lambda choice: (choice.fit, -choice.start), default=None)
    return _joined(text, best, asked) if best and asked.kind is Kind.COUNT else best


def _judge(text: str, passage: Words, span: Span, asked: Asked, weights: Mapping[str, float]) -> Choice | None:
    fit = _nearness(passage, span, asked, weights)
    if asked.kind in FIGURES:
        accepted = _ACCEPTS[asked.kind].get(span.kind)
        if asked.kind is Kind.COUNT and not asked.noun and span.kind in (Kind.MONEY, Kind.PERCENT):
            accepted = -0.2
        if accepted is None or text[span.number : span.unit] in asked.numbers:
            return None
        fit += (
            accepted
            + _counted(text, span, asked)
            + _turn(text, span, asked)
            + _total(text, span, asked)
            + _numbered(passage, span, asked)
        )
    elif _said_already(text, span, asked):
        return None
    elif asked.kind is Kind.PERSON:
        fit += _office(text, span, asked)
    elif asked.kind is Kind.CLAUSE and _repeats(text, span, wanted=frozenset(term.stripped for term in asked.terms)):
        return None
    return Choice(span.start, span.end, fit)


def _repeats(text: str, span: Span, wanted: frozenset[str]) -> bool:
    """A heading: nearly all its words are the question's own."""
    own = [strip_marks(match.group()) for match in WORD.finditer(text, span.start, span.end)]
    return sum(word in wanted for word in own) >= 0.7 * len(own)


def _nearness(passage: Words, span: Span, asked: Asked, weights: Mapping[str, float]) -> float:
    """Σ worth × 1 / (1 + distance / reach) over the question's words, as a part of their whole worth."""
    low, high = bisect_left(passage.starts, span.start), bisect_left(passage.starts, span.end)
    inside = span.kind in FIGURES or span.kind in (Kind.CLAUSE, Kind.WHETHER, Kind.ROLE)
    total, reached = sum(weights.values()), 0.0
    for term in asked.terms:
        near = min(
            (
                _distance(passage, place, low, high, span)
                for place, word in enumerate(passage.folded if asked.marked else passage.stripped)
                if word == (term.word if asked.marked else term.stripped) and (inside or not low <= place < high)
            ),
            default=None,
        )
        if near is not None:
            reached += weights[term.word] / (1 + near / _REACH)
    return reached / total if total else 0.0


def _distance(passage: Words, place: int, low: int, high: int, span: Span, fence: float = _FENCE) -> float:
    if low <= place < high:
        return 0
    gap = low - place if place < low else place - high + 1
    a, b = sorted((passage.starts[place], span.start))
    fences = bisect_left(passage.fences, b) - bisect_left(passage.fences, a)
    return gap + fence * fences


def _counted(text: str, span: Span, asked: Asked) -> float:
    """How far the unit is what the question counts: "hộ" of "hộ nghèo", TTHC for "thủ tục hành chính"."""
    if span.kind is not Kind.COUNT or not asked.noun:
        return 0.0
    unit = _unit(text, span)
    names = {name for name, _, _ in concepts(unit)}
    if names & {name for name, start, _ in concepts(list(asked.noun)) if start == 0}:
        return 0.6
    shared = len(set(unit) & set(asked.noun)) / len(set(asked.noun))
    return 0.35 * (unit[:1] == list(asked.noun[:1])) + 0.25 * shared


def _unit(text: str, span: Span) -> list[str]:
    return [strip_marks(match.group()) for match in WORD.finditer(text, span.unit, span.end)]


def _numbered(passage: Words, span: Span, asked: Asked) -> float:
    """Among figures told apart by a number ("mức độ 3", "mức độ 4"), the one whose nearest such number is asked for."""
    low, high = bisect_left(passage.starts, span.start), bisect_left(passage.starts, span.end)
    near = {
        word: min(_distance(passage, place, low, high, span, 2 * _FENCE) for place in places)
        for word, places in passage.numbers(low, high).items()
    }
    closest = min(near, key=lambda word: near[word], default=None)
    return 0.0 if closest is None or not asked.numbers else 0.3 if closest in asked.numbers else -0.3


def _turn(text: str, span: Span, asked: Asked) -> float:
    """Rises and falls: what the question names must stand before the figure; an unasked one speaks against it."""
    before = strip_marks(text[max(0, span.start - 24) : span.start])
    turns = re.findall(r"\b(tang|giam|vuot|them)\b", re.split(r"[;,.()]", before)[-1])
    if not turns:
        return 0.0
    said = "giam" if turns[-1] == "giam" else "tang"
    if asked.direction:
        return 0.3 if said == asked.direction else -0.6
    return -0.3


def _total(text: str, span: Span, asked: Asked) -> float:
    """ "nâng tổng số xã … là 54/54 xã": a total goes before its parts."""
    before = fold(text[max(0, span.start - 100) : span.start])
    return (
        0.2 if "thêm" not in asked.text and re.search(r"\btổng (số )?[^,;.()\d]*\b(là|lên|đạt|có)\s+$", before) else 0.0
    )


def _said_already(text: str, span: Span, asked: Asked) -> bool:
    """An answer that only repeats the question is none."""
    if span.kind in (Kind.CLAUSE, Kind.WHETHER):
        return False
    return strip_marks(text[span.start : span.end]) in asked.stripped


def _office(text: str, span: Span, asked: Asked) -> float:
    """The office asked about must be this person's: after the name ("X – Giám đốc Sở") or just before it."""
    office = next(iter(spans(asked.text, Kind.ROLE)), None)
    if not office:
        return 0.0
    words = strip_marks(asked.text[office.start : office.end]).split()
    title = r"\s+".join(map(re.escape, words[:2]))
    deputy = "" if words[0] == "pho" else r"(?<!pho )(?<!nguyen )"
    after = strip_marks(text[span.end : span.end + 80])
    ahead = strip_marks(text[max(0, span.start - 60) : span.start])
    held = re.match(rf"\s*[–,(-]\s*[^.;]*?{deputy}\b{title}\b", after) or re.search(
        rf"{deputy}\b{title}\b[^.;,]*$", ahead
    )
    return 0.5 if held else -0.3


def _joined(text: str, choice: Choice, asked: Asked) -> Choice:
    """ "5 tập thể, 20 cá nhân": a figure for each of two things asked for."""
    wanted = frozenset(term.stripped for term in asked.terms)
    for span in spans(text, Kind.COUNT, wanted):
        link = text[choice.end : span.start] if span.start >= choice.end else None
        unit = _unit(text, span)
        if link is not None and re.fullmatch(r",?\s(và\s)?", link) and unit and unit[0] in wanted:
            return Choice(choice.start, span.end, choice.fit)
    return choice
