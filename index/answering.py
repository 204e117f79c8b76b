"""From a question to its answer: choose the documents, search, extract, or refuse with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.errors import QuestionError
from corpus.period import year_of
from corpus.records import Document
from corpus.text import clean
from index.confidence import SURE, confidence, evidence, needed_of
from index.kinds import Kind
from index.question import AMBIGUOUS_WEIGHT, Asked
from index.records import Answer, Cited, Question
from index.roles import only_share
from index.scope import Scope, scope
from index.search import Found, Search, answers, of_other_role

LONGEST = 1000  # code points of a question
RIVAL = 0.6  # of the best score: a passage that might have been meant
SAID = 0.8  # of the question's worth, by a passage that is on its matter
RIVALS = 8  # passages looked at for that
UNFINISHED = "Danh sách còn tiếp ở đoạn ngay sau trong báo cáo."
VAGUE = "Câu hỏi chưa nêu muốn biết điều gì. Ví dụ: Hậu Giang có bao nhiêu trạm BTS tăng?"


def check(text: str) -> None:
    """Raises QuestionError for a question that is empty or too long."""
    if not clean(text).strip():
        raise QuestionError("Câu hỏi đang trống. Ví dụ: Hậu Giang có bao nhiêu trạm BTS tăng?")
    if len(text) > LONGEST:
        raise QuestionError(f"Câu hỏi dài quá {LONGEST} ký tự; hãy hỏi ngắn gọn một điều.")


def answer(search: Search, question: Question) -> Answer:
    """Word for word from the best passage, or the reason why not. Raises QuestionError."""
    check(question.text)
    asked = search.understand(question)
    if all(term.weight <= AMBIGUOUS_WEIGHT for term in asked.terms):
        return _refuse(question, VAGUE)
    where = scope(search.reports, question, asked)
    among, leaves = where.documents or search.reports.all, _leaves_open(question, asked, where)
    found = search.find(asked, among, max(question.top, RIVALS), None if leaves else question.top)
    if where.reason:
        return _refuse(question, where.reason, found)
    if not found:
        return _unreported(search, question, asked, where.documents)
    found = _played_first(found, asked, search.unknown(asked))
    weight = evidence(found[0], asked, search.unknown(asked))
    sure = confidence(weight)
    if found[0].choice is None or weight < needed_of(found, asked):
        share = only_share(asked, found[0].passage.text) if found[0].cover >= SAID else None
        return _refuse(question, share or _nothing(asked, where.documents), found, sure)
    # Parts of a province are told apart as provinces are where none is named.
    if missing := _unsaid(found, asked._replace(provinces=()) if where.note else asked, question):
        return replace(_refuse(question, missing[0], found, sure), choices=missing[1])
    if other := of_other_role(found[0], asked):
        return _refuse(question, other, found, sure)
    text = found[0].passage.text[found[0].choice.start : found[0].choice.end]
    return Answer(
        question.text, text, sure, None, _cite(found[: question.top]), where.note or _unfinished(found[0], asked)
    )


def _played_first(found: list[Found], asked: Asked, unknown: Sequence[str]) -> list[Found]:
    """With a passage ahead whose figure has the role asked for, where the best one has none or only one of another."""
    if answers(found[0], asked):
        return found
    likely = (f for f in found[1:] if answers(f, asked) and evidence(f, asked, unknown) >= SURE)
    first = next(likely, found[0])
    return [first, *(other for other in found if other is not first)]


def _unreported(search: Search, question: Question, asked: Asked, within: Sequence[Document]) -> Answer:
    """Nothing found: with the nearest passages of other periods, and these to choose where the one asked is missing."""
    nearest = search.find(asked._replace(years=(), quarter=None), within, question.top)
    periods = [document.facts.period for document in within]
    missing = asked.provinces and asked.years and not any(year_of(period) in asked.years for period in periods)
    refused = _refuse(question, _nothing(asked, within), nearest)
    return replace(refused, choices=_years(periods) if missing else ())


def _leaves_open(question: Question, asked: Asked, where: Scope) -> bool:
    """Whether a question leaves it open of which province or period its answer shall be."""
    return not question.document and not (asked.provinces and asked.years and not where.note)


def _unsaid(found: Sequence[Found], asked: Asked, question: Question) -> tuple[str, tuple[str, ...]] | None:
    """What the question must add when reports of several provinces or periods answer it about as well, differently.

    The reason, and what can be added.
    """
    best = found[0]
    said = _said(best)
    rivals = [
        f
        for f in found[1:]
        if f.score >= RIVAL * best.score and _said(f) not in ("", said) and evidence(f, asked, ()) >= SURE
    ]
    places = {f.document.facts.province for f in (best, *rivals)}
    if not asked.provinces and not question.document and len(places) > 1:
        reason = f"Câu hỏi chưa nêu tỉnh, mà mỗi tỉnh một số liệu ({_listed(places)}). Hãy hỏi lại kèm tên tỉnh."
        return reason, tuple(sorted(place for place in places if place))
    times = {f.document.facts.period for f in (best, *rivals)}
    if not asked.years and not question.document and len(times) > 1:
        reason = f"Câu hỏi chưa nêu năm, mà mỗi kỳ một số liệu ({_listed(times)}). Hãy hỏi lại kèm năm."
        return reason, _years(times)
    return None


def _unfinished(found: Found, asked: Asked) -> str | None:
    """A long list is cut where the passage ends."""
    return UNFINISHED if asked.kind is Kind.LIST and found.passage.text.rstrip().endswith((";", ",")) else None


def _said(found: Found) -> str:
    return found.passage.text[found.choice.start : found.choice.end] if found.choice else ""


def _years(periods: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(f"năm {year}" for year in sorted({year_of(period) or 0 for period in periods} - {0}))


def _listed(names: Iterable[str | None]) -> str:
    return ", ".join(sorted(name for name in names if name))


def _nothing(asked: Asked, within: Sequence[Document]) -> str:
    """Why there is no answer: no report of the period, or nothing on the matter in those there are."""
    where = f" của {_listed({document.facts.province for document in within})}" if asked.provinces else ""
    periods = {document.facts.period for document in within}
    if asked.years and not any(year_of(period) in asked.years for period in periods):
        years = ", ".join(map(str, asked.years))
        return f"Chưa có báo cáo năm {years}{where} (đang có: {_listed(periods)})."
    when = f" năm {', '.join(map(str, asked.years))}" if asked.years else ""
    return f"Báo cáo{when}{where} không nói đến điều này." if where or when else "Các báo cáo không nói đến điều này."


def _refuse(question: Question, reason: str, nearest: Sequence[Found] = (), sure: float = 0.0) -> Answer:
    cited = tuple(Cited(n, f.score, f.passage, f.document) for n, f in enumerate(nearest[: question.top], 1))
    return Answer(question.text, None, sure, reason, cited)


def _cite(found: Sequence[Found]) -> tuple[Cited, ...]:
    return tuple(
        Cited(n, f.score, f.passage, f.document, (f.choice.start, f.choice.end) if f.choice else None)
        for n, f in enumerate(found, 1)
    )
