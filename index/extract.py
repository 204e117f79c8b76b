"""Choose the answer in a passage: the span of the asked kind that stands nearest to what is asked about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.period import year_of
from corpus.text import fold, strip_marks
from index.dated import head, whens
from index.figures import Span, spelt
from index.kinds import FIGURES, Kind
from index.nearness import bounds, nearness, owner
from index.question import Asked
from index.roles import Role, role_asked, role_of
from index.spans import spans
from index.tokens import WORD, concepts
from index.words import Words, read

# What each cue adds to a span's nearness, which is 0..1.
_NOUN, _OTHER_NOUN = 0.35, 0.15  # its unit is what the question counts; only begins like it
_NOUN_PART = 0.25  # times the part of the noun's syllables that it says
_FOREIGN = -0.6  # its unit is another thing than what is counted: "20 cá nhân" for "bao nhiêu hộ"
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
    ("cap tinh", "cap huyen"),
    ("cap huyen", "cap xa"),
    ("cap tinh", "cap xa"),
    ("muc do 3", "muc do 4"),
    ("bi thuong", "lam chet"),
)
_AIMED = -0.3  # a target where none is asked for
_OTHER_ROLE = -1.0  # a level beside a change of the same thing, where the change is asked for
_NUMBERED = 0.3  # "mức độ 3" where the question says so; less where it says another
_OFFICE = 0.5
_HEADED = 0.3
_ANY_FIGURE = -0.2  # a share or money where the question leaves open what is counted
_NUMBERING = frozenset(("độ", "mức", "đợt", "số", "đoạn", "cấp", "loại", "khoá"))
_EXAMINES = r"\b(?:kiem tra|thanh tra|hau kiem|phuc tra|giam sat|ra soat|do kiem|kiem dinh|khao sat)\b"
_EXAMINED = re.compile(rf"{_EXAMINES}(?: (?:thuc te|duoc|tai|doi voi|o|toan bo|tong so))*\s*$")
_WITHIN = re.compile(
    r"(?:\d[\d.,/]* (?:[^\W\d_]+ ){1,4}cua|\b(?:cho|den|toi|tai|o|voi|tu|do|boi|giua))(?: (?:toan bo|ca|hon|gan))*\s*$"
)
_FROM = re.compile(r"\btu (?:hon |gan |khoang |tren )?$")
_ON = re.compile(r"(?: [a-z]+){0,4}(?: \(?(?:nam )?(?:19|20)\d\d\)?)?,? (?:len|xuong|con|den|toi|tang|giam)\b")
_COUNTED_THING = re.compile(r"\d[\d.,/]*\s+[^\W\d_]+")
_CLASSIFIERS = frozenset(("vu", "cuoc", "ca", "chiec", "con", "cay", "buoi", "bai", "cuon", "quyen", "tran", "bo"))
_TURNS = {"tang": "tang", "them": "tang", "giam": "giam", "vuot": "vuot"}


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer's span in a passage, and how well it fits the question, about 0..1.5."""

    start: int
    end: int
    fit: float
    first_end: int  # where the first of joined figures ends, "5 tập thể" of "5 tập thể, 20 cá nhân"


def choose(text: str, asked: Asked, weights: Mapping[str, float]) -> Choice | None:
    """The best span of the asked kind in a passage; None when it has none.

    `weights` maps the question's words to their worth (idf × role); those near a span speak for it.
    """
    wanted = frozenset(term.stripped for term in asked.terms)
    passage, found = read(text), spans(text, asked.kind, wanted)
    near = nearness(passage, found, asked, weights)
    numbered, played = _numbered(passage, found, asked), _played(text, found, asked)
    another = _of_another_year(text, found, asked)
    choices = [
        Choice(span.start, span.end, fit + number + role + cues, span.end)
        for span, fit, number, role, other in zip(found, near, numbered, played, another, strict=True)
        if not other and (cues := _cues(text, span, asked)) is not None
    ]
    best = max(choices, key=lambda choice: (choice.fit, -choice.start), default=None)
    return _joined(text, best, asked, found) if best and asked.kind is Kind.COUNT else best


def _cues(text: str, span: Span, asked: Asked) -> float | None:
    """What else speaks for or against a span; None when it cannot be the answer."""
    if asked.kind in FIGURES:
        return _figure_cues(text, span, asked)
    if asked.kind in (Kind.CLAUSE, Kind.LIST):
        return None if _repeats(text[span.start : span.end], asked) else _headed(text, span, asked)
    if asked.kind is not Kind.WHETHER and strip_marks(text[span.start : span.end]) in asked.stripped:
        return None
    return _office(text, span, asked) if asked.kind is Kind.PERSON else 0.0


def _figure_cues(text: str, span: Span, asked: Asked) -> float | None:
    open_count = asked.kind is Kind.COUNT and not asked.noun
    if span.kind is not asked.kind and not (open_count and span.kind in (Kind.MONEY, Kind.PERCENT)):
        return None
    if text[span.number : span.unit] in asked.numbers:
        return None
    if _only_examined(text, span, asked) or _of_something_else(text, span, asked):
        return None
    kind = 0.0 if span.kind is asked.kind else _ANY_FIGURE
    said = _counted(text, span, asked) + _turn(text, span, asked) + _total(text, span, asked)
    return kind + said + (_OPPOSED if _opposed(text, span, asked) else 0.0)


def _of_another_year(text: str, found: Sequence[Span], asked: Asked) -> list[bool]:
    """ "12 trạm (Năm 2015); 35 trạm (Năm 2016)", "năm 2015 đạt 12 tỷ, năm 2016 đạt 15 tỷ": whether another is meant."""
    if asked.kind not in FIGURES or len(found) < 2:
        return [False] * len(found)
    years = [year_of(said.when) for said in whens(text, found)]
    columns = [(column := head(spelt(text)[0], span.end)) is not None and not column.compares for span in found]
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


def _only_examined(text: str, span: Span, asked: Asked) -> bool:
    """ "Kiểm tra 93 trạm": so many were looked at, not so many there are; unless the question is about that."""
    return bool(_EXAMINED.search(strip_marks(text[: span.start]))) and not re.search(_EXAMINES, asked.stripped)


def _of_something_else(text: str, span: Span, asked: Asked) -> bool:
    """ "93 trạm của 3 doanh nghiệp", "132/141 điểm Bưu điện văn hóa xã": where a question only asks how many there are,
    "có bao nhiêu doanh nghiệp", "có bao nhiêu xã", these are not it.
    """
    if not asked.noun or any(term.weight == 1 and term.stripped not in asked.noun for term in asked.terms):
        return False
    stripped = spelt(text)[1]
    within = _WITHIN.search(stripped[: span.start]) and not _moves_on(stripped, span)
    return bool(within) or _is_foreign(text, span, asked)


def _moves_on(stripped: str, span: Span) -> bool:
    """ "từ 12 trạm năm 2015 lên 35 trạm": where it began is of the same thing as where it came to."""
    return bool(_FROM.search(stripped[: span.start]) and _ON.match(stripped, span.end))


def _is_foreign(text: str, span: Span, asked: Asked) -> bool:
    unit, passage = _thing(_unit(text, span), asked), read(text)
    alike = {name for name, _, _ in concepts(list(asked.noun))}
    said = {word for name, start, end in passage.concepts if name in alike for word in passage.stripped[start:end]}
    known = bool(unit) and unit[0] not in {*asked.noun, *said}
    return known and not alike & {name for name, _, _ in concepts(unit)} and not _labelled(text, span, asked)


def _counted(text: str, span: Span, asked: Asked) -> float:
    """How far the unit is what the question counts: "hộ" of "hộ nghèo", TTHC for "thủ tục hành chính"."""
    if span.kind is not Kind.COUNT or not asked.noun:
        return 0.0
    unit = _thing(_unit(text, span), asked)
    names = {name for name, _, _ in concepts(unit)}
    if names & {name for name, start, _ in concepts(list(asked.noun)) if start == 0}:
        return _NOUN + _NOUN_PART
    shared = len(set(unit) & set(asked.noun)) / len(set(asked.noun))
    if unit[:1] != list(asked.noun[:1]):
        return _NOUN_PART * shared + (_FOREIGN if unit and not shared and not _labelled(text, span, asked) else 0.0)
    # "học sinh" and "học viên", "điểm phục vụ" and "điểm Bưu điện" share a syllable, not a thing.
    other = len(unit) > 1 and len(asked.noun) > 1 and unit[1] != asked.noun[1]
    return (_OTHER_NOUN if other else _NOUN) + _NOUN_PART * shared


def _labelled(text: str, span: Span, asked: Asked) -> bool:
    """ "Số dịch vụ công mức độ 4 là 24 TTHC": what is counted stands before the figure, in its clause."""
    before = strip_marks(re.split(r"[;.,]\s|[(]", text[: span.start])[-1])
    # What another figure counts is that one's: "93 trạm của 3 doanh nghiệp".
    said = {match.group() for match in WORD.finditer(_COUNTED_THING.sub(" ", before))}
    if other := _WITHIN.search(before):  # "cho 5 đơn vị" counts what "cho" stands behind, nothing earlier
        said &= set(before[: other.start()].split()[-2:])
        return bool(said & set(asked.noun))
    return sum(word in said for word in asked.noun) >= len(asked.noun) / 2


def _unit(text: str, span: Span) -> list[str]:
    return [strip_marks(match.group()) for match in WORD.finditer(text, span.unit, span.end)]


def _thing(unit: list[str], asked: Asked) -> list[str]:
    """ "vụ tai nạn giao thông" are "tai nạn giao thông"."""
    return unit[1:] if unit[:1] and unit[0] in _CLASSIFIERS and tuple(unit[1:3]) == asked.noun[:2] else unit


def _turn(text: str, span: Span, asked: Asked) -> float:
    """Rises and falls: what the question names must stand before the figure; an unasked one speaks against it."""
    before = strip_marks(text[max(0, span.start - 24) : span.start])
    turns = re.findall(r"\b(tang|giam|vuot|them)\b", re.split(r"[;,.()]", before)[-1])
    if not turns:
        return 0.0
    if asked.direction is None:
        return 0.0 if role_asked(asked) is Role.CHANGE else _UNASKED_TURN
    return _TURN if _TURNS[turns[-1]] == _TURNS[asked.direction] else _WRONG_TURN


def _opposed(text: str, span: Span, asked: Asked) -> bool:
    """ "thu ngân sách 20 tỷ, chi ngân sách 14 tỷ": the figure's own label says the opposite of what is asked."""
    label = f" {strip_marks(re.split(r'[,;.()]', text[: span.start])[-1])} "
    question = f" {asked.stripped} "
    return any(
        f" {said} " in question and f" {other} " not in question and f" {other} " in label and f" {said} " not in label
        for pair in _OPPOSITES
        for said, other in (pair, pair[::-1])
    )


def _total(text: str, span: Span, asked: Asked) -> float:
    """ "nâng tổng số xã … là 54/54 xã": a total goes before its parts."""
    before = fold(text[max(0, span.start - 100) : span.start])
    sums_up = re.search(r"\btổng (số )?[^,;.()]*\b(là|lên|đạt|có)\s+$", before)
    return _TOTAL if sums_up and asked.direction is None and span.kind is Kind.COUNT else 0.0


def _played(text: str, found: Sequence[Span], asked: Asked) -> list[float]:
    """Of figures of one thing told apart by their role ("có 219 điểm, tăng 12 điểm"), only that asked for stands."""
    if asked.kind not in FIGURES:
        return [0.0] * len(found)
    wanted, roles = role_asked(asked), [role_of(text, span.start, span.end) for span in found]
    alike = [not asked.noun or _unit(text, span)[:1] == list(asked.noun[:1]) for span in found]
    if not any(role is wanted and same for role, same in zip(roles, alike, strict=True)):
        return [_AIMED if role is Role.TARGET is not wanted else 0.0 for role in roles]
    return [0.0 if role is wanted else _OTHER_ROLE for role in roles]


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


def _office(text: str, span: Span, asked: Asked) -> float | None:
    """The office asked about must be this person's: after the name ("X – Giám đốc Sở") or just before it.

    None for somebody who is said to hold another.
    """
    office = next(iter(spans(asked.text, Kind.ROLE)), None)
    if not office:
        return 0.0
    words = strip_marks(asked.text[office.start : office.end]).split()
    title = r"\s+".join(map(re.escape, words[:2]))
    deputy = "" if words[0] == "pho" else r"(?<!pho )(?<!nguyen )"
    after = strip_marks(text[span.end : span.end + 80])
    ahead = strip_marks(text[max(0, span.start - 60) : span.start])
    beside = re.match(r"\s*[–,(-]\s*([^.;]*)", after)
    held = (beside and re.search(rf"{deputy}\b{title}\b", beside.group(1))) or re.search(
        rf"{deputy}\b{title}\b[^.;,]*$", ahead
    )
    if not held and beside and next(iter(spans(beside.group(1), Kind.ROLE)), None):
        return None
    return _OFFICE if held else -_NUMBERED


def _joined(text: str, choice: Choice, asked: Asked, found: Sequence[Span]) -> Choice:
    """ "5 tập thể, 20 cá nhân": a figure for each of two things asked for."""
    for span in found:
        link = text[choice.end : span.start] if span.start >= choice.end else None
        unit = _unit(text, span)
        if link is not None and re.fullmatch(r",?\s(và\s)?", link) and unit and unit[0] in asked.noun[1:]:
            return Choice(choice.start, span.end, choice.fit, choice.end)
    return choice
