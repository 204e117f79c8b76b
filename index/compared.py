"""Understand what is to be compared: an indicator, and over which provinces and years."""

import re
from dataclasses import dataclass

from corpus.gazetteer import mentions
from corpus.text import clean, fold, has_marks, strip_marks
from index.kinds import FIGURES, Kind
from index.periods import periods
from index.question import Asked, understand
from index.records import Question
from index.roles import Role, role_asked

_PLACES = r"(?:tinh,? ?thanh(?: pho)?|tinh|dia phuong|thanh pho|don vi|noi)"
_YEARS = re.compile(
    r"\b(?:trong |tu |giai doan )*(?:nam )?(?P<first>(?:19|20)\d\d)\s?(?:den|toi|[-–])\s?(?:het )?(?:nam )?"
    r"(?P<last>(?:19|20)\d\d)\b"
)
_LAST_YEAR = re.compile(r"\bnam (?:truoc|ngoai)\b")
_TREND = re.compile(
    r"\b(?:tang (?:hay|hoac) giam|giam (?:hay|hoac) tang|tang,? giam(?: the nao| ra sao| bao nhieu)"
    r"|co (?:tang|giam) khong"
    r"|(?:thay doi|bien dong|dien bien)(?: the nao| ra sao| bao nhieu)?)\b"
    r"(?:,?\s*so (?:voi )?(?:cung ky(?: nam (?:truoc|ngoai))?|(?:cac )?nam (?:truoc|ngoai)))?"
)
_MOST = tuple(
    re.compile(
        rf"\b(?:(?P<most>nhieu|cao|lon|dai|manh)|(?P<least>it|thap|nho|ngan|kem))\b(?:{between})(?P<nhat>nhat)\b"
    )
    for between in (" ", r" .{1,60}? ")
)
_AIM = re.compile(r"(?:chỉ tiêu|mục tiêu|chi tieu|muc tieu)\b", re.IGNORECASE)
_NUMBER_OF = re.compile(r"\s*(?:tổng số|số lượng|số|tong so|so luong|so)\s", re.IGNORECASE)
_MEASURED = re.compile(  # what is given in units of measure, not counted
    r"\s*(?:tong )?(?:chieu (?:dai|cao|rong)|do (?:dai|che phu)|dien tich|san luong|khoi luong|cong suat|nang suat"
    r"|dung luong|luu luong|toc do|mat do|thoi (?:gian|luong)|quy mo|dan so|chi so)\b"
)
_POLITE = re.compile(  # "Xin cho biết: "
    r"(?:(?:hay|xin|vui long|lam on|de nghi|nho)\s+)*cho\s+(?:(?:toi|minh|em)\s+)?(?:biet|hoi|xem)\b[\s:,.;–-]*"
)
_LINK = re.compile(
    r"(?:\b(?:của|ở|tại|và|với|giữa|trong|vào|so với|cua|o|tai|va|voi|giua|trong|vao|so voi)\s+)+$", re.IGNORECASE
)
_EDGES = (r"^(?:co|cua|ve|dung dau(?: ve)?|dan dau(?: ve)?)\b", r"\b(?:cua|o|tai|trong|giua)$", r"^[\s:,?]+|[\s:,?]+$")
_LEADING = re.compile(r"\b(?:dung|dan) dau\b")
_FRAME = (  # what a comparison says beside its indicator, stripped
    r"^(?:hay |xin |vui long )?(?:so sanh|doi chieu|ve bieu do|lap bang|tong hop|thong ke)\b",
    r"^(?:so lieu|ve|giup|cho) ",
    rf"\b(?:(?:giua|cua|o|tai|cho|tren) )*(?:tat ca |toan bo )?(?:cac|tung|moi|nhung|giua|63|34) {_PLACES}"
    r"(?: (?:voi nhau|khac nhau|trong ca nuoc|ca nuoc))*\b",
    rf"\b(?:o |tai |cua )?{_PLACES} nao\b",
    r"\b(?:trong |qua |giua |theo |cua |o )*(?:cac|tung|nhung|moi|nhieu|hang) nam(?: qua| gan day| truoc)*\b",
    r"\bso (?:voi )?(?:cung ky )?nam (?:truoc|ngoai)\b",
    # a year that was blanked out: "trong năm ?", "Năm , bao nhiêu…"
    r"(?:\b(?:trong|vao|cua|o|tai) )*\bnam\s*(?=[?,.!]|$)",
    r"^nam\b(?! (?:nao|nay|truoc|qua|ngoai|\d))(?=\s)",
)
_ASKED = re.compile(  # wording that asks for a comparison, stripped; what one report answers must not match
    r"^(?:hay |xin |vui long |giup toi |cho toi )*(?:so sanh|doi chieu|ve bieu do)\b"
    r"|\b(?:qua|theo|giua|trong) (?:cac|tung|nhieu) nam\b"
    r"|\btinh(?:,? ?thanh(?: pho)?)? nao\b.*\b(?:nhat|hon|(?:dung|dan) dau)\b"
    r"|\b(?:nhat|(?:dung|dan) dau)\b.*\btinh(?:,? ?thanh(?: pho)?)? nao\b"
    r"|\b(?:tang (?:hay|hoac) giam|giam (?:hay|hoac) tang)\b(?! (?:bao nhieu|may)\b)"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator as a question of one report; the provinces and years it is wanted of, () for all."""

    text: str
    asked: Asked
    role: Role
    open: bool  # whether it leaves open what kind of figure is meant
    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    most: int = 0  # 1: which has most; -1: least
    trend: bool = False  # whether it rose or fell


def asks_comparison(text: str) -> bool:
    """Whether a text asks to compare provinces or years, rather than for what one report says.

    >>> [asks_comparison(text) for text in ("So sánh doanh thu bưu chính", "Tỉnh nào có nhiều trạm BTS nhất?")]
    [True, True]
    >>> asks_comparison("doanh thu tăng hay giảm?"), asks_comparison("tăng bao nhiêu so với năm trước?")
    (True, False)
    """
    return bool(_ASKED.search(re.sub(r"\s+", " ", strip_marks(clean(text))).strip()))


def compared(text: str, role: Role | None = None) -> Compared:
    """
    >>> c = compared("So sánh doanh thu bưu chính các tỉnh từ năm 2016 đến 2018")
    >>> c.text, c.provinces, c.years, str(c.role), str(c.asked.kind)
    ('doanh thu bưu chính', (), (2016, 2017, 2018), 'level', 'money')
    >>> c = compared("tỉnh nào có nhiều trạm BTS nhất năm 2017?")
    >>> c.text, c.years, c.most, c.asked.noun
    ('trạm BTS', (2017,), 1, ('tram', 'bts'))
    >>> c = compared("Thuê bao Internet của An Giang năm 2017 tăng hay giảm so với năm trước?")
    >>> c.text, c.provinces, c.years, c.trend
    ('Thuê bao Internet', ('An Giang',), (2016, 2017), True)
    """
    text = re.sub(r"\s+", " ", clean(text)).strip(" ?!.…")
    lead = _POLITE.match(strip_marks(text))
    text = text[lead.end() if lead else 0 :]
    whole = understand(Question(text))
    text, years = _without_ranges(text, whole.years)
    years = _with_last_year(strip_marks(text), years)
    text = _without_facts(text, whole.provinces)
    trend, text = _cut(text, _TREND)
    most, text = _superlative(text)
    for pattern in (*_FRAME, *_EDGES):
        _, text = _cut(text, re.compile(pattern))
    asked, bare = _figure_asked(text, role)
    asked = _of_role(asked, role)
    return Compared(
        text,
        asked,
        role_wanted(asked, role),
        bare or (asked.kind is Kind.COUNT and not asked.noun),
        whole.provinces,
        years,
        most,
        trend,
    )


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[bool, str]:
    """Whether a pattern stands in a text, and the text without it; it is matched without marks.

    >>> _cut("doanh nghiệp thành lập mới năm 2018", re.compile("moi nam")), _cut("mỗi năm", re.compile("moi nam"))
    ((False, 'doanh nghiệp thành lập mới năm 2018'), (True, ''))
    """
    found, kept, at = False, [], 0
    for match in pattern.finditer(strip_marks(text.replace("mới", "___"))):  # new, not "mỗi" or "mọi"
        found = True
        kept.append(text[at : match.start()])
        at = match.end()
    return found, re.sub(r"\s+", " ", " ".join([*kept, text[at:]])).strip(" ,") if found else text


def _without_ranges(text: str, named: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    years = set(named)
    for match in _YEARS.finditer(strip_marks(text)):
        years |= set(range(int(match["first"]), int(match["last"]) + 1))
    return _cut(text, _YEARS)[1], tuple(sorted(years))


def _without_facts(text: str, provinces: tuple[str, ...]) -> str:
    """Without provinces and years, which are no part of the indicator."""
    places = [(m.start, m.end) for m in mentions(text) if m.province in provinces and not m.district]
    spans = sorted(
        [*places, *(match.span() for match in periods(strip_marks(text), fold(text) if has_marks(text) else None))]
    )
    for start, end in reversed(spans):
        text = _LINK.sub("", text[:start]) + " " + text[end:]
    return re.sub(r"\s+", " ", text).strip(" ,?")


def _with_last_year(stripped: str, years: tuple[int, ...]) -> tuple[int, ...]:
    """ "năm 2017 … so với năm trước" is of 2016, too."""
    return tuple(sorted({*years, years[0] - 1})) if years and _LAST_YEAR.search(stripped) else years


def _superlative(text: str) -> tuple[int, str]:
    match = next((found for pattern in _MOST if (found := pattern.search(strip_marks(text)))), None)
    if not match:
        return int(bool(_LEADING.search(strip_marks(text)))), text
    cut = sorted(match.span(name) for name in ("most", "least", "nhat") if match[name])
    for start, end in reversed(cut):
        text = text[:start] + text[end:]
    return (1 if match["most"] else -1), re.sub(r"\s+", " ", text).strip(" ,")


def _figure_asked(text: str, role: Role | None) -> tuple[Asked, bool]:
    """The indicator as a question that asks for a figure, and whether it had to be made one."""
    asked = understand(Question(text))
    kind = {Role.SHARE: Kind.PERCENT, Role.RANK: Kind.RANK}.get(role) if role else None
    if kind:
        return asked._replace(kind=kind, noun=()), False
    if asked.kind in FIGURES:
        return asked, False
    aim = _AIM.match(text)
    lead, rest = (aim[0], text[aim.end() :]) if aim else ("", text)
    number = _NUMBER_OF.match(rest)
    many = "bao nhiêu" if has_marks(text) else "bao nhieu"  # so that bare words are still looked for as such
    counted = understand(Question(f"{lead} {many} {rest[number.end() if number else 0 :]}"))
    counts = counted.kind is Kind.COUNT and not _MEASURED.match(strip_marks(rest))
    return (counted if counts else asked._replace(kind=Kind.COUNT, noun=())), True


def _of_role(asked: Asked, role: Role | None) -> Asked:
    """As though the words asked for the role that was given beside them."""
    said = {Role.TARGET: "chỉ tiêu", Role.CHANGE: "thêm"}.get(role) if role else None
    if not said or role_asked(asked) is role:
        return asked
    return asked._replace(text=f"{said} {asked.text}", stripped=f"{strip_marks(said)} {asked.stripped}")


def role_wanted(asked: Asked, role: Role | None) -> Role:
    """The one given, else that of what is asked for."""
    if role:
        return role
    if asked.kind is Kind.RANK:
        return Role.RANK
    wanted = role_asked(asked)
    return Role.SHARE if asked.kind is Kind.PERCENT and wanted is Role.LEVEL else wanted
