"""What a figure is not: all of a thing, where it is only examined, proposed, taken back, wanting or paid as something
else. Each rule tells of one figure whether it is of another thing than the question's; index.portions has the parts."""

import re

from corpus.text import WORD, sought
from index.counting import label_of
from index.figures import Span, spelt
from index.kinds import PER, Kind
from index.portions import SENTENCE, asks_of, sentence_before
from index.question import Asked
from index.words import Words

_EXAMINING = "kiem tra|thanh tra|hau kiem|phuc tra|giam sat|ra soat|do kiem|kiem dinh|khao sat"
_EXAMINES = rf"\b(?:{_EXAMINING})\b"
_EXAMINES_ASKED = sought(_EXAMINING, _EXAMINES)
_EXAMINED = sought(
    _EXAMINING,
    rf"{_EXAMINES}(?: (?:thuc te|duoc|tai|doi voi|o|toan bo|tong so))*\s*$",
)
_WANTS = r"\b(?:con )?(?:(?<!toi )(?<!giam )thieu|thua)\b"  # but not "tối thiểu", "giảm thiểu"
_WANTS_ASKED = sought("thieu|thua", rf"{_WANTS} (?:bao nhieu|may)\b")
_WANTS_SAID = sought("thieu|thua", rf"{_WANTS}[^,;.()\d]*$")
_PROPOSING = "de nghi|de xuat|kien nghi"
_PROPOSES = rf"\b(?:{_PROPOSING})\b"
_PROPOSES_ASKED = sought(_PROPOSING, _PROPOSES)
_PROPOSED = sought(_PROPOSING, rf"(?:^|[;:.,(]\s+|\bva )(?:da |tiep tuc |dong thoi )*{_PROPOSES}(?! cua)[^;.]*$")
_TAKING = "thu hoi|tich thu|thu giu|tieu huy|giai the|sua chua|xoa|thanh ly|pha do"
_TAKES_ASKED = sought(_TAKING, rf"\b(?:{_TAKING})\b")
_TAKEN = sought(_TAKING, rf"\b(?:{_TAKING})(?: (?:duoc|dung|moi|them|tong so|toan bo|tren|hon|gan|khoang))*\s*$")
_RENEWED = sought(
    "đổi|cấp lại|gia hạn",
    r"(?<!thay )(?<!chuyển )(?<!trao )\b(?:đổi|cấp lại|gia hạn)(?: (?:được|cho|hơn|gần|trên|khoảng))*\s*$",
)
_RENEWS_ASKED = sought("doi|cap lai|gia han", r"\b(?:doi|cap lai|gia han)\b")
_NEW = sought(
    " moi|thanh lap|giai the",
    r"\b(?P<act>giai the|(?:thanh lap|phat trien|ket nap|xay dung|xay|lap|mo|cap|tuyen) moi)(?: them)?(?: duoc)? $",
)
_COMING = sought(
    "tung buoc|chuyen dan|tien toi|chuan bi|dang dan",
    r"^[^,;.:()]*?\b(?P<coming>tung buoc|chuyen dan|tien toi|chuan bi|dang dan)\b(?P<later>[^,;.:()]*)",
)
_PER = sought(" dan", PER)
_SAME = dict.fromkeys(("van dan", "10.000 dan"), ("van dan", "10.000 dan"))
_ITEM = re.compile(r",\s|\s(?:va)\s")
_LAST_YEAR = sought(
    "cung ky|nam truoc|nam ngoai",
    r"(?:^|[(,;]\s?)(?:trong khi )?(?:\d+ thang (?:dau )?)?(?:cung ky(?: nam (?:truoc|ngoai))?|nam (?:truoc|ngoai))"
    r"(?: (?:la|dat|co|chi|chi co|chi dat))?(?: (?:khoang|gan|hon|tren))? $",
)
_LAST_YEAR_ASKED = sought("nam truoc|nam ngoai|cung ky", r"\b(?:nam (?:truoc|ngoai)|cung ky)\b")
_FIELD = sought(
    "hoat dong|linh vuc|dich vu|nganh|mang",
    r"\b(?:tu|cua|trong|ve) (?:hoat dong|linh vuc|dich vu|nganh|mang)"
    r" (?!tang\b|giam\b|dat\b|co\b|da\b|tiep\b|phat trien\b|duy tri\b|on dinh\b)(?P<field>[a-z]+ [a-z]+)",
)
# Ways of being money; in a label another one than the question's tells a figure of something else.
_PAID = tuple(
    sought(words, rf"\b(?:{way})\b")
    for words, way in (
        ("thu", r"doanh thu|thu duoc|thu ve|tong thu"),
        ("thu", r"thu ngan sach|tong thu|thu noi dia"),
        ("nop|thue", r"nop (?:vao |cho |ve )?(?:ngan sach|thue|phat)|nop|tien thue"),
        ("kinh phi|von|chi|dau tu", r"kinh phi|von|chi|dau tu"),
        ("phat", r"xu phat|tien phat|phat tien"),
        ("loi nhuan", r"loi nhuan"),
        ("kim ngach|khau", r"kim ngach|xuat khau|nhap khau"),
        ("le phi", r"le phi"),
        ("thu nhap|luong", r"thu nhap|tien luong"),
    )
)


def only_examined(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Kiểm tra 93 trạm": so many were looked at, not so many there are; unless the question is about that."""
    return bool(_EXAMINED(spelt(passage.text)[1][: span.start])) and not _EXAMINES_ASKED(asked.stripped)


def only_proposed(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Đề nghị cấp giấy phép cho 5 đơn vị": none was given yet; unless the question is about that."""
    return bool(_PROPOSED(spelt(passage.text)[1][: span.start])) and not _PROPOSES_ASKED(asked.stripped)


def only_taken(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Có 83 cơ sở phát hành, thu hồi 470 bản sách": so many were taken back; unless the question is about that."""
    taken = span.kind is Kind.COUNT and _TAKEN(spelt(passage.text)[1][: span.start])  # but "thu hồi 85,4 tỷ đồng nợ"
    return bool(taken) and not _TAKES_ASKED(asked.stripped)


def only_new(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Thành lập mới 27 doanh nghiệp": so many are new, where a question asks how many there are."""
    said = _NEW(spelt(passage.text)[1][: span.start]) if span.kind is Kind.COUNT else None
    return said is not None and not {"moi", *said["act"].split()} & set(asked.stripped.split())


def only_renewed(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Đổi 12.800 giấy phép lái xe hết hạn": so many were given anew; unless the question is about that."""
    said = _RENEWED(spelt(passage.text)[0][: span.start]) if span.kind is Kind.COUNT else None
    return said is not None and not _RENEWS_ASKED(asked.stripped)


def only_coming(passage: Words, span: Span, asked: Asked) -> bool:
    """ "100% UBND cấp xã có Internet và từng bước chuyển sang cáp quang": what is to come is not said of the figure."""
    bare = spelt(passage.text)[1]
    said = _COMING(bare[span.end :])
    if not said or said["coming"] in asked.stripped:
        return False
    earlier, later = WORD.findall(bare[: span.end + said.start("coming")]), WORD.findall(said["later"])
    return any(t.weight == 1 and t.stripped in later and t.stripped not in earlier for t in asked.terms)


def only_total(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Bác sĩ 1.612 người" for "bác sĩ trên vạn dân": all there are, not how many there are for so many people."""
    if not (wanted := _PER(asked.stripped)):
        return False
    said = f" {_clause(passage, span)} "
    return not any(f" {many} " in said for many in _SAME.get(wanted["many"], [wanted["many"]]))


def not_wanting(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Có 16.816 giáo viên, còn thiếu 320 người": how many are wanting is said right before the figure."""
    said = _WANTS_SAID(spelt(passage.text)[1][: span.start]) is not None
    if _WANTS_ASKED(asked.stripped):
        return not said
    return said and not {"thieu", "thua"} & set(asked.stripped.split())


def paid_as_another(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Doanh thu 5.359 tỷ đồng; các doanh nghiệp nộp thuế 38,5 tỷ đồng": what was paid in tax is no revenue."""
    if span.kind is not Kind.MONEY:
        return False
    wanted = {way for way in _PAID if way(asked.stripped)}
    label = label_of(passage.text, span) if wanted else ""
    said = {way for way in _PAID if way(label)}
    if wanted and not said:  # "tổng số tiền phạt là 422 triệu đồng, lĩnh vực viễn thông 61 triệu đồng"
        said = {way for way in _PAID if way(sentence_before(passage, span))}
    return bool(said) and not wanted & said


def joined_with_another(passage: Words, span: Span, asked: Asked) -> bool:
    """ "56.000 hộ nghèo, cận nghèo": of both together, where only "hộ cận nghèo" is asked for."""
    first, *others = _ITEM.split(spelt(passage.text)[1][span.unit : span.end])
    if not others or f" {first.strip()} " in f" {' '.join(WORD.findall(asked.stripped))} ":
        return False
    named = set(asked.noun) - set(WORD.findall(first))
    return bool(named) and named <= set(WORD.findall(" ".join(others)))


def only_last_year(passage: Words, span: Span, asked: Asked) -> bool:
    """ "17.086 phiếu (cùng kỳ năm trước 2.085 phiếu)": the figure of the year before, unless that is asked for."""
    said = _LAST_YEAR(spelt(passage.text)[1][: span.start])
    return said is not None and not _LAST_YEAR_ASKED(asked.stripped)


def only_of_field(passage: Words, span: Span, asked: Asked) -> bool:
    """ "Tổng doanh thu từ hoạt động bưu chính": of one field, where the question names another or all of a sector."""
    if span.kind is not Kind.MONEY:
        return False
    said = _FIELD(label_of(passage.text, span))
    return said is not None and not asks_of(said["field"], asked)


def _clause(passage: Words, span: Span) -> str:
    """Between semicolons or full stops: "Thuê bao/100 dân: 83,9 thuê bao" is one."""
    bare = spelt(passage.text)[1]
    return " ".join(WORD.findall(SENTENCE.split(bare[: span.start])[-1] + SENTENCE.split(bare[span.start :])[0]))


# Each tells of a figure whether it is not what the question asks for.
NARROWING = (
    only_examined,
    only_last_year,
    only_of_field,
    only_proposed,
    only_taken,
    only_new,
    only_renewed,
    only_coming,
    only_total,
    joined_with_another,
    not_wanting,
    paid_as_another,
)
