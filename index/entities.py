"""Names of bodies and things in a passage: "Sở Nội vụ", "Cục Tin học hóa", "mạng xã hội Facebook", "xã Vĩnh Viễn A"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from corpus.text import pattern, strip_marks
from index.figures import Span
from index.kinds import Kind
from index.vocabulary import vocabulary

# Asked for by what anything may be: then any body is meant.
_ANY = frozenset(("co quan", "don vi", "to chuc", "tap the"))
_BODIES = (
    "so|bo|cuc|chi cuc|tong cuc|vu|ban|uy ban|ubnd|hdnd|hoi dong|van phong|trung tam|dai|bao|tap chi|cong an|tinh uy"
    "|huyen uy|thanh uy|thi uy|dang uy|cong ty|tong cong ty|tap doan|hoi|hiep hoi|lien doan|lien hiep|mat tran|doan"
    "|vien|truong|benh vien|ngan hang|kho bac|phong|bo chi huy|bo doi|thanh tra|toa an|vien kiem sat|buu dien|vnpt"
    "|viettel|mobifone|chinh phu|quoc hoi|thong tan xa|hoc vien|quy"
)
_PLACES = frozenset(("xa", "phuong", "huyen", "quan", "thi tran", "thi xa", "thanh pho", "cua khau"))
_COUNCILS, _WHOSE = frozenset(("ubnd", "hdnd")), frozenset(("tinh", "huyen", "thanh", "thi", "quan", "xa", "phuong"))
_WORD = pattern(r"[^\W_]+(?:&[^\W_]+)?")
_LINK = pattern(r"\s?[-–]\s?|,\s")
_MOST, _LONGEST = 14, 160  # words and code points of a name


def entities(text: str, head: Sequence[str]) -> Iterator[Span]:
    """Names that begin with what is asked for, or of any body where that is any; they end before verbs.

    `head` are stripped syllables.

    >>> text = "Phối hợp với Sở Nội vụ xây dựng kế hoạch; đề nghị Bộ Thông tin và Truyền thông về việc đầu tư."
    >>> [text[s.start : s.end] for s in entities(text, ("co", "quan"))]
    ['Sở Nội vụ', 'Bộ Thông tin và Truyền thông']
    >>> text = "lập Fanpage trên mạng xã hội Facebook “Thông tin”; 54 xã đạt; tại xã Vĩnh Viễn A, huyện Long Mỹ"
    >>> [text[s.start : s.end] for h in (("mang", "xa", "hoi"), ("xa",)) for s in entities(text, h)]
    ['mạng xã hội Facebook', 'xã Vĩnh Viễn A']
    """
    stripped = strip_marks(text)
    body = " ".join(head) in _ANY
    free = 0
    for match in _heads(_BODIES if body else " ".join(head)).finditer(stripped):
        if match.start() >= free and (end := _end(text, stripped, match, body)):
            free = end
            yield Span(match.start(), end, Kind.ENTITY)


@cache
def _heads(names: str) -> re.Pattern[str]:
    longest = "|".join(sorted(names.split("|"), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest})(?!\w)")


def _end(text: str, stripped: str, head: re.Match[str], body: bool) -> int | None:
    """Where a name ends; None where nothing names it."""
    if body and not text[head.start()].isupper():
        return None
    words = list(_WORD().finditer(text, head.end(), head.end() + _LONGEST))
    if head.group() in _PLACES and not (words and words[0].group()[0].isupper()):
        return None  # "xã hội", "54 xã đạt"
    if head.group() in _COUNCILS and not (words and strip_marks(words[0].group()) in _WHOSE):
        return None  # "15/15 UBND cấp huyện"
    at, named = head.end(), body and text[head.start() : head.end()].isupper()
    for number, word in enumerate(words[:_MOST]):
        after = words[number + 1] if number + 1 < len(words) else None
        gap = text[at : word.start()]
        if not (
            (gap.isspace() and "\n" not in gap)
            or (_LINK().fullmatch(gap) and word.group()[0].isupper() and not _begins(stripped, word))
        ):
            break
        capital = word.group()[0].isupper() or word.group().isdigit()
        joined = (
            word.group() == "và" and after is not None and after.group()[0].isupper() and not _begins(stripped, after)
        )
        if not capital and not joined and _stops(text, word, after):
            break
        at, named = word.end(), named or capital
    return at if named else None


def _begins(stripped: str, word: re.Match[str]) -> bool:
    """Whether another body's name begins at a word."""
    return _heads(_BODIES).match(stripped, word.start()) is not None


def _stops(text: str, word: re.Match[str], after: re.Match[str] | None) -> bool:
    two = f"{word.group()} {after.group()}" if after else word.group()
    return word.group() in vocabulary("name_end") or two in vocabulary("name_end")
