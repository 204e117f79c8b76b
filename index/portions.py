"""What a figure is of a part only: one town, one body of many, "riêng", "trong đó", a feast of three days.

Each rule tells of one figure whether it is of a part where the question asks for the whole.
"""

import re
from functools import lru_cache
from itertools import pairwise

from corpus.text import WORD, pattern, sought
from index.figures import Span, spelt
from index.kinds import Kind
from index.question import Asked
from index.words import Words

_ELSEWHERE = sought(
    "ca nuoc|toan quoc|huyen|thanh pho|thi xa|xa|phuong|khu vuc|vung",
    r"^[\s+•*-]*(?:(?:binh quan|trung binh|tinh)(?: chung)?(?: cua)? (?P<whole>ca nuoc|toan quoc)"
    r"|(?:rieng )?(?:(?:tai|o) (?:mot (?:so )?)?(?:huyen|thanh pho|thi xa|xa|phuong)|(?:tai |o )?(?:khu vuc|vung))"
    r" (?P<place>(?!co\b|da\b|dat\b|nam\b|hien\b|duoc\b|trong\b)[a-z]+(?: [a-z]+)?))",
)
# Of which a province has many: what one of them has is not what all have.
_ONE_OF_MANY = sought(
    "benh vien|truong|cong ty|nha may|khu |cum cong nghiep|huyen|thi xa|phuong|hop tac xa|chi nhanh",
    r"^[\s+•*-]*(?:(?:tai|o|rieng) )?(?P<one>benh vien|truong|cong ty|nha may|(?:khu|cum) cong nghiep|khu du lich"
    r"|huyen|thi xa|phuong|hop tac xa|chi nhanh)\b [^;,.:()\d]+$",
)
# The same as what a whole sentence is about, up to its full stop: "Bệnh viện … tiếp nhận 486 ca; có 74 bác sĩ".
_BODY = sought(
    "benh vien|truong|cong ty|nha may|khu du lich|khu cong nghiep|cum cong nghiep|huyen|thi xa|hop tac xa|chi cuc",
    r"^[\s+•*-]*(?:(?:tai|o|rieng) )?(?P<one>benh vien|truong (?:dai hoc|cao dang|thpt|trung cap)|cong ty|nha may"
    r"|khu du lich|khu cong nghiep|cum cong nghiep|huyen|thi xa|hop tac xa"
    r"|chi cuc(?= [^;,.:()\d]*(?:thanh pho|huyen)))\b"
    r" [^;,.:()\d]+\d[\d.,/]* ?(?P<unit>[a-z]*)(?!.*\b(?:toan (?:tinh|nganh)|ca tinh)\b)",
)
_COUNTRY = sought(
    "ca nuoc|toan quoc",
    r"^[\s+•*-]*(?:(?:tren|trong|tinh) )?(?:pham vi )?(?P<all>ca nuoc|toan quoc)\b(?!.*\b(?:toan|ca) tinh\b)",
)
_MEAN = sought(
    "ca nuoc|toan quoc|khu vuc|vung",
    r"\b(?:binh quan|trung binh|mat bang)(?: chung)?(?: cua)? (?P<all>ca nuoc|toan quoc|khu vuc|vung)[^,;.()\d]*$",
)
_TOWN = sought(  # but not "các huyện, thị xã, thành phố"
    "thanh pho|thi xa|huyen",
    r"(?<!\bcac )(?<!\bcap )(?<!\bva )(?<!\btung )(?<!\bmoi )(?<!\btoan )(?<!, )(?<!\d )\b"
    r"(?P<town>thanh pho|thi xa|huyen)\b(?! truc thuoc| dat\b| co\b.* cong nhan)(?:(?!\bva )[^;,.()\d])*$",
)
_ONE_OF = sought(
    "mot |tuyen |chi nhanh|cap ",
    r"^[\s+•*-]*(?:(?:tai|o|rieng) )?(?P<one>tuyen (?:buyt|xe|duong|pho)|cap (?:xa|huyen)"
    r"|ngan hang [a-z ]+ chi nhanh"
    r"|mot (?:huyen|xa|phuong|thi xa|thanh pho|doanh nghiep|cong ty|don vi|co so|diem|khu))\b",
)
_APART = pattern(r"\b(?:tinh )?rieng\b(?P<part>[^,;.()]*)")  # "riêng dịp nghỉ Tết xảy ra 17 vụ"
_LED_APART = sought("rieng", r"^[\s+•*-]*(?:tinh )?rieng\b(?P<part>[^,;.()]*)")  # of a whole sentence
_AFTER_FIGURE = re.compile(r".*\d[^,]*, ")
_FULL_STOP = re.compile(r"\.\s")
SENTENCE = re.compile(r"[;.]\s")
_PART = 3  # words
_TELLING = 0.5  # weight of a word: "tính đến" is no "tỉnh lỵ"
_NEAR = 80  # code points before a figure in which its town is named
_CENTRAL = frozenset(("Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ"))  # provinces that are cities
_MOST_OF = 0.6  # of the question's words that the whole has not: the part must have more of them
_PART_OF = re.compile(r"\b(?:trong do|rieng)\b")
_PART_END = re.compile(r"[;,.()]")
_EVENT = sought(
    "hoi|festival|lien hoan|tuan le|dien ra|keo dai",
    r"^[\s+•*-]*(?:trong khuon kho )?(?P<event>ngay hoi|le hoi|hoi cho|hoi thi|lien hoan|festival|tuan le)\b"
    r"|^[^;.]*\b(?:dien ra|keo dai) (?P<lasting>trong (?:vong )?(?:\d+|mot|hai|ba|bon|nam) (?:ngay|buoi|tuan))\b",
)


def only_elsewhere(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Bình quân cả nước …", "Tại một huyện miền núi …": of another area, unless the question is about that."""
    before = sentence_before(passage, span)
    whole = _COUNTRY(since_full_stop(passage.text, span)) or _MEAN(before)
    if whole and whole["all"] not in asked.stripped:
        return True
    said = _ELSEWHERE(before)
    if said is None:
        return False
    return said["whole"] not in asked.stripped if said["whole"] else not asks_of(said["place"], asked, 1.0)


def only_in_town(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Thành phố giải quyết 73,4% đơn thư": of one town, unless the question is about it or its province is one.

    "Tại một huyện miền núi có 118 trạm BTS; 38,4% hộ có cáp quang" is of that one to the end of the sentence.
    """
    bare = spelt(passage.text)[1][: span.start]
    one = _ONE_OF(since_full_stop(passage.text, span)) or _ONE_OF(_clause_before(passage, span))
    if one and one["one"].removeprefix("mot ") not in asked.stripped:
        return True
    town = _TOWN(bare[max(0, len(bare) - _NEAR) :])
    return bool(town and town["town"] not in asked.stripped and _CENTRAL.isdisjoint(asked.provinces))


def only_of_one(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Bệnh viện đa khoa tỉnh có 680 giường bệnh": of one of many, unless the question is about such a one."""
    body = _BODY(since_full_stop(passage.text, span))
    if body and body["unit"] != body["one"].split()[0] and not _asks_of_such(body["one"], asked):
        return True
    said = _ONE_OF_MANY(_clause_before(passage, span))
    if said is None or spelt(passage.text)[1].startswith(said["one"].split()[0], span.unit + 1):
        return False  # "trường đạt chuẩn quốc gia 120 trường"
    return not _asks_of_such(said["one"], asked)


def _asks_of_such(body: str, asked: Asked) -> bool:
    return re.search(rf"(?<!\bcac )(?<!\bnhung )\b{body}\b", asked.stripped) is not None


def only_apart(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Riêng dịp nghỉ Tết xảy ra 17 vụ": a part set apart is not the whole, unless the question is about it."""
    before, lead = sentence_before(passage, span), since_full_stop(passage.text, span)
    said = [*([led] if (led := _LED_APART(lead)) else []), *(_APART().finditer(before) if "rieng" in before else ())]
    # Only what stands right behind "riêng" says which part it is: "dịp nghỉ Tết", and then what happened. That it is
    # of what the figure counts says nothing: "riêng doanh nghiệp khởi nghiệp 26 doanh nghiệp".
    unit = WORD.findall(spelt(passage.text)[1], span.unit, span.end) if span.kind is Kind.COUNT else ()
    return bool(said) and not asks_of(
        " ".join(word for word in WORD.findall(said[-1]["part"])[:_PART] if word not in unit), asked, _TELLING
    )


def only_part_of(passage: Words, span: Span, asked: Asked) -> bool:
    """ "17 nhiệm vụ được nghiệm thu, trong đó 07 nhiệm vụ xếp loại xuất sắc": a part has words of its own."""
    before = sentence_before(passage, span)
    if before.startswith("trong do"):  # "2.259 trạm, tăng 4,9%; trong đó có 1.720 trạm 4G"
        before = since_full_stop(passage.text, span)
    marks = [mark for mark in _PART_OF.finditer(before) if re.search(r"\d", before[: mark.start()])]
    if not marks or marks[-1].group() in asked.stripped:
        return False
    whole, part = WORD.findall(before[: marks[-1].start()]), before[marks[-1].end() :]
    said = {*WORD.findall(part), *WORD.findall(_PART_END.split(spelt(passage.text)[1][span.unit :])[0])}
    lacking = [term for term in asked.terms if term.stripped not in whole]
    # "Nuôi trồng và khai thác" is not said by "trong đó khai thác".
    return not lacking or sum(term.weight for term in lacking if term.stripped in said) <= _MOST_OF * sum(
        term.weight for term in lacking
    )


def only_a_while(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Ngày hội diễn ra trong 04 ngày, thu hút 85.000 lượt khách": of an event, unless the question is about it."""
    said = _EVENT(sentence_before(passage, span))
    return said is not None and (said["event"] or said["lasting"]) not in asked.stripped


def not_apart(passage: Words, span: Span, asked: Asked) -> bool:
    """Where a question asks for one thing "riêng", a figure of several together is not it."""
    return "rieng" in asked.stripped.split() and "rieng" not in passage.stripped


def since_full_stop(text: str, span: Span) -> str:
    """What stands before a figure in its whole sentence, stripped; clauses behind a semicolon are of it."""
    return _FULL_STOP.split(spelt(text)[1][: span.start])[-1]


@lru_cache(64)  # one rule after the other asks for it
def sentence_before(passage: Words, span: Span) -> str:
    """The same without the clauses behind a semicolon."""
    return SENTENCE.split(spelt(passage.text)[1][: span.start])[-1]


@lru_cache(64)
def _clause_before(passage: Words, span: Span) -> str:
    """The same from the last comma before which there is a figure."""
    before = sentence_before(passage, span)
    return before[last.end() :] if (last := _AFTER_FIGURE.match(before)) else before


def asks_of(part: str, asked: Asked, least: float = 0.0) -> bool:
    """Whether a question shares a word, of at least some weight, or a year with what narrows a figure."""
    words = WORD.findall(part)
    if any(str(year) in words for year in asked.years):
        return True
    spelt, pairs = {term.place: term.stripped for term in asked.terms}, set(pairwise(words))
    for term in asked.terms:
        left, right = spelt.get(term.place - 1), spelt.get(term.place + 1)
        # The "thu" of "vụ Hè Thu" is not that of "thu hoạch".
        joined = left is None is right or (left, term.stripped) in pairs or (term.stripped, right) in pairs
        if joined and term.weight >= least and term.stripped in words:
            return True
    return False


# Each tells of a figure whether it is of a part where the question asks for the whole.
PORTIONS = (only_elsewhere, only_in_town, only_of_one, only_apart, only_part_of, only_a_while, not_apart)
