"""How far an answer can be trusted: the evidence for it, and how often such evidence turned out right."""

from collections.abc import Sequence

from corpus.period import year_of
from index.coverage import lacks_name
from index.kinds import FIGURES, Kind
from index.question import Asked
from index.search import NEAR, Found

COVERED = 0.7  # what coverage counts in it; the rest is the fit of the span
NO_NOUN = 0.8  # the fit to reach where the question counts nothing that a unit could match
LACKING = 0.6  # left of it when a number that tells like things apart is missing
SURE_ALONE = 0.53  # where the report of the province and period asked about says nothing else that comes near
SURE_LATER = 0.75  # where a report of another year says it, beside what it says of its own
FOREIGN = 0.5  # left of it where the best span counts another thing, or is a target or a deputy
APART = 0.6  # where its own words speak of something else
UNKNOWN = 0.6  # what each word that no report has leaves of the confidence
SURE = 0.58  # evidence under which no answer is given
# (evidence, share that was right): isotonic regression over the open sets, by tools/quality.py.
KNOTS = (
    *((0.314, 0.0), (0.315, 0.164), (0.503, 0.164), (0.504, 0.3), (0.529, 0.3), (0.532, 0.868), (0.582, 0.868)),
    *((0.583, 0.943), (0.647, 0.943), (0.665, 0.977), (0.687, 0.977), (0.688, 0.993), (0.792, 0.993)),
    *((0.793, 0.999), (1.0, 0.999)),
)


def evidence(found: Found, asked: Asked, unknown: Sequence[str]) -> float:
    """What speaks for a passage's answer, 0..1: how much of the question it says, and how well its span fits."""
    reachable = 1.0 if asked.noun and asked.kind is Kind.COUNT else NO_NOUN
    fit = min(1.0, found.choice.fit / reachable) if found.choice else 0.0
    lacking = LACKING if lacks_name(found.words, found.also, asked) else 1.0
    foreign = FOREIGN if fit < 0 else APART if found.choice and found.choice.apart else 1.0
    return max(0.0, COVERED * found.cover + (1 - COVERED) * fit) * lacking * foreign * UNKNOWN ** len(unknown)


def needed(found: Sequence[Found], asked: Asked) -> float:
    """The evidence that an answer must have, by what was found for a question, best first."""
    alone = all(other.score < NEAR * found[0].score for other in found[1:])
    return SURE_ALONE if asked.provinces and asked.years and alone else SURE


def needed_of(found: Sequence[Found], asked: Asked) -> float:
    """The same for an answer, of which more is needed in a report of another year than the one asked about."""
    year = year_of(found[0].document.facts.period)
    other = asked.kind in FIGURES and asked.years and year is not None and year not in asked.years
    return SURE_LATER if other else needed(found, asked)


def confidence(weight: float) -> float:
    """How often answers with this evidence were right, 0..1."""
    return along(weight, KNOTS)


def along(value: float, knots: Sequence[tuple[float, float]]) -> float:
    """Linear between knots that rise from left to right, level beyond the last, through (0, 0) before the first.

    >>> along(0.25, [(0.5, 0.8), (1.0, 0.9)]), along(0.75, [(0.5, 0.8), (1.0, 1.0)]), along(2, [(0.5, 0.8)])
    (0.4, 0.9, 0.8)
    """
    left = (0.0, 0.0)
    for right in knots:
        if value <= right[0]:
            part = (value - left[0]) / (right[0] - left[0]) if right[0] > left[0] else 1.0
            return left[1] + part * (right[1] - left[1])
        left = right
    return left[1]
