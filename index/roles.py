"""Whether a figure is a level ("có 219 điểm"), a change ("tăng 35 trạm") or a target ("phấn đấu đạt 96 %").

Figures as records tell shares ("chiếm 61 %") and ranks ("thứ 32/63") from levels, too.
"""

import re
from enum import StrEnum
from functools import lru_cache

from corpus.text import WORD, fold, pattern, strip_marks
from index.dated import Head, head, in_row
from index.figures import Span, figures, spelt
from index.kinds import Kind
from index.question import Asked


class Role(StrEnum):
    LEVEL = "level"
    CHANGE = "change"
    TARGET = "target"
    SHARE = "share"
    RANK = "rank"


_CLAUSE_END = re.compile(r"[;]|\.\s")
_RATED = frozenset((Kind.COUNT, Kind.MONEY, Kind.PERCENT))  # kinds whose figures have a role
_TARGET = re.compile(
    r"\b(phấn đấu|mục tiêu|chỉ tiêu|dự kiến|kế hoạch (?:năm 20\d\d )?(?:đề ra|đặt ra|giao|là)|đặt kế hoạch"
    r"|hướng (?:đến|tới)|sẽ)\b"
    r"|\btối thiểu\b"
)
# "Mục tiêu năm 2022: GRDP tăng 6,5 %; thu ngân sách 15.129 tỷ đồng": what stands before the colon is said of each.
_LEAD = re.compile(
    r"[^:.;]{0,60}\b(?:mục tiêu|chỉ tiêu|phấn đấu|dự kiến|kế hoạch năm)\b[^:.;]{0,60}:(?!.*\.\s)", re.DOTALL
)
_ANY_YEAR = 9999  # a report of which nothing is ahead
_PLANNED_ASIDE = pattern(r"\((?:kế hoạch|kh|chỉ tiêu|mục tiêu|dự toán)\b[^()\d;]{0,30}$")  # "(kế hoạch 180.000 tấn)"
_AT_LEAST = ("tối thiểu", "ít nhất", "không dưới")
_BY_YEAR = pattern(r"\bđến (?:cuối |hết )?năm (?P<year>20\d\d),? (?:có|đạt|phải)\b")
_MET = re.compile(r"\b(đã|đạt và vượt|hoàn thành|vượt|so với|(?:đạt|bằng) [\d.,]+ ?%)\b[^;]*$")
_TARGET_ASKED = re.compile(
    r"(?<!vượt )(?<!so với )"
    r"(?:\b(mục tiêu|chỉ tiêu|phấn đấu|dự kiến|tối thiểu|ít nhất|phải|muc tieu|chi tieu|phan dau|du kien"
    r"|toi thieu|it nhat|phai)\b"
    r"|^(?:kế hoạch|ke hoach)\b(?! (?:số|so) ))"
)
_CHANGE = re.compile(r"\b(tăng|giảm|thêm|vượt|hụt)(?: (?:thêm|được|đạt|là|hơn|gần|trên|khoảng))*\s*$")
# New things ("phát triển mới 35 trạm") are both: what was done, and by how much there are more.
_CHANGE_ASKED = pattern(
    r"\b(thêm|them|(?:phát triển|xây dựng|xây|cấp|lắp đặt|lắp|công nhận|kết nạp|đăng ký|kéo|mở|lập|thành lập) mới"
    r"|(?:phat trien|xay dung|xay|cap|lap dat|lap|cong nhan|ket nap|dang ky|keo|mo|thanh lap) moi)\b"
)
_MOVES = pattern(
    r"\b(tăng|giảm|thêm|mới|bổ sung|lắp đặt|xây dựng|phát triển|nâng|vượt|hơn|mở rộng|cắt|so với|hụt|triển khai"
    r"|đầu tư)\b"
)

_MOVED = pattern(r"\b(tăng|giảm|thêm|mới|bổ sung|lắp đặt|xây dựng|nâng|vượt|mở rộng|cắt|hụt)\b")
_PLANNED = pattern(r"\b(?:kế hoạch|kh|mục tiêu|chỉ tiêu|dự toán|phấn đấu|dự kiến)\b")
_DONE = pattern(r"\b(?:thực hiện|th|kết quả|đạt được|ước)\b")
_BASE = pattern(
    r"[^;.,()\d]{0,20}?(?P<base>\bso với (?:cùng kỳ(?: năm (?:trước|ngoái|20\d\d))?|kế hoạch(?: đề ra| năm)?|chỉ tiêu"
    r"|(?:cuối )?năm (?:trước|ngoái|20\d\d))|\bkế hoạch\b|\bchỉ tiêu\b|\bdự toán\b)"
)


def role_asked(asked: Asked) -> Role:
    """The role that a question asks for; a level where it names no other.

    >>> from index.question import understand
    >>> from index.records import Question
    >>> texts = ("có bao nhiêu trạm", "tăng bao nhiêu trạm", "chỉ tiêu bao nhiêu trạm", "vượt kế hoạch bao nhiêu")
    >>> [str(role_asked(understand(Question(text)))) for text in texts]
    ['level', 'change', 'target', 'change']
    """
    role = _role_in_words(asked.text)
    return Role.CHANGE if asked.direction and role is Role.LEVEL else role


@lru_cache(maxsize=64)
def _role_in_words(question: str) -> Role:
    folded = fold(question)
    if _TARGET_ASKED.search(folded):
        return Role.TARGET
    return Role.CHANGE if _CHANGE_ASKED().search(folded) else Role.LEVEL


@lru_cache(1024)
def role_of(text: str, start: int, end: int, own: int | None = None) -> Role:
    """The role of the figure at text[start:end], by the head of its column, else by what its clause says before it.

    `own` is the year of its report: "đến năm 2020 đạt" is a target in an earlier one, and where it isn't known.

    >>> from index.figures import figures
    >>> text = "Có 219 điểm, tăng 35 trạm; phấn đấu đến năm 2020 đạt 96 thuê bao"
    >>> [str(role_of(text, span.start, span.end)) for span in figures(text)]
    ['level', 'change', 'target']
    >>> text = "Trạm: 12 trạm (Thực hiện 2016); 15 trạm (Kế hoạch 2017); 3 trạm (So với 2015)"
    >>> [str(role_of(text, span.start, span.end)) for span in figures(text)]
    ['level', 'target', 'change']
    """
    folded = spelt(text)[0]
    if (column := head(folded, end)) and in_row(folded):
        return _role_in_head(column, folded[:end].endswith("%"))
    before = _clause(text, start)
    if folded.startswith(_AT_LEAST, start) or _PLANNED_ASIDE().search(folded[:start]):  # what must be reached
        return Role.TARGET
    if _LEAD.match(folded[:start]) or _aims(_TARGET, before) or _ahead(before, own or 0):
        return Role.TARGET
    return Role.CHANGE if _CHANGE.search(before) else Role.LEVEL


def only_by_year(text: str, start: int) -> bool:
    """Whether a figure is of "đến năm 2020 đạt", which is a target unless the report is of that year."""
    return _ahead(_clause(text, start), 0)


def _ahead(before: str, own: int) -> bool:
    """Whether a clause says what there is by a year after `own`."""
    said = list(_BY_YEAR().finditer(before))
    return bool(said) and int(said[-1]["year"]) > own and not _MET.search(before[said[-1].end() :])


def _aims(pattern: re.Pattern[str], before: str) -> bool:
    said = list(pattern.finditer(before))
    return bool(said) and not _MET.search(before[said[-1].end() :])


def _role_in_head(column: Head, percent: bool) -> Role:
    planned = _PLANNED().search(column.text)
    if column.compares:
        return Role.LEVEL if planned and percent else Role.CHANGE  # how far a plan is met is a share like others
    return Role.TARGET if planned and not _DONE().search(column.text) else Role.LEVEL


def role_of_figure(text: str, span: Span) -> Role:
    """The role of any figure, shares and ranks told from levels; only_by_year() is left to who knows the report's year.

    >>> from index.figures import figures
    >>> text = "Xếp thứ 32/63, tăng 9 bậc; chiếm 61 % số xã, tăng 2 %; phấn đấu đạt 70 %"
    >>> [str(role_of_figure(text, span)) for span in figures(text)]
    ['rank', 'change', 'share', 'change', 'target']
    """
    role = role_of(text, span.start, span.end, _ANY_YEAR)
    alone = {Kind.RANK: Role.RANK, Kind.PERCENT: Role.SHARE}
    return alone.get(span.kind, role) if role is Role.LEVEL else role


def newly(asked: Asked) -> str:
    """What brought the new things that a question asks for, stripped: "cap" of "cấp mới"; "" where it asks for none.

    >>> from index.question import understand
    >>> from index.records import Question
    >>> newly(understand(Question("số chứng thư số được cấp mới"))), newly(understand(Question("tăng bao nhiêu trạm")))
    ('cap', '')
    """
    found = _CHANGE_ASKED().search(fold(asked.text))
    act, _, new = strip_marks(found[1]).rpartition(" ") if found else ("", "", "")
    return act if new == "moi" else ""


def moved(text: str, start: int, end: int, act: str = "") -> bool:
    """Whether the clause around a figure speaks of more or fewer: "phát triển mới đạt 35 trạm", "9 bưu cục bị cắt".

    So does one in which an `act` brings new things: "được cấp 381 văn bằng" those that are asked for as "cấp mới".

    >>> text = "Toàn tỉnh có 219 điểm; hạ tầng được mở rộng"
    >>> moved(text, 13, 21), moved("Có 97 doanh nghiệp thành lập mới", 3, 32)
    (False, True)
    """
    before, after = (re.split(r"[;,:()]|\.\s", fold(part)) for part in (text[:start], text[end:]))
    clause = f"{before[-1]}{fold(text[start:end])}{after[0]}"
    return bool(_MOVED().search(clause)) or _brings(clause, act)


def _brings(folded: str, act: str) -> bool:
    return bool(act) and bool(re.search(rf"\b{act}\b", strip_marks(folded)))


def base_of(text: str, end: int) -> tuple[int, int]:
    """Where it stands what the figure that ends at an offset is measured against; empty where that is not said.

    >>> text = "tăng 35 trạm so với năm 2015, đạt"
    >>> text[slice(*base_of(text, 12))], base_of("tăng 35 trạm.", 12)
    ('so với năm 2015', (12, 12))
    """
    match = _BASE().match(spelt(text)[0], end)
    return match.span("base") if match else (end, end)


def only_other(asked: Asked, text: str, start: int, end: int, own: int | None = None) -> str | None:
    """Why a figure of the right thing still does not answer: it is a change, a target, a level. None if it does.

    `own` is the year of its report.
    """
    if asked.kind not in _RATED:
        return None
    wanted, found, figure = role_asked(asked), role_of(text, start, end, own), text[start:end]
    if wanted is not Role.TARGET and found is Role.TARGET:
        return f"Báo cáo chỉ nêu chỉ tiêu ({figure}), không nêu số thực hiện."
    if wanted is Role.LEVEL and found is Role.CHANGE:
        return f"Báo cáo chỉ nêu mức tăng giảm ({figure}), không nêu tổng số."
    if wanted is Role.CHANGE and found is Role.LEVEL:
        folded = spelt(text)[0]
        if not _MOVES().search(folded) and not _brings(folded, newly(asked)):
            return f"Báo cáo chỉ nêu tổng số ({figure}), không nêu mức tăng giảm."
    return None


def only_share(asked: Asked, text: str) -> str | None:
    """Why a passage on what is counted gives no count: it only says which part of them, "100% UBND cấp xã"."""
    if asked.kind is not Kind.COUNT or not asked.noun:
        return None
    shares = (span for span in figures(text) if span.kind is Kind.PERCENT)
    of = next((span for span in shares if WORD.findall(spelt(text)[1], span.end)[:1] == [asked.noun[0]]), None)
    return f"Báo cáo chỉ nêu tỷ lệ ({text[of.start : of.end]}), không nêu con số." if of else None


def _clause(text: str, start: int) -> str:
    return _CLAUSE_END.split(spelt(text)[0][:start])[-1]
