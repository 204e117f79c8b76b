"""Choose the answer in a passage: the span of the asked kind that stands nearest to what is asked about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from corpus.period import year_of
from corpus.text import strip_marks
from index.counting import FOREIGN, counted, label_of, measures_another, of_something_else, unit_of
from index.dated import head, whens
from index.entities import entities
from index.figures import Span, spelt
from index.kinds import BODIES_ASKED, ENTITY_ASKED, FIGURES, MEASURE, Kind
from index.narrowing import (
    not_wanting,
    only_a_while,
    only_apart,
    only_coming,
    only_examined,
    only_last_year,
    only_of_field,
    only_proposed,
    only_total,
    paid_as_another,
)
from index.nearness import bounds, nearness, owner
from index.offices import office
from index.question import Asked
from index.roles import Role, role_asked, role_of
from index.spans import ANOTHER_PAPER, spans
from index.tokens import WORD, Concept, concepts
from index.words import Words

# What each cue adds to a span's nearness, which is 0..1.
_TURN, _WRONG_TURN, _UNASKED_TURN = 0.3, -0.6, -0.3  # tăng, giảm, vượt, thêm
_TOTAL = 0.2
_OPPOSED = -0.8
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
)
_OF_ANOTHER = (
    only_examined,
    only_last_year,
    only_of_field,
    only_proposed,
    only_coming,
    only_total,
    only_apart,
    only_a_while,
    not_wanting,
    paid_as_another,
    of_something_else,
    measures_another,
)
_TO_BUDGET = re.compile(r"\bnop (?:vao|cho|ve|den)? ?ngan sach\b")
_AIMED = -0.3  # a target where none is asked for
_OTHER_ROLE = -1.0  # a level beside a change of the same thing, where the change is asked for
_NUMBERED = 0.3  # "mức độ 3" where the question says so; less where it says another
_HEADED = 0.3
_PART = 0.3  # a name that plays the part in its sentence that is asked for
_PART_ASKED = re.compile(
    r"\b(?P<link>voi|cung|do|boi|theo|den|toi|cho) (?:cac |nhung )?(?:[a-z]+ ){1,5}?nao\b"
    r"|\bnao(?: [a-z]+){0,4}? (?P<gets>duoc|nhan)\b"
)
_LINKS = {"voi": "(?:voi|cung)", "cung": "(?:voi|cung|phoi hop)", "do": "(?:do|boi)", "boi": "(?:do|boi)"}
_UNTIL = 0.4  # "tầm nhìn đến năm 2030" for "đến năm nào"
_UNTIL_ASKED = re.compile(r"\b(?:den|toi|tam nhin|dinh huong) (?:het |cuoi )?nam (?:nao|may|bao nhieu)\b")
_UNTIL_SAID = re.compile(r"\b(?:đến|tới|tầm nhìn)(?: hết| cuối)?(?: năm)?\s+$", re.IGNORECASE)
_ANY_FIGURE = -0.2  # a share or money where the question leaves open what is counted
_NUMBERING = frozenset(("độ", "mức", "đợt", "số", "đoạn", "cấp", "loại", "khoá"))
_MARK = re.compile(r"[;,.()]")
# "giảm còn 2,74%" says how much there is left, not by how much it fell.
_TURN_WORDS = re.compile(r"\b(tang|giam|vuot|them)\b(?! (?:con|xuong|len|den|toi)\b)")
_SUMS_UP = re.compile(r"\btổng (số )?[^,;.()]*\b(là|lên|đạt|có)\s+$")
_TURNS = {"tang": "tang", "them": "tang", "giam": "giam", "vuot": "vuot"}


class Choice(NamedTuple):
    """An answer's span in a passage, and how well it fits the question, about 0..1.5."""

    start: int
    end: int
    fit: float
    first_end: int  # where the first of joined figures ends, "5 tập thể" of "5 tập thể, 20 cá nhân"


def choose(passage: Words, asked: Asked, weights: Mapping[str, float]) -> Choice | None:
    """The best span of the asked kind in a passage; None when it has none.

    `weights` maps the question's words to their worth (idf × role); those near a span speak for it.
    """
    wanted = frozenset(term.stripped for term in asked.terms)
    text = passage.text
    # "13 sản phẩm 4 sao" for "bao nhiêu sản phẩm 4 sao": the 4 only says which.
    found = [span for span in _possible(text, asked, wanted) if text[span.number : span.unit] not in asked.numbers]
    near = nearness(passage, found, asked, weights)
    told = zip(_numbered(passage, found, asked), _played(text, found, asked), _singled(text, found, asked), strict=True)
    choices = [
        Choice(span.start, span.end, fit + sum(cues) + own, span.end)
        for span, fit, other, cues in zip(found, near, _of_another_year(text, found, asked), told, strict=True)
        if not other and (own := _cues(passage, span, asked)) is not None
    ]
    best = max(choices, key=lambda choice: (choice.fit, -choice.start), default=None)
    return _joined(text, best, asked, found) if best and asked.kind is Kind.COUNT else best


def _possible(text: str, asked: Asked, wanted: frozenset[str]) -> Iterable[Span]:
    if asked.kind is Kind.ENTITY:
        return entities(text, asked.noun)
    found = spans(text, asked.kind, wanted)
    # Which bodies there are is said by names alone.
    named = asked.kind is Kind.LIST and BODIES_ASKED().search(asked.stripped)
    return [span for span in found if re.search(r".\s[^\W\d_a-z]", text[span.start : span.end])] if named else found


def _cues(passage: Words, span: Span, asked: Asked) -> float | None:
    """What else speaks for or against a span; None when it cannot be the answer."""
    if asked.kind in FIGURES:
        return _figure_cues(passage, span, asked)
    text = passage.text
    if asked.kind in (Kind.CLAUSE, Kind.LIST):
        return None if _repeats(text[span.start : span.end], asked) else _headed(text, span, asked)
    if asked.kind is not Kind.WHETHER and spelt(text)[1][span.start : span.end] in asked.stripped:
        return None
    if asked.kind is Kind.ENTITY:
        return None if _told(passage, span, asked) else _part_played(text, span, asked)
    if asked.kind is Kind.NUMBER and _of_another_paper(text, span, asked):
        return None
    if asked.kind is Kind.YEAR:
        return _UNTIL if _UNTIL_ASKED.search(asked.stripped) and _UNTIL_SAID.search(text[: span.start]) else 0.0
    return office(text, span, asked) if asked.kind is Kind.PERSON else 0.0


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


def _part_played(text: str, span: Span, asked: Asked) -> float:
    """ "Với bộ nào" asks for what stands behind "với"; "tập thể nào được tặng" for what stands behind "cho"."""
    wanted, before = _PART_ASKED.search(asked.stripped), spelt(text)[1][: span.start]
    part = wanted and (wanted["link"] or (wanted["gets"] and "cho"))
    if not part:
        return 0.0
    return _PART if re.search(rf"\b{_LINKS.get(part, part)}(?: [^\W\d]+){{0,2}} $", before) else -_PART


def _told(passage: Words, span: Span, asked: Asked) -> bool:
    """Whether the question says a name itself, if in other words: "Sở TT&TT"; "bộ nào" does not say "Bộ"."""
    first, after = passage.at(span.start), passage.at(span.end)
    if passage.stripped[first] not in WORD.findall(ENTITY_ASKED().sub(" ", asked.stripped)):
        return False
    names = [(start, end) for _, start, end in _alike(passage, asked)]
    own = {number for said in passage.where(asked).values() for number in said}
    own |= {number for start, end in names for number in range(start, end)}
    return all(number in own or passage.folded[number] in ("và", "tỉnh") for number in range(first, after))


def _alike(passage: Words, asked: Asked) -> list[Concept]:
    asked_for = {name for name, _ in asked.synonyms} | {name for name, _, _ in concepts(WORD.findall(asked.stripped))}
    return [concept for concept in passage.concepts if concept[0] in asked_for]


def _figure_cues(passage: Words, span: Span, asked: Asked) -> float | None:
    open_count = asked.kind is Kind.COUNT and not asked.noun
    if span.kind is not asked.kind and not (open_count and span.kind in (Kind.MONEY, Kind.PERCENT)):
        return None
    if any(of_another(passage, span, asked) for of_another in _OF_ANOTHER):
        return None
    kind = 0.0 if span.kind is asked.kind else _ANY_FIGURE
    said = counted(passage, span, asked) + _turn(passage.text, span, asked) + _total(passage, span, asked)
    return kind + said + (_OPPOSED if _opposed(passage.text, span, asked) else 0.0)


def _of_another_year(text: str, found: Sequence[Span], asked: Asked) -> list[bool]:
    """ "12 trạm (Năm 2015); 35 trạm (Năm 2016)", "năm 2015 đạt 12 tỷ, năm 2016 đạt 15 tỷ": whether another is meant."""
    if asked.kind not in FIGURES or len(found) < 2:
        return [False] * len(found)
    columns = [(column := head(spelt(text)[0], span.end)) is not None and not column.compares for span in found]
    if not asked.years and not any(columns):
        return [False] * len(found)
    years = [year_of(said.when) for said in whens(text, found)]
    headed = [(span, year or 0) for span, year, column in zip(found, years, columns, strict=True) if column]
    wanted = asked.years or _last_column(text, headed, asked)
    said = bool(asked.years) and any(year in wanted for year in years)
    others = [bool(wanted) and year not in (None, *wanted) for year in years]
    return [other and (said or column) for other, column in zip(others, columns, strict=True)]


def _last_column(text: str, headed: Sequence[tuple[Span, int]], asked: Asked) -> tuple[int, ...]:
    """Where no year is asked for, the last of the columns counts, a plan's only for a target."""
    role = role_asked(asked)
    years = [year for span, year in headed if year and role_of(text, span.start, span.end) is role]
    return (max(years),) if years else ()


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
    bare = spelt(text)[1]
    label = f" {_MARK.split(bare[: span.start])[-1]} {_MARK.split(bare[span.unit :])[0]} "
    question = f" {asked.stripped} "
    label = _TO_BUDGET.sub("nop ngan sach", label)
    return any(
        f" {said} " in question and f" {other} " not in question and f" {other} " in label and f" {said} " not in label
        for pair in _OPPOSITES
        for said, other in (pair, pair[::-1])
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


def _played(text: str, found: Sequence[Span], asked: Asked) -> list[float]:
    """Of figures of one thing told apart by their role ("có 219 điểm, tăng 12 điểm"), only that asked for stands."""
    if asked.kind not in FIGURES:
        return [0.0] * len(found)
    wanted, roles = role_asked(asked), [role_of(text, span.start, span.end) for span in found]
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


def _repeats(part: str, asked: Asked) -> bool:
    """A heading: nearly all its words are the question's own."""
    wanted = {term.stripped for term in asked.terms}
    own = [strip_marks(match.group()) for match in WORD.finditer(part)]
    return bool(own) and sum(word in wanted for word in own) >= 0.7 * len(own)


def _headed(text: str, span: Span, asked: Asked) -> float:
    """ "Công tác thông tin đối ngoại: Chưa tận dụng…": what follows a heading that repeats the question."""
    heading = re.search(r"([^.;:]+):\s*$", text[: span.start])
    return _HEADED if heading and _repeats(heading.group(1), asked) else 0.0


def _joined(text: str, choice: Choice, asked: Asked, found: Sequence[Span]) -> Choice:
    """ "5 tập thể, 20 cá nhân": a figure for each of two things asked for; not "khám chữa bệnh" and "12 bệnh viện"."""
    others = f" {' '.join(asked.noun[1:])} "
    for span in found:
        link = text[choice.end : span.start] if span.start >= choice.end else None
        thing = " ".join(unit_of(text, span)[:2])
        also = thing and (f" {thing} " in others or re.search(rf"(?:,| va) {thing}\b", asked.stripped))
        if link is not None and re.fullmatch(r",?\s(và\s)?", link) and also:
            return Choice(choice.start, span.end, choice.fit, choice.end)
    return choice
