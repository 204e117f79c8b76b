"""What else than nearness speaks for or against one possible answer of a passage."""

import re
from functools import lru_cache

from corpus.text import WORD, pattern, strip_marks
from index.counting import counted, measures_another, of_something_else
from index.entities import part_played, told
from index.figures import Span, spelt
from index.kinds import FIGURES, MEASURE, Kind
from index.narrowing import NARROWING
from index.offices import office
from index.portions import PORTIONS
from index.question import Asked
from index.roles import Role, role_asked
from index.spans import ANOTHER_PAPER
from index.strangers import strangers
from index.words import Words

# What each cue adds to a span's nearness, which is 0..1.
_TURN, _WRONG_TURN, _UNASKED_TURN = 0.3, -0.6, -0.3  # tăng, giảm, vượt, thêm
_TOTAL = 0.2
_STRANGE = -0.2  # times the part of its clause that nobody asked for
# Stripped, as questions may be.
_OPPOSITES = (
    ("thu ngan sach", "chi ngan sach"),
    ("thu ngan sach", "nop ngan sach"),
    ("doanh thu", "ngan sach"),
    ("tong thu", "tong chi"),
    ("xuat khau", "nhap khau"),
    ("dung han", "tre han"),
    ("dung han", "qua han"),
    ("quoc te", "noi dia"),
    ("quoc te", "trong nuoc"),
    ("tra truoc", "tra sau"),
    ("di dong", "co dinh"),
    ("thanh thi", "nong thon"),
    ("rung trong", "rung tu nhien"),
    ("trong moi", "tu nhien"),
    ("cap tinh", "cap huyen"),
    ("cap huyen", "cap xa"),
    ("cap tinh", "cap xa"),
    ("muc do 3", "muc do 4"),
    ("bi thuong", "lam chet"),
    ("trung uong", "dia phuong"),
    ("du lich", "hanh khach"),
    ("tai nan giao thong", "tai nan lao dong"),
    ("thanh lap", "giai the"),
    ("thanh lap", "tam ngung"),
    ("giai the", "tam ngung"),
    ("nhap ngu", "xuat ngu"),
    ("van ban den", "van ban di"),
    ("ket hon", "ly hon"),
    ("bo nhiem", "mien nhiem"),
    ("cap moi", "cap doi"),
    ("cap moi", "cap lai"),
    ("sinh con", "tu vong"),
    ("ra vien", "nhap vien"),
)
_OF_ANOTHER = (*PORTIONS, *NARROWING, of_something_else, measures_another)
_TO_BUDGET = re.compile(r"\bnop (?:vao|cho|ve|den)? ?ngan sach\b")
_HEADED = 0.3
_UNTIL = 0.4  # "tầm nhìn đến năm 2030" for "đến năm nào"
_UNTIL_ASKED = pattern(r"\b(?:den|toi|tam nhin|dinh huong) (?:het |cuoi )?nam (?:nao|may|bao nhieu)\b")
_UNTIL_SAID = pattern(r"\b(?:đến|tới|tầm nhìn)(?: hết| cuối)?(?: năm)?\s+$", re.IGNORECASE)
_ANY_FIGURE = -0.2  # a share or money where the question leaves open what is counted
_MARK, _OTHER_FIGURE = re.compile(r"[;,.()]"), re.compile(r"[;.()]|,[^,;.()]*\d")
# "giảm còn 2,74%" says how much there is left, not by how much it fell.
_TURN_WORDS = re.compile(r"\b(tang|giam|vuot|them)\b(?! (?:con|xuong|len|den|toi)\b)")
_SUMS_UP = re.compile(r"\btổng (số )?[^,;.()]*\b(là|lên|đạt|có)\s+$")
_TURNS = {"tang": "tang", "them": "tang", "giam": "giam", "vuot": "vuot"}


def cues(passage: Words, span: Span, asked: Asked) -> float | None:
    """What else speaks for or against a span; None when it cannot be the answer."""
    if asked.kind in FIGURES:
        return _figure_cues(passage, span, asked)
    text = passage.text
    if asked.kind in (Kind.CLAUSE, Kind.LIST):
        return None if _repeats(text[span.start : span.end], asked) else _headed(text, span, asked)
    if asked.kind is not Kind.WHETHER and spelt(text)[1][span.start : span.end] in asked.stripped:
        return None
    if asked.kind is Kind.ENTITY:
        return None if told(passage, span, asked) else part_played(text, span, asked)
    if asked.kind is Kind.NUMBER and _of_another_paper(text, span, asked):
        return None
    if asked.kind is Kind.YEAR:
        return _UNTIL if _UNTIL_ASKED().search(asked.stripped) and _UNTIL_SAID().search(text[: span.start]) else 0.0
    return office(text, span, asked) if asked.kind is Kind.PERSON else 0.0


def _figure_cues(passage: Words, span: Span, asked: Asked) -> float | None:
    open_count = asked.kind is Kind.COUNT and not asked.noun
    # No money is a "sản lượng", nor so many "lượt khách".
    measured = span.kind is Kind.MONEY and (MEASURE().search(asked.stripped) or "luot" in asked.stripped.split())
    if span.kind is not asked.kind and not (open_count and span.kind in (Kind.MONEY, Kind.PERCENT) and not measured):
        return None
    if any(of_another(passage, span, asked) for of_another in _OF_ANOTHER) or _opposed(passage.text, span, asked):
        return None
    kind = 0.0 if span.kind is asked.kind else _ANY_FIGURE
    alone = _STRANGE * strangers(passage, span, asked)
    return (
        kind + alone + counted(passage, span, asked) + _turn(passage.text, span, asked) + _total(passage, span, asked)
    )


def _turn(text: str, span: Span, asked: Asked) -> float:
    """Rises and falls: what the question names must stand before the figure; an unasked one speaks against it."""
    before = spelt(text)[1][max(0, span.start - 24) : span.start]
    turns = _TURN_WORDS.findall(_MARK.split(before)[-1])
    if not turns:
        return 0.0
    if asked.direction is None:
        return 0.0 if role_asked(asked) is Role.CHANGE else _UNASKED_TURN
    return _TURN if _TURNS[turns[-1]] == _TURNS[asked.direction] else _WRONG_TURN


def _opposed(text: str, span: Span, asked: Asked) -> bool:
    """ "thu ngân sách 20 tỷ, chi ngân sách 14 tỷ": the figure's own label says the opposite of what is asked."""
    opposites = _opposites(asked.stripped)
    if not opposites:
        return False
    bare = spelt(text)[1]
    around = f"{_MARK.split(bare[: span.start])[-1]} {_OTHER_FIGURE.split(bare[span.unit :])[0]}"
    label = _TO_BUDGET.sub("nop ngan sach", f" {' '.join(WORD.findall(around))} ")
    return any(f" {other} " in label and f" {said} " not in label for said, other in opposites)


@lru_cache(maxsize=64)
def _opposites(question: str) -> tuple[tuple[str, str], ...]:
    """What a question says of each pair, and what it does not."""
    pairs = (each for pair in _OPPOSITES for each in (pair, pair[::-1]))
    return tuple(
        (said, other) for said, other in pairs if f" {said} " in f" {question} " and f" {other} " not in f" {question} "
    )


def _total(passage: Words, span: Span, asked: Asked) -> float:
    """ "nâng tổng số xã … là 54/54 xã": a total goes before its parts."""
    text, first = passage.text, max(0, span.start - 100)
    sums_up = _SUMS_UP.search(spelt(text)[0], first, span.start)
    if not sums_up or asked.direction is not None or span.kind is not Kind.COUNT:
        return 0.0
    # "tái công nhận 53 xã … nâng tổng số xã được công nhận là 54/54": who asks for those recognised anew means a part.
    own = WORD.findall(spelt(text)[1], sums_up.start(), span.end)
    return (
        0.0 if any(term.stripped in passage.stripped and term.stripped not in own for term in asked.terms) else _TOTAL
    )


def _of_another_paper(text: str, span: Span, asked: Asked) -> bool:
    """ "(Quyết định số 17/2019/QĐ-UBND), Quyết định về việc giao chỉ tiêu": the second one's number is not said."""
    bare = spelt(text)[1]
    following = ANOTHER_PAPER().search(bare, span.end)
    if not following:
        return False
    own = set(WORD.findall(bare, 0, following.start()))
    other = set(WORD.findall(bare, following.start()))
    words = {term.stripped for term in asked.terms if term.weight == 1}
    return len(words & other - own) > len(words & own - other)


def _repeats(part: str, asked: Asked) -> bool:
    """A heading: nearly all its words are the question's own."""
    wanted = {term.stripped for term in asked.terms}
    own = [strip_marks(match.group()) for match in WORD.finditer(part)]
    return bool(own) and sum(word in wanted for word in own) >= 0.7 * len(own)


def _headed(text: str, span: Span, asked: Asked) -> float:
    """ "Công tác thông tin đối ngoại: Chưa tận dụng…": what follows a heading that repeats the question."""
    heading = re.search(r"([^.;:]+):\s*$", text[: span.start])
    return _HEADED if heading and _repeats(heading.group(1), asked) else 0.0
