"""A question that leans on the one before it ("còn An Giang thì sao?", "năm 2019?", "bao nhiêu hộ?"), made whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.gazetteer import mentions
from corpus.text import clean, has_marks, strip_marks
from index.kinds import Kind
from index.periods import periods
from index.question import Asked, modifier_span, noun_span, question_words, understand
from index.records import Question

_LEAD = re.compile(r"\s*(?:(?:the|vay|roi|con|va|a|u|o)\s+)*(?:the con|vay con|con|the|vay|va)\b\s*(?:o |cua |voi )?")
_TAIL = re.compile(r"\s*\b(?:thi sao|thi the nao|thi|ra sao|the nao|sao|nhi|vay|a)?\s*[?!.…\s]*$")
_QUARTER = re.compile(r"\b(?:quy|qui) (i{1,3}|iv|[1-4])\b")
_BESIDE = re.compile(r"\bnam (truoc|sau)(?: do)?\b")
_DIRECTIONS = ("tang", "giam", "vuot", "them")
_SHORT = 4  # content words of what can only be a part of a question


@dataclass(frozen=True, slots=True)
class _Said:
    """Words of a question with their offsets."""

    text: str
    start: int
    end: int


def resolve(previous: str, text: str) -> str | None:
    """The whole question that `text` stands for after `previous`; None when it stands by itself.

    >>> resolve("Hậu Giang năm 2016 có bao nhiêu trạm BTS tăng?", "còn An Giang thì sao?")
    'An Giang năm 2016 có bao nhiêu trạm BTS tăng?'
    >>> resolve("Hậu Giang có bao nhiêu trạm BTS tăng?", "nam 2017?")
    'năm 2017 Hậu Giang có bao nhiêu trạm BTS tăng?'
    >>> resolve("Hậu Giang có bao nhiêu trạm BTS tăng?", "thế còn thuê bao điện thoại?")
    'Hậu Giang có bao nhiêu thuê bao điện thoại tăng?'
    >>> resolve("Hậu Giang năm 2016 có bao nhiêu trạm BTS tăng?", "doanh thu bưu chính là bao nhiêu?")
    'Hậu Giang năm 2016 doanh thu bưu chính là bao nhiêu?'
    >>> resolve("Hậu Giang có bao nhiêu trạm BTS tăng?", "An Giang có bao nhiêu điểm phục vụ?") is None
    True
    """
    before, now = clean(previous).strip(), clean(text).strip()
    leans, part = _part(now)
    then, asked = understand(Question(before)), understand(Question(part))
    place, time = _place(part), _time(part, then)
    if not asked.terms or (time and not _words_beside(part, time)):
        return _moved(before, place, time) if place or time else None
    if place and (not leans or asked.kind not in (Kind.NONE, Kind.COUNT)):
        return None if not leans else part
    if (leans or _fragment(asked) or _only_turns(asked)) and asked.kind in (Kind.NONE, Kind.COUNT):
        about = _about(before, part, asked)
        return _moved(about, place, time) if about else None
    return None if asked.kind is Kind.NONE or place else _carried(before, then, now, asked)


def _part(text: str) -> tuple[bool, str]:
    """Whether a text begins like a follow-up, and the text without such a beginning and end."""
    stripped = strip_marks(text)
    lead = _LEAD.match(stripped)
    begin = lead.end() if lead else 0
    tail = _TAIL.search(stripped, begin) if lead else re.compile(r"[?!.…\s]*$").search(stripped)
    sao = _TAIL.search(stripped, begin)
    ends_so = bool(sao and "sao" in sao.group())
    end = sao.start() if sao and ends_so else tail.start() if tail else len(text)
    return bool(lead) or ends_so, text[begin:end].strip()


def _place(text: str) -> _Said | None:
    found = [m for m in mentions(text) if strip_marks(text[m.start : m.end]) != "nam"]
    names = ", ".join(dict.fromkeys(mention.province for mention in found))
    return _Said(names, found[0].start, found[-1].end) if found else None


def _time(text: str, then: Asked) -> _Said | None:
    """The period named, made whole by the year of the question before."""
    stripped = strip_marks(text)
    if found := periods(stripped):
        return _Said(text[slice(*found[0].span())].strip().replace("nam", "năm"), *found[0].span())
    if not then.years:
        return None
    if quarter := _QUARTER.search(stripped):
        return _Said(f"quý {quarter[1].upper()} năm {then.years[0]}", *quarter.span())
    if beside := _BESIDE.search(stripped):
        return _Said(f"năm {then.years[0] + (1 if beside[1] == 'sau' else -1)}", *beside.span())
    return None


def _words_beside(text: str, time: _Said) -> bool:
    """Whether anything is asked beside the period."""
    return bool(understand(Question(f"{text[: time.start]} {text[time.end :]}")).terms)


def _fragment(asked: Asked) -> bool:
    """A few words without where or when: "bao nhiêu hộ", "thuê bao"."""
    return asked.kind is Kind.COUNT and bool(asked.noun) and len(asked.terms) == len(asked.noun) < _SHORT


def _only_turns(asked: Asked) -> bool:
    """ "tăng bao nhiêu?": another direction of the same thing."""
    return all(term.stripped in _DIRECTIONS for term in asked.terms)


def _about(before: str, part: str, asked: Asked) -> str | None:
    """The question before, about another thing, direction or number; None when it has no place for that."""
    said = [one for one in (_place(part), _time(part, asked)) if one]
    new = part[slice(*noun_span(part))] if asked.noun and noun_span(part) else _without(part, said)  # type: ignore[misc]
    if not has_marks(new):
        before = strip_marks(before)  # words without diacritics match among their like only
    if _only_turns(asked):
        turn = re.compile(rf"\b({'|'.join(_DIRECTIONS)})\b").search(strip_marks(before))
        end = len(before.rstrip(" ?!."))
        return _replaced(before, _turn(part), turn.span()) if turn else f"{before[:end]} {_turn(part)}?"
    if span := noun_span(before) or modifier_span(before):
        return _replaced(before, new, span)
    asking = question_words(before)
    return _replaced(before, part, asking) if asking and asked.kind is Kind.COUNT else None


def _turn(part: str) -> str:
    found = re.compile(rf"\b({'|'.join(_DIRECTIONS)})\b").search(strip_marks(part))
    return part[found.start() : found.end()].lower() if found else part


def _without(text: str, said: Sequence[_Said]) -> str:
    for one in sorted(said, key=lambda one: -one.start):
        text = text[: one.start] + text[one.end :]
    return re.sub(r"\s+", " ", text).strip()


def _moved(question: str, place: _Said | None, time: _Said | None) -> str:
    """A question with another province or period in the place of its own, else before it."""
    if place:
        old = _place(question)
        question = _replaced(question, place.text, (old.start, old.end) if old else None)
    if time:
        found = periods(strip_marks(question))
        question = _replaced(question, time.text, found[0].span() if found else None)
    return question


def _replaced(text: str, new: str, span: tuple[int, int] | None) -> str:
    return f"{text[: span[0]]}{new}{text[span[1] :]}" if span else f"{new} {text}"


def _carried(before: str, then: Asked, now: str, asked: Asked) -> str | None:
    """A question of its own that only leaves out where, and maybe when."""
    place, time = _place(before), _time(before, then)
    if not place or asked.provinces:
        return None
    when = f" {time.text}" if time and not asked.years else ""
    return f"{place.text}{when} {now}"


def asks(text: str) -> bool:
    """Whether a text asks for anything.

    >>> asks("số trạm BTS Hậu Giang"), asks("xin chào")
    (True, False)
    """
    return understand(Question(text)).kind is not Kind.NONE


def questions(text: str, most: int = 5) -> list[str]:
    """The questions of a message that has several, each on a line or up to its question mark; else the text alone.

    >>> questions("Hậu Giang có bao nhiêu trạm BTS? Ai là giám đốc Sở?")
    ['Hậu Giang có bao nhiêu trạm BTS?', 'Ai là giám đốc Sở?']
    >>> questions("Hậu Giang có\\nbao nhiêu trạm BTS?")
    ['Hậu Giang có\\nbao nhiêu trạm BTS?']
    """
    parts = [part.strip() for part in re.split(r"(?<=\?)\s+|\n+", text) if part.strip()]
    return parts if 1 < len(parts) <= most and all(map(asks, parts)) else [text]
