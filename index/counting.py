"""Whether a figure counts what a question counts, and all of it: read off its unit, its label, what narrows it."""

import re
from collections.abc import Sequence

from corpus.syllables import is_foreign
from corpus.text import WORD, pattern
from index.coverage import ALONE, saying
from index.figures import Span, spelt
from index.kinds import MEASURE, Kind
from index.phrases import initials
from index.question import Asked
from index.roles import Role, role_asked
from index.tokens import concepts
from index.vocabulary import vocabulary
from index.words import Words

# What each cue adds to a span's nearness, which is 0..1.
_NOUN, _OTHER_NOUN = 0.35, 0.15  # its unit is what the question counts; only begins like it
_NOUN_PART = 0.25  # times the part of the noun's syllables that it says
FOREIGN = -0.6  # its unit is another thing than what is counted: "20 cá nhân" for "bao nhiêu hộ"
_HEAD = 2  # syllables that say what is counted, those after them which
_WITHIN = re.compile(
    r"(?:\d[\d.,/]* (?:[^\W\d_]+ ){1,4}cua|\b(?:cho|den|toi|tai|o|voi|tu|do|boi|giua))(?: (?:toan bo|ca|hon|gan))*\s*$"
)
_WITH = pattern(r"(?:^|[;,.()])[^;,.()\d]*(?:(?:19|20)\d\d[^;,.()\d]*)?\bvoi(?: (?:hon|gan|tren|tong so|khoang))*\s*$")
_SOME_BEFORE = pattern(
    r"\b(?P<act>thieu|thua|tuyen|nang cap|tinh gian|bo nhiem|luan chuyen|cu|xu phat|phat|xu ly)"
    r"(?: (?:dung|moi|them|duoc|gan|hon|tren))* ?$"
)
_SOME_AFTER = pattern(
    r" (?:moi|thanh lap|tam (?:ngung|dung)|ngung|(?:hoat dong )?tro lai|giai the|pha san|dang ky|vi pham|chua|khong|bi"
    r"|dat (?!\d)|di|xin|thoi viec|nghi)\b"
)
_ENDED = pattern(r" (?:tam (?:ngung|dung)|ngung|giai the|pha san|vi pham|chua|khong|bi|thoi viec|nghi)\b")
_BATCH = pattern(r"\b(?:dot|lan thu|giai doan) \d+ (?:la|co|gom|duoc|dat|ho tro)? ?$")
_COUNTED_THING = re.compile(r"\d[\d.,/]*\s+[^\W\d_]+")
_JOINED = re.compile(r"\w\.\w")
_MULTIPLIERS = frozenset(("nghin", "ngan", "trieu", "ty"))
_FROM = re.compile(r"\btu (?:hon |gan |khoang |tren )?$")
_ON = pattern(r"(?: [a-z]+){0,4}(?: \(?(?:nam )?(?:19|20)\d\d\)?)?,? (?:len|xuong|con|den|toi|tang|giam)\b")
_ANY_BODY = frozenset(("don vi", "co quan"))  # "24 đơn vị sở, ban, ngành" are so many "sở", "lượt nông dân" farmers
_STAFF = frozenset(("cbccvc", "cbcc", "ccvc", "cbcnv", "vdv", "hlv"))
_CLASSIFIERS = frozenset(("vu", "cuoc", "ca", "chiec", "con", "cay", "buoi", "bai", "cuon", "quyen", "tran", "bo"))
_MARK, _STRONG_MARK = re.compile(r"[;,.()]"), re.compile(r"[;.]\s|[(]")
_LAST_FIGURE = re.compile(r".*\d[^,]*,\s")


def of_something_else(passage: Words, span: Span, asked: Asked) -> bool:
    """ "93 trạm của 3 doanh nghiệp", "132/141 điểm Bưu điện văn hóa xã": where a question only asks how many there are,
    "có bao nhiêu doanh nghiệp", "có bao nhiêu xã", these are not it, nor is what a batch has: "đợt 2 là 3.554 hộ".
    """
    if (
        asked.kind is not Kind.COUNT
        or not asked.noun
        or any(term.weight == 1 and term.stripped not in asked.noun for term in asked.terms)
    ):
        return False
    text, before = passage.text, spelt(passage.text)[1][: span.start]
    told = set(asked.noun) - set(unit_of(text, span))  # "125 hợp tác xã với 2.750 thành viên": whose members they are
    with_owner = bool(told) and told <= set(WORD.findall(re.split(r"\d", before)[-1]))
    new = role_asked(asked) is Role.CHANGE and "moi" in unit_of(text, span)  # "cấp đăng ký cho 973 doanh nghiệp mới"
    within = _WITHIN.search(before) and not with_owner and not new and not _moves_on(spelt(text)[1], span)
    # "Phát hành sách đáp ứng nhu cầu với 3.671.827 bản" is of nothing that was counted before.
    within = within and not (unit_of(text, span)[:1] == list(asked.noun[:1]) and _WITH().search(before))
    if within or _BATCH().search(before) or _is_foreign(passage, span, asked):
        return True
    # "còn thiếu 1.236 giáo viên", "1.840 doanh nghiệp thành lập mới" are some of them, not all there are.
    if role_asked(asked) is not Role.LEVEL:
        return asked.direction is None and _narrowed(text, span, asked, _ENDED())
    some = _SOME_BEFORE().search(before)
    return bool(some and some["act"] not in asked.stripped) or _narrowed(text, span, asked, _SOME_AFTER())


def _narrowed(text: str, span: Span, asked: Asked, narrows: re.Pattern[str]) -> bool:
    """Whether what follows the counted words says which of them, unless the question says so, too."""
    bare, end, left = spelt(text)[1], span.unit, set(asked.noun)
    for word in WORD.finditer(bare, span.unit):
        if word.group() not in asked.noun or bare[end : word.start()].strip():
            break
        end = word.end()
        left.discard(word.group())
    after = _MARK.split(bare[end:])[0]
    return bool(narrows.match(after)) and (not left or not left <= set(WORD.findall(after)))


def measures_another(passage: Words, span: Span, asked: Asked) -> bool:
    """ "diện tích nuôi 8.563 ha, sản lượng 221.000 tấn": each figure is of the measure that stands in its label."""
    if _JOINED.search(passage.text[span.unit : span.end]) and "km" not in asked.stripped.split():
        return True  # "1.240 triệu lượt khách.km" are no "lượt khách"
    wanted = MEASURE().search(asked.stripped)
    said = MEASURE().findall(label_of(passage.text, span)) if wanted else []
    return bool(wanted and said and wanted.group() not in said)


def _is_foreign(passage: Words, span: Span, asked: Asked) -> bool:
    unit = _thing(unit_of(passage.text, span), asked)
    if _persons(unit, asked.noun):
        return False
    alike = {name for name, _, _ in concepts(list(asked.noun))}
    said = {word for name, start, end in passage.concepts if name in alike for word in passage.stripped[start:end]}
    known = bool(unit) and unit[0] not in {*asked.noun[:_HEAD], *said}  # "5 vi phạm" are no "cơ sở vi phạm"
    known = known and not _shortened(asked.noun[0], unit)
    return known and not alike & {name for name, _, _ in concepts(unit)} and not _labelled(passage.text, span, asked)


def counted(passage: Words, span: Span, asked: Asked) -> float:
    """How far the unit is what the question counts: "hộ" of "hộ nghèo", TTHC for "thủ tục hành chính"."""
    if span.kind is not Kind.COUNT:
        return 0.0
    text = passage.text
    unit = _thing(unit_of(text, span), asked)
    if not asked.noun:  # "sản lượng bưu gửi": "20,4 triệu bưu gửi", not "27 doanh nghiệp"
        wanted = {term.stripped for term in asked.terms}
        return _NOUN_PART * sum(word in wanted for word in unit) / max(1, len(unit))
    if _of_another_kind(unit, asked.noun) and _lacks_kind(passage, asked):
        return FOREIGN  # "23 giấy phép khai thác khoáng sản" are no "giấy phép xây dựng"
    lead = int(bool(unit) and unit[0] in {*_CLASSIFIERS, "luot"})
    names = {name for name, start, _ in concepts(unit) if start <= lead}  # not the last of "vụ tai nạn lao động"
    if names & {name for name, start, _ in concepts(list(asked.noun)) if start == 0}:
        return _NOUN + _NOUN_PART
    if len(unit) < 2 and spelt(text)[1][: span.start].rstrip(" :").endswith(f" {' '.join(asked.noun)}"):
        return _NOUN  # "khách quốc tế 8.500 lượt", but not "xuất khẩu 35 lao động"
    if _persons(unit, asked.noun):
        return _NOUN
    whole = asked.noun[0] == initials(unit)[: len(asked.noun[0])]  # "21.600 chữ ký số" are "CKS chuyên dùng"
    if unit and (len(asked.noun) == 1 or whole) and len(unit[0]) > 1 and _shortened(asked.noun[0], unit):
        return _NOUN + _NOUN_PART  # "18.344 giấy chứng nhận" are GCNQSDĐ
    shared = len(set(unit) & set(asked.noun)) / len(set(asked.noun))
    of_them = unit[:1] == ["luot"] or " ".join(unit[:2]) in _ANY_BODY
    if asked.noun[0] in unit[1:] and not of_them and not _labelled(text, span, asked):
        return FOREIGN  # "23 vụ tai nạn lao động" for "bao nhiêu lao động"
    if unit == ["giay"] == list(asked.noun[:1]) and len(asked.noun) > 1 and _lacks_rest(passage, asked):
        return FOREIGN  # "60.616 giấy" that are no "giấy phép"
    if unit[:1] != list(asked.noun[:1]):
        return _NOUN_PART * shared + (FOREIGN if unit and not shared and not _labelled(text, span, asked) else 0.0)
    # "học sinh" and "học viên", "điểm phục vụ" and "điểm Bưu điện" share a syllable, not a thing.
    other = len(unit) > 1 and len(asked.noun) > 1 and unit[1] != asked.noun[1]
    other = other and not (unit[1] == "nguoi" and _persons(unit[1:], asked.noun[1:]))  # "lượt người", "lượt cán bộ"
    own = {*clause_of(passage, span), *WORD.findall(label_of(text, span))}  # "Trẻ em có hoàn cảnh…: 12.172 trẻ em"
    if other and set(asked.noun[1:]) <= set(passage.stripped) - own:
        return FOREIGN  # "87 ca tay chân miệng; không ghi nhận ca mắc bạch hầu"
    if other and own.isdisjoint(asked.noun[1:]) and _lacks_rest(passage, asked):
        return FOREIGN  # "2.870 điểm chấp nhận QR" are no "điểm bưu chính"
    if role_asked(asked) is Role.LEVEL and _which_elsewhere(passage, span, asked, own):
        return FOREIGN  # "26 triệu lượt khách đi xe buýt; các bến cảng đón 0,5 triệu lượt khách"
    return (_OTHER_NOUN if other else _NOUN) + _NOUN_PART * shared


def _persons(unit: Sequence[str], noun: Sequence[str]) -> bool:
    """ "gần 1.500 cán bộ" are so many "người", and "9.870 người" may be "lao động"."""
    named = [" ".join(words[:2]) in vocabulary("people") or words[0] in _STAFF for words in (unit or ("",), noun)]
    return (noun[0] == "nguoi" and named[0]) or (list(unit[:1]) == ["nguoi"] and named[1])


def _of_another_kind(unit: Sequence[str], noun: Sequence[str]) -> bool:
    """Whether things of one name go by another word: "giấy phép khai thác"; letters may stand for any.

    What follows persons says what they do, not which they are: "cán bộ tham gia".
    """
    same = list(unit[:2]) == list(noun[:2]) and " ".join(noun[:2]) not in vocabulary("people")
    return same and len(unit) > 2 and unit[2] not in noun[2:] and not is_foreign(unit[2])


def _lacks_kind(passage: Words, asked: Asked) -> bool:
    """Whether a passage says nothing of which of the things counted are meant: "xây dựng" of "giấy phép xây dựng".

    The syllables of "sử dụng" don't say it.
    """
    kind = [term for term in asked.terms if term.stripped in asked.noun[2:]]
    which = [term.place for term in kind if term.weight == 1 or len(kind) > 1]  # "hộ chiếu cấp cho công dân" has none
    said = saying(asked, passage, passage.otherwise(asked) if asked.marked else {})
    return 2 * sum(said.get(place, 0.0) > ALONE for place in which) < len(which)


def _which_elsewhere(passage: Words, span: Span, asked: Asked, own: set[str]) -> bool:
    """Whether which of the things counted are meant is said, but of another figure: not in this one's clause."""
    unit = unit_of(passage.text, span)
    which = {term.stripped for term in asked.terms if term.weight == 1 and term.stripped in asked.noun} - set(unit)
    lead = re.split(r"\d", spelt(passage.text)[1])[0]
    if not which or not which <= set(passage.stripped) or not which.isdisjoint({*own, *WORD.findall(lead)}):
        return False
    low, high = (passage.at(place) for place in (span.start, span.end))
    near = range(low - len(own), high + len(own))
    also = passage.otherwise(asked)
    return not any(n in near for t in asked.terms if t.stripped in which for n in also.get(t.place, ()))


def _lacks_rest(passage: Words, asked: Asked) -> bool:
    """Whether a passage nowhere says what is the second syllable of what is counted, nor by another name."""
    if asked.noun[1] in passage.stripped:
        return False
    also = passage.otherwise(asked)
    return not any(term.place in also for term in asked.terms if term.stripped == asked.noun[1])


def _shortened(name: str, unit: Sequence[str]) -> bool:
    """Whether a unit is how an abbreviation begins, or all of it."""
    return is_foreign(name) and name.startswith(initials(unit))


def _labelled(text: str, span: Span, asked: Asked) -> bool:
    """ "Số dịch vụ công mức độ 4 là 24 TTHC": what is counted stands before the figure, in its clause."""
    before = label_of(text, span)
    # What another figure counts is that one's: "93 trạm của 3 doanh nghiệp".
    said = {match.group() for match in WORD.finditer(_COUNTED_THING.sub(" ", before))}
    if other := _WITHIN.search(before):  # "cho 5 đơn vị" counts what "cho" stands behind, nothing earlier
        said &= set(before[: other.start()].split()[-2:])
        return bool(said & set(asked.noun))
    return asked.noun[0] in said and sum(word in said for word in asked.noun) >= len(asked.noun) / 2


def label_of(text: str, span: Span) -> str:
    """What stands before a figure in its clause, stripped; commas part figures, but not "cán bộ, viên chức là 35"."""
    before = _STRONG_MARK.split(spelt(text)[1][: span.start])[-1]
    parted = _LAST_FIGURE.match(before)
    return before[parted.end() :] if parted else before


def clause_of(passage: Words, span: Span) -> list[str]:
    """The stripped words between the strong marks around a figure."""
    start = max((mark for mark in passage.strong if mark < span.start), default=0)
    end = min((mark for mark in passage.strong if mark >= span.end), default=len(passage.text))
    return WORD.findall(spelt(passage.text)[1], start, end)


def unit_of(text: str, span: Span) -> list[str]:
    unit = WORD.findall(spelt(text)[1], span.unit, span.end)
    return unit[1:] if unit[:1] and unit[0] in _MULTIPLIERS else unit


def _moves_on(stripped: str, span: Span) -> bool:
    """ "từ 12 trạm năm 2015 lên 35 trạm": where it began is of the same thing as where it came to."""
    return bool(_FROM.search(stripped[: span.start]) and _ON().match(stripped, span.end))


def _thing(unit: list[str], asked: Asked) -> list[str]:
    """ "vụ tai nạn giao thông" are "tai nạn giao thông"."""
    return unit[1:] if unit[:1] and unit[0] in _CLASSIFIERS and tuple(unit[1:3]) == asked.noun[:2] else unit
