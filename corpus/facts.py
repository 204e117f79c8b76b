"""Find what is known of a report in its text: province, period, issuer, date, title. Nothing found is None."""

import re
from collections import Counter
from dataclasses import fields, replace

from corpus.gazetteer import mentions, provinces
from corpus.litter import is_dated_heading, is_litter
from corpus.records import Facts
from corpus.text import fold, strip_marks

_TITLE_WORDS = re.compile(r"tổng kết|kết quả|báo cáo|triển khai|nhiệm vụ|hội nghị|tình hình|sơ kết|năm \d{4}", re.I)
_PORTAL = re.compile(r"^(cổng|trang)( thông tin| ttđt| tin)|^website", re.I)
_DATE = re.compile(r"(?<!\d)([0-3]?\d)[/.-]([01]?\d)[/.-]((?:19|20)\d\d)(?!\d)")
_YEAR = re.compile(r"(?:năm|nam|/)\s*((?:19|20)\d\d)(?!\d)", re.I)
_QUARTER = re.compile(r"(?:quý|quí)\s+(I{1,3}|IV|[1-4])\s*(?:/|năm\s*|-\s*)\s*((?:19|20)\d\d)", re.I)
_MONTHS = re.compile(r"\b(6|sáu|9|chín)\s+tháng\s+(đầu\s+)?năm\s+((?:19|20)\d\d)", re.I)
_DONE = re.compile(r"tổng kết|kết quả|sơ kết|đánh giá|đạt được|thành tích")
_AHEAD = re.compile(r"nhiệm vụ|phương hướng|kế hoạch|phấn đấu|triển khai|mục tiêu|chỉ tiêu")
_LATER = re.compile(r"tiếp tục|tập trung|\bcần\b(?! thơ)|phấn đấu|\bsẽ\b|đề nghị|yêu cầu")
_COMPARED = re.compile(r"so (?:với )?(?:cùng kỳ )?(?:kế hoạch )?(?:năm )?$")
_DEPARTMENTS = (
    "Thông tin và Truyền thông|Khoa học và Công nghệ|Nội vụ|Tài chính|Kế hoạch và Đầu tư|Xây dựng|Y tế"
    "|Giao thông vận tải|Tư pháp"
    "|Giáo dục và Đào tạo|Công Thương|Nông nghiệp và Phát triển nông thôn|Nông nghiệp và Môi trường"
    "|Tài nguyên và Môi trường"
    "|Lao động - Thương binh và Xã hội|Văn hóa, Thể thao và Du lịch|Văn hóa và Thể thao|Du lịch|Ngoại vụ"
)
_ISSUER = re.compile(rf"Sở ({_DEPARTMENTS}|TT&TT|TTTT)", re.I)
_OPENING_DATE = re.compile(rf"^.{{0,40}}?{_DATE.pattern}")


def find_facts(name: str, text: str) -> Facts:
    """The facts of a report named `name` (used for the title when its text has none)."""
    stripped = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in stripped if is_dated_heading(line) or not is_litter(line)]
    title = _title(lines) or name
    province = _province(title, text)
    return Facts(title, province, _period(title, text), _issuer(text, province), _date(lines))


def overlay(found: Facts, given: dict[str, str]) -> Facts:
    """Facts with what was given in place of what was found; empty and unknown ones are passed over."""
    known = {field.name for field in fields(Facts)}
    return replace(found, **{key: value for key, value in given.items() if key in known and value})


def year_of(period: str | None) -> int | None:
    """
    >>> year_of("quý III/2019"), year_of(None)
    (2019, None)
    """
    match = re.search(r"(?:19|20)\d\d", period or "")
    return int(match.group()) if match else None


def _title(lines: list[str]) -> str | None:
    """The line among the first that looks most like a headline."""
    scored = [(_headline(line) - 0.1 * place, line) for place, line in enumerate(lines[:12])]
    score, best = max(scored, key=lambda item: item[0], default=(0.0, ""))
    if score <= 0:
        return None
    return re.sub(r"\s*\([^()]*\d{4}\)$", "", best)[:300]


def _headline(line: str) -> float:
    if not 12 <= len(line) <= 250 or _PORTAL.match(line):
        return 0
    score = 1 + min(2, len(_TITLE_WORDS.findall(line))) + 0.5 * (len(line) >= 40) - (len(line) > 200)
    opening = bool(re.match(r"(ngày|chiều|sáng|tối|trong năm|năm \d{4},|\()", line, re.I))
    return score - 2 * line.endswith((":", ";")) - 0.2 * line.endswith(".") - 3 * opening


def _province(title: str, text: str) -> str | None:
    votes: Counter[str] = Counter()
    for part, weight in ((title, 5), (text[:400], 2), (text, 1)):
        for mention in mentions(part):
            near = fold(part[max(0, mention.start - 12) : mention.start])
            named = 2 if re.search(r"(tỉnh|thành phố|tp\.?)\s*$", near) else 1
            votes[mention.province] += weight * named
    for host in re.findall(r"([a-z]+)\.gov\.vn", text):
        votes.update({name: 4 for name in provinces() if strip_marks(name).replace(" ", "") == host})
    return votes.most_common(1)[0][0] if votes else None


def _period(title: str, text: str) -> str | None:
    """A quarter or months named in the title, else the year that most of the text is about."""
    head = title + "\n" + text[:300]
    if (match := _QUARTER.search(head)) and not _AHEAD.search(head[: match.start()].splitlines()[-1].lower()):
        quarter = match.group(1).upper()
        return f"quý {({'1': 'I', '2': 'II', '3': 'III', '4': 'IV'}).get(quarter, quarter)}/{match.group(2)}"
    if match := _MONTHS.search(head):
        months = {"sáu": "6", "chín": "9"}.get(match.group(1).lower(), match.group(1))
        return f"{months} tháng đầu năm {match.group(3)}" if months == "6" else f"9 tháng năm {match.group(3)}"
    votes = _year_votes(text)
    for year, weight in _year_votes(title).items():
        votes[year] += 3 * weight
    return str(max(votes, key=lambda year: (votes[year], year))) if votes and max(votes.values()) > 0 else None


def _year_votes(text: str) -> Counter[int]:
    """What each year named says of the period: plans speak for the year before, comparisons for the year after."""
    votes: Counter[int] = Counter()
    low = fold(text)
    for sentence in re.split(r"\n|(?<=[.;])\s", low):
        begin = 0
        for match in _YEAR.finditer(sentence):
            year, before, after = (
                int(match.group(1)),
                sentence[begin : match.start()],
                sentence[match.end() :],
            )
            shift, weight = _vote(before, after)
            votes[year + shift] += weight
            begin = match.end()
    return votes


def _vote(before: str, after: str) -> tuple[int, int]:
    if _COMPARED.search(before):
        return 1, 1
    if re.search(r"(đến|từ|giai đoạn.*|lần thứ.*)\s*$", before):
        return 0, 0
    if _DONE.search(before):
        return 0, 3
    if _AHEAD.search(before):
        return -1, 2
    if _LATER.search(after[:60]):
        return -1, 1
    return 0, 1


def _issuer(text: str, province: str | None) -> str | None:
    """The department the text names most often, with the province it is one of."""
    found = Counter(_full_name(match.group(1)) for match in _ISSUER.finditer(text))
    if not found:
        return None
    name = f"Sở {found.most_common(1)[0][0]}"
    return f"{name} {province}" if province else name


def _full_name(department: str) -> str:
    if department.upper() in ("TT&TT", "TTTT"):
        return "Thông tin và Truyền thông"
    return next(name for name in _DEPARTMENTS.split("|") if name.lower() == department.lower())


def _date(lines: list[str]) -> str | None:
    """The day in the headline or on a line of its own, else the one that the opening starts with."""
    dated = [line for line in lines[:15] if is_dated_heading(line)]
    matches = [*map(_DATE.search, dated), *map(_OPENING_DATE.search, lines[:15])]
    for match in matches:
        if match and 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12:
            return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    return None
