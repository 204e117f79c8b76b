"""From a question to its answer: choose the documents, search, extract, or refuse with the reason."""

from collections.abc import Sequence

from corpus.errors import QuestionError
from corpus.facts import year_of
from corpus.gazetteer import canonical
from corpus.records import Document
from index.kinds import Kind
from index.question import Asked, understand
from index.records import Answer, Cited, Question
from index.search import Found, Search

LONGEST = 1000  # code points of a question
SURE = 0.5  # confidence under which no answer is given


def check(text: str) -> None:
    """Raises QuestionError for a question that is empty or too long."""
    if not text.strip():
        raise QuestionError("Câu hỏi đang trống. Ví dụ: Hậu Giang có bao nhiêu trạm BTS tăng?")
    if len(text) > LONGEST:
        raise QuestionError(f"Câu hỏi dài quá {LONGEST} ký tự; hãy hỏi ngắn gọn một điều.")


def answer(search: Search, question: Question) -> Answer:
    """Word for word from the best passage, or the reason why not. Raises QuestionError."""
    check(question.text)
    asked = understand(question)
    if not asked.terms:
        return _refuse(question, "Câu hỏi chưa nêu muốn biết điều gì. Ví dụ: Hậu Giang có bao nhiêu trạm BTS tăng?")
    within, reason = _documents(search.generation.documents, question, asked)
    found = search.find(asked, within or search.generation.documents, question.top)
    if reason:
        return _refuse(question, reason, found)
    if not found:
        return _refuse(question, _nothing(asked))
    best = found[0]
    sure = confidence(best, asked)
    if best.choice is None or sure < SURE:
        return _refuse(question, _nothing(asked), found, sure)
    text = best.passage.text[best.choice.start : best.choice.end]
    return Answer(question.text, text, sure, None, _cite(found, asked))


def confidence(found: Found, asked: Asked) -> float:
    """How likely a passage answers, 0..1: how much of the question it says, and how near to a fitting span."""
    fit = found.choice.fit if found.choice else 0.0
    return min(1.0, 0.65 * found.cover + 0.35 * min(1.0, fit))


def _documents(known: Sequence[Document], question: Question, asked: Asked) -> tuple[list[Document], str | None]:
    """The documents to search, and the reason to refuse when the facts leave none."""
    if question.document:
        chosen = [document for document in known if document.id == question.document]
        if not chosen:
            raise QuestionError(f"Không có tài liệu “{question.document}”; xem các mã bằng “hoidap list”.")
        return chosen, None
    if not asked.provinces:
        return list(known), None
    chosen = [document for document in known if document.facts.province in asked.provinces]
    if not chosen:
        return [], f"Chưa có báo cáo nào của {', '.join(asked.provinces)}."
    return chosen, None


def _nothing(asked: Asked) -> str:
    where = f" của {', '.join(asked.provinces)}" if asked.provinces else ""
    when = f" năm {', '.join(map(str, asked.years))}" if asked.years else ""
    return f"Các báo cáo{where}{when} không nói đến điều này."


def _refuse(question: Question, reason: str, nearest: Sequence[Found] = (), sure: float = 0.0) -> Answer:
    cited = tuple(Cited(n, f.score, f.passage, f.document) for n, f in enumerate(nearest, 1))
    return Answer(question.text, None, sure, reason, cited)


def _cite(found: Sequence[Found], asked: Asked) -> tuple[Cited, ...]:
    return tuple(
        Cited(n, f.score, f.passage, f.document, (f.choice.start, f.choice.end) if f.choice else None)
        for n, f in enumerate(found, 1)
    )
