"""Measure answers against questions with known ones: hit@1, hit@3, MRR@10, answer, refused, invented."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import HoidapError, QuestionError
from corpus.text import clean
from index.records import Answer, Question

DEPTH = 10  # passages looked at
SLACK = 40  # code points by which an answer may be longer than the known one


@dataclass(frozen=True, slots=True)
class Known:
    """A question with its answer; `document` is the stem of the report's file, None when no report answers."""

    question: str
    document: str | None
    evidence: str
    answer: str
    kind: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares of 0..1 over the questions of one file or kind; None where none of them applies."""

    questions: int
    hit1: float | None
    hit3: float | None
    mrr: float | None
    answer: float | None
    refused: float | None  # of the answerable
    invented: float | None  # of the unanswerable


def read_questions(path: Path) -> list[Known]:
    """Questions as JSON lines with question, doc, evidence, answer, answerable. Raises QuestionError."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [_known(row) for row in rows]
    except OSError as error:
        raise QuestionError(f"Không đọc được {path}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise QuestionError(
            f"{path} không phải tệp câu hỏi: mỗi dòng cần một đối tượng JSON có question, doc, evidence, answer."
        ) from error


def evaluate(questions: Iterable[Known], ask: Callable[[Question], Answer]) -> dict[str, Measured]:
    """Figures over all questions (under "all") and over each kind."""
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for known in questions:
        row = judge(known, ask)
        rows["all"].append(row)
        if known.kind:
            rows[known.kind].append(row)
    return {kind: _mean(found) for kind, found in rows.items()}


def _known(row: dict[str, str | None]) -> Known:
    answerable = row.get("answerable", row["doc"] is not None)
    document = row["doc"] if answerable else None
    return Known(str(row["question"]), document, row["evidence"] or "", row["answer"] or "", row.get("kind") or "")


def judge(known: Known, ask: Callable[[Question], Answer]) -> dict[str, float]:
    """What one question counts for: 1.0 or 0.0 of each figure that applies to it, 1/rank for "mrr"."""
    try:
        answer = ask(Question(known.question, top=DEPTH))
    except HoidapError as error:
        answer = Answer(known.question, None, 0.0, str(error))
    if known.document is None:
        return {"invented": float(not answer.abstained)}
    rank = _rank(known, answer)
    return {
        "hit1": float(rank == 1),
        "hit3": float(0 < rank <= 3),
        "mrr": 1 / rank if rank else 0.0,
        "answer": float(_right(known, answer)),
        "refused": float(answer.abstained),
    }


def _rank(known: Known, answer: Answer) -> int:
    """Of the first passage from the right report that holds the evidence; 0 when none does."""
    evidence = _fold(known.evidence)
    for cited in answer.passages[:DEPTH]:
        if Path(cited.document.file).stem == known.document and evidence in _fold(cited.passage.text):
            return cited.rank
    return 0


def _right(known: Known, answer: Answer) -> bool:
    first = bool(answer.passages) and Path(answer.passages[0].document.file).stem == known.document
    return first and right(known.answer, answer.answer or "")


def right(wanted: str, got: str) -> bool:
    """Whether an answer holds the known one, and little else."""
    wanted, got = _fold(wanted), _fold(got)
    return bool(got) and wanted in got and len(got) <= len(wanted) + SLACK


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text)).strip().casefold()


def _mean(rows: list[dict[str, float]]) -> Measured:
    def share(name: str) -> float | None:
        values = [row[name] for row in rows if name in row]
        return sum(values) / len(values) if values else None

    return Measured(len(rows), *map(share, ("hit1", "hit3", "mrr", "answer", "refused", "invented")))
