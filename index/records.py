"""One frozen record for each step from a question to its answer."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from corpus.records import Document, Passage


class Hit(NamedTuple):  # made by the thousand for a comparison, which costs a dataclass five times as much
    """One found item of a ranker: its id (position in the generation) and score, higher is better."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the limits put on its search."""

    text: str
    province: str | None = None
    year: int | None = None
    document: str | None = None  # a document's id
    top: int = 3  # passages wanted


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage in an answer. `document.text` is empty here: only its facts are needed to cite it."""

    rank: int
    score: float
    passage: Passage
    document: Document
    highlight: tuple[int, int] | None = None  # code-point offsets of the answer in passage.text


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a question. Abstaining: `answer` is None and `reason` says why, in Vietnamese."""

    question: str
    answer: str | None  # word for word from passages[0]
    confidence: float  # 0..1
    reason: str | None = None
    passages: tuple[Cited, ...] = field(default=())
    note: str | None = None  # what a reader must know of the answer, in Vietnamese
    choices: tuple[str, ...] = ()  # follow-ups that would make the question whole: "Hậu Giang", "năm 2016"

    @property
    def abstained(self) -> bool:
        return self.reason is not None

    def as_json(self) -> dict[str, Any]:
        """The object that `hoidap ask --json` prints."""
        return {
            "question": self.question,
            "abstained": self.abstained,
            "reason": self.reason,
            "answer": self.answer,
            "confidence": round(self.confidence, 3),
            "passages": [_cited_json(cited) for cited in self.passages],
            **({"note": self.note} if self.note else {}),
        }


def _cited_json(cited: Cited) -> dict[str, Any]:
    facts = cited.document.facts
    return {
        "rank": cited.rank,
        "score": round(cited.score, 4),
        "text": cited.passage.text,
        "start": cited.passage.start,
        "end": cited.passage.end,
        "highlight": list(cited.highlight) if cited.highlight else None,
        "document": {
            "id": cited.document.id,
            "file": cited.document.file,
            "title": facts.title,
            "province": facts.province,
            "period": facts.period,
            "issuer": facts.issuer,
            "date": facts.date,
            "url": facts.url,
        },
    }
