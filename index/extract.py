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
from index.tokens import concepts

_REACH = 6.0  # tokens at which a question word counts half
_FENCE = 4.0  # tokens that a clause's end between word and span is worth
_WORD = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+")
_TARGET = re.compile(r"phan dau|chi tieu|muc tieu|ke hoach giao|toi thieu dat|du kien|se\b")
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


@lru_cache(maxsize=4096)
def read(text: str) -> Words:
    """The words of a passage."""
    folded, stripped = fold(text), strip_marks(text)
    found = list(_WORD.finditer(folded))
    bare = [stripped[m.start() : m.end()] for m in found]
    fences = tuple(m.start() for m in re.finditer(r"[;()]|[.:](?=\s)", text))
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
        fit += accepted + _counted(text, span, asked) + _turn(text, span, asked)
    elif _said_already(text, span, asked):
        return None
    elif asked.kind is Kind.PERSON:
        fit += _office(text, span, asked)
    return Choice(span.start, span.end, fit)


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


def _distance(passage: Words, place: int, low: int, high: int, span: Span) -> float:
    if low <= place < high:
        return 0
    gap = low - place if place < low else place - high + 1
    a, b = sorted((passage.starts[place], span.start))
    fences = bisect_left(passage.fences, b) - bisect_left(passage.fences, a)
    return gap + _FENCE * fences


def _counted(text: str, span: Span, asked: Asked) -> float:
    """How far the unit is what the question counts: "hộ" of "hộ nghèo", TTHC for "thủ tục hành chính"."""
    if span.kind is not Kind.COUNT or not asked.noun:
        return 0.0
    unit = [strip_marks(match.group()) for match in _WORD.finditer(text, span.unit, span.end)]
    if unit[:1] == list(asked.noun[:1]):
        return 0.5
    names = {name for name, _, _ in concepts(unit)}
    if names & {name for name, start, _ in concepts(list(asked.noun)) if start == 0}:
        return 0.5
    return 0.2 if set(unit) & set(asked.noun) else 0.0


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


def _said_already(text: str, span: Span, asked: Asked) -> bool:
    """An answer that only repeats the question is none."""
    if span.kind in (Kind.CLAUSE, Kind.WHETHER):
        return False
    return strip_marks(text[span.start : span.end]) in asked.stripped


def _office(text: str, span: Span, asked: Asked) -> float:
    """The office asked about must be this person's: after the name ("X – Giám đốc Sở") or just before it."""
    around = [strip_marks(text[span.end : span.end + 60]), strip_marks(text[max(0, span.start - 60) : span.start])]
    office = next((s for s in spans(asked.text, Kind.ROLE)), None)
    if not office:
        return 0.0
    words = strip_marks(asked.text[office.start : office.end]).split()[:3]
    title = r"\s+".join(map(re.escape, words[:2]))
    after = re.match(rf"\s*[–,(-]\s*(?P<before>[^.;]*?)\b{title}", around[0])
    ahead = re.search(rf"\b{title}\b[^.;,]*$", around[1])
    held = next((m for m in (after, ahead) if m), None)
    if not held:
        return -0.2
    deputy = re.search(
        r"\b(pho|nguyen)\s*$",
        around[0][: after.end() - len(" ".join(words[:2]))] if after else around[1][: ahead.start()],
    )  # type: ignore[union-attr]
    return -0.3 if deputy and words[0] != "pho" else 0.5


def _joined(text: str, choice: Choice, asked: Asked) -> Choice:
    """ "5 tập thể, 20 cá nhân": a figure for each of two things asked for."""
    wanted = frozenset(term.stripped for term in asked.terms)
    for span in spans(text, Kind.COUNT, wanted):
        link = text[choice.end : span.start] if span.start >= choice.end else None
        unit = [strip_marks(match.group()) for match in _WORD.finditer(text, span.unit, span.end)]
        if link is not None and re.fullmatch(r",?\s(và\s)?", link) and unit and unit[0] in asked.noun[1:]:
            return Choice(choice.start, span.end, choice.fit)
    return choice
