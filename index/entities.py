"""Names of bodies and things in a passage: "Sở Nội vụ", "Cục Tin học hóa", "mạng xã hội Facebook", "xã Vĩnh Viễn A"."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from corpus.text import WORD, pattern, strip_marks
from index.figures import Span, spelt
from index.kinds import ENTITY_ASKED, Kind
from index.question import Asked
from index.tokens import Concept, concepts
from index.vocabulary import vocabulary
from index.words import Words

# Asked for by what anything may be: then any body is meant.
_ANY = frozenset(("co quan", "don vi", "to chuc", "tap the"))
_BODIES = (
    "so|bo|cuc|chi cuc|tong cuc|vu|ban|uy ban|ubnd|hdnd|hoi dong|van phong|trung tam|dai|bao|tap chi|cong an|tinh uy"
    "|huyen uy|thanh uy|thi uy|dang uy|cong ty|tong cong ty|tap doan|hoi|hiep hoi|lien doan|lien hiep|mat tran|doan"
    "|vien|truong|benh vien|ngan hang|kho bac|phong|bo chi huy|bo doi|thanh tra|toa an|vien kiem sat|buu dien|vnpt"
    "|viettel|mobifone|chinh phu|quoc hoi|thong tan xa|hoc vien|quy"
)
# "Sở Văn hóa, Thể thao và Du lịch"; but "Đài Truyền hình … và Bằng khen" are two things.
_LISTED = frozenset(
    ("so", "bo", "vu", "cuc", "ban", "phong", "uy ban", "hoi", "vien", "hoc vien", "truong", "trung tam")
)
_ALONE = frozenset(("chinh phu", "quoc hoi"))
_PLACES = frozenset(("xa", "phuong", "huyen", "quan", "thi tran", "thi xa", "thanh pho", "cua khau"))
_COUNCILS, _WHOSE = frozenset(("ubnd", "hdnd")), frozenset(("tinh", "huyen", "thanh", "thi", "quan", "xa", "phuong"))
_WORD = pattern(r"[^\W_]+(?:&[^\W_]+)?")
_LINK = pattern(r"\s?[-–]\s?|,\s")
_PART = 0.3  # a name that plays the part in its sentence that is asked for
_PART_ASKED = pattern(
    r"\b(?P<link>voi|cung|do|boi|theo|den|toi|cho|cua) (?:cac |nhung )?(?:[a-z]+ ){1,5}?nao\b"
    r"|\bnao(?: [a-z]+){0,4}? (?P<gets>duoc|nhan)\b"
)
_LINKS = {"voi": "(?:voi|cung)", "cung": "(?:voi|cung|phoi hop)", "do": "(?:do|boi)", "boi": "(?:do|boi)"}
_THING_ASKED = pattern(r"\b(?P<first>[a-z]+) (?P<last>[a-z]+) (?:nao|gi)\b(?!.*\b(?:nao|gi)\b)")
# No sorts of things: "về việc gì", "vì lý do gì".
_VAGUE = frozenset(("viec", "dieu", "cai", "van de", "noi dung", "ly do", "muc dich", "la viec", "the", "cach", "ten"))
_SORT = frozenset(("loai", "nhung", "cac", "bang", "voi", "cho", "cua", "tu", "ve", "trong", "theo", "do", "den", "la"))
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


@lru_cache(maxsize=64)  # questions bring names of their own
def _heads(names: str) -> re.Pattern[str]:
    longest = "|".join(sorted(names.split("|"), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest})(?!\w)")


def things(text: str, asked: Asked) -> Iterator[Span]:
    """What sort of a thing is meant by "loại sim nào", "nguồn vốn gì": the thing with the words that tell it apart.

    >>> from index.question import understand
    >>> from index.records import Question
    >>> text = "hướng dẫn bàn giao sim PKI để ký số; Chương trình mục tiêu bằng nguồn vốn sự nghiệp"
    >>> asked = [understand(Question(text)) for text in ("bàn giao loại sim nào", "bằng nguồn vốn gì", "là việc gì")]
    >>> [[text[s.start : s.end] for s in things(text, one)] for one in asked]
    [['sim PKI'], ['nguồn vốn sự nghiệp'], []]
    """
    match = _THING_ASKED().search(asked.stripped)
    if not match:
        return
    first, last = match["first"], match["last"]
    head = last if first in _SORT else f"{first} {last}"  # "loại sim", but "ấn phẩm"
    if head not in _VAGUE:
        yield from _things(text, head)


def _things(text: str, head: str) -> Iterator[Span]:
    stripped = strip_marks(text)
    for match in _heads(head).finditer(stripped):
        end = _end(text, stripped, match, False, True)
        if end and end > match.end() and not text.startswith(",", end):  # not "Quy chế Quản lý, vận hành và …"
            yield Span(match.start(), end, Kind.CLAUSE)


def _end(text: str, stripped: str, head: re.Match[str], body: bool, any_word: bool = False) -> int | None:
    """Where a name ends; None where nothing names it, a capital or with `any_word` another word."""
    words = list(_WORD().finditer(text, head.end(), head.end() + _LONGEST))[:_MOST]
    if (body and not text[head.start()].isupper()) or not _names_one(head.group(), words):
        return None
    at, named = head.end(), body and (text[head.start() : head.end()].isupper() or head.group() in _ALONE)
    for word, after in zip_longest(words, words[1:]):
        joined = word.group() == "và" and head.group() in _LISTED and after and _is_new(stripped, after)
        if not _is_next(text, stripped, at, word) or not (joined or _capital(word) or not _stops(word, after)):
            break
        at, named = word.end(), named or any_word or _capital(word)
    return at if named else None


def _names_one(head: str, words: Sequence[re.Match[str]]) -> bool:
    """Not "54 xã đạt", "xã hội", "15/15 UBND cấp huyện"."""
    if head in _COUNCILS:
        return bool(words) and strip_marks(words[0].group()) in _WHOSE
    return head not in _PLACES or (bool(words) and _capital(words[0]))


def _is_next(text: str, stripped: str, at: int, word: re.Match[str]) -> bool:
    """Whether a name may go on with a word: after a space, or after a dash or comma with a capital that begins none."""
    gap = text[at : word.start()]
    return (gap.isspace() and "\n" not in gap) or bool(_LINK().fullmatch(gap) and _is_new(stripped, word))


def _is_new(stripped: str, word: re.Match[str]) -> bool:
    return _capital(word) and _heads(_BODIES).match(stripped, word.start()) is None


def _capital(word: re.Match[str]) -> bool:
    return word.group()[0].isupper() or word.group().isdigit()


def _stops(word: re.Match[str], after: re.Match[str] | None) -> bool:
    two = f"{word.group()} {after.group()}" if after else ""
    return word.group() in vocabulary("name_end") or two in vocabulary("name_end")


def part_played(text: str, span: Span, asked: Asked) -> float:
    """ "Với bộ nào" asks for what stands behind "với"; "tập thể nào được tặng" for what stands behind "cho"."""
    wanted, before = _PART_ASKED().search(asked.stripped), spelt(text)[1][: span.start]
    part = wanted and (wanted["link"] or (wanted["gets"] and "cho"))
    if not part:
        return 0.0
    return _PART if re.search(rf"\b{_LINKS.get(part, part)}(?: [^\W\d]+){{0,2}} $", before) else -_PART


def told(passage: Words, span: Span, asked: Asked) -> bool:
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
