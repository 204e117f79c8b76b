"""The period a report is about: not the day it came out, nor the year its plans are for."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from corpus.records import Finding
from corpus.text import fold, pattern

_YEAR = pattern(r"(?:năm|nam|/)\s*((?:19|20)\d\d)(?!\d)", re.I)
_NAMED = pattern(r"(?<![\d.])(?:19|20)\d\d(?!\d)")
_QUARTER = pattern(r"(?:quý|quí)\s+(I{1,3}|IV|[1-4])\s*(?:/|năm\s*|-\s*)\s*((?:19|20)\d\d)", re.I)
_MONTHS = pattern(r"\b(6|sáu|9|chín)\s+tháng\s+(đầu\s+)?năm\s+((?:19|20)\d\d)", re.I)
_DONE = pattern(
    r"tổng kết|kết quả|sơ kết|đánh giá|đạt được|thành tích|tình hình|báo cáo|nhìn lại|dấu ấn|hoàn thành|kiểm điểm"
    r"|(?<!triển khai )(?<!tổ chức )thực hiện (?:các )?(?:nhiệm vụ|kế hoạch|chỉ tiêu)"
)
_AHEAD = pattern(r"nhiệm vụ|phương hướng|kế hoạch|phấn đấu|triển khai|mục tiêu|chỉ tiêu")
_SOON = "04"  # the last month in which reports on the year before come out
_DATED = 2
_LATER = pattern(r"tiếp tục|tập trung|\bcần\b(?! thơ)|phấn đấu|\bsẽ\b|đề nghị|yêu cầu")
_COLUMN = pattern(  # "… | năm 2015 | năm 2016"; "12 trạm (năm 2015); 35 trạm (năm 2016)"
    r"\| [^|]*\b((?:19|20)\d\d)(?= \||$)|\d[^()|]{0,30} \([^()\d]*\b((?:19|20)\d\d)\)", re.IGNORECASE
)
_COMPARED = pattern(r"so (?:với )?(?:cùng kỳ )?(?:kế hoạch )?(?:năm )?$")


def years_named(texts: Iterable[str]) -> frozenset[int]:
    """Years that stand in some texts, whatever is said of them.

    >>> sorted(years_named(["Năm 2016 tăng 35 trạm", "(2015/2016), 12.2017 hộ, 20161"]))
    [2015, 2016]
    """
    return frozenset(int(year) for text in texts for year in _NAMED().findall(text))


def find_period(title: str, text: str, date: str | None = None) -> Finding | None:
    """A quarter or months named in the title, else the year that text and day of publication speak for most."""
    head = title + "\n" + text[:300]
    if (match := _QUARTER().search(head)) and not _AHEAD().search(head[: match.start()].splitlines()[-1].lower()):
        quarter = match.group(1).upper()
        number = {"1": "I", "2": "II", "3": "III", "4": "IV"}.get(quarter, quarter)
        return Finding(f"quý {number}/{match.group(2)}", match.group(), 0.95)
    if match := _MONTHS().search(head):
        months = {"sáu": "6", "chín": "9"}.get(match.group(1).lower(), match.group(1))
        period = f"{months} tháng đầu năm {match.group(3)}" if months == "6" else f"9 tháng năm {match.group(3)}"
        return Finding(period, match.group(), 0.95)
    return _year(title, text, date)


def _year(title: str, text: str, date: str | None) -> Finding | None:
    votes = _year_votes(text)
    if date:  # a year is reported on at its end or soon after
        votes[int(date[:4]) - (date[5:7] <= _SOON)] += _DATED
    for year, weight in _year_votes(title).items():
        votes[year] += 3 * weight
    if not votes or max(votes.values()) <= 0:
        return None
    year = max(votes, key=lambda year: (votes[year], year))
    named = (rf"năm {year}", rf"năm {year + 1}", rf"{year}", rf"{year + 1}|{year - 1}")
    said = next(m.group() for pattern in named if (m := re.search(rf"(?:{pattern})(?!\d)", f"{text}\n{title}", re.I)))
    return Finding(str(year), said, votes[year] / (votes.total() + 0.5))


def _year_votes(text: str) -> Counter[int]:
    """What each year named says of the period: plans speak for the year before, comparisons for the year after."""
    votes: Counter[int] = Counter()
    for line in fold(text).split("\n"):
        latest = latest_column(line)
        for sentence in re.split(r"(?<=[.;])\s", line):
            begin = 0
            for match in _YEAR().finditer(sentence):
                before, after = sentence[begin : match.start()], sentence[match.end() :]
                if latest in (None, match.group(1)):
                    shift, weight = _vote(before, after)
                    votes[int(match.group(1)) + shift] += weight
                begin = match.end()
    return votes


def latest_column(sentence: str) -> str | None:
    """In heads or a row of a table, whose columns are years, the last year: the others are there to compare."""
    return max((match[1] or match[2] for match in _COLUMN().finditer(sentence)), default=None)


def _vote(before: str, after: str) -> tuple[int, int]:
    if _COMPARED().search(before):
        return 1, 1
    if re.search(r"(đến|từ|giai đoạn.*|lần thứ.*)\s*$", before):
        return 0, 0
    if _DONE().search(before):
        return 0, 3
    if _AHEAD().search(before):
        return -1, 2
    if _LATER().search(after[:60]):
        return -1, 1
    return 0, 1


@lru_cache(1024)  # a question asks it of every passage found, and periods are few
def year_of(period: str | None) -> int | None:
    """
    >>> year_of("quý III/2019"), year_of(None)
    (2019, None)
    """
    match = re.search(r"(?:19|20)\d\d", period or "")
    return int(match.group()) if match else None
