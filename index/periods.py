"""The periods a question asks about."""

import re

from corpus.text import pattern

_PERIOD = re.compile(
    r"\b(?:(quy|qui) (?P<quarter>i{1,3}|iv|[1-4])(?: nam |/| |-)?)?"
    r"(?:(?:(?:trong |vao )?(?:ca |cuoi |het |giua )?)nam )?(?<!\d/)(?P<year>(?:19|20)\d\d)\b(?!/)"
)
_COMPARED = re.compile(r"\bso (voi|cung ky|ke hoach) ((cung ky|ke hoach|nam truoc) )?$")
# "từ năm", but not "điện tử năm", "đầu tư năm".
_RANGE = pattern(r"(?:giai doan |\b(?<!dien )(?<!dau )(?<!vat )(?<!chung )tu |\bden |[-–] ?)$")
_SPELT_RANGE = pattern(r"(?:giai đoạn |\btừ |\bđến |[-–] ?)$")
_UNTIL = re.compile(r"\bden (?:het |cuoi |thoi diem |ngay 31/12/)?$")  # all there are by then, unless it is aimed at
_AIMED = pattern(
    r"\btu (?:nam )?(?:19|20)\d\d\b|\b(?:muc tieu|chi tieu|ke hoach|phan dau|dinh huong|tam nhin|de an|giai doan)\b"
)


def periods(stripped: str, folded: str | None = None) -> list[re.Match[str]]:
    """Years asked about: not those compared with, not the ends of a range.

    `folded` is the same text with its diacritics, where it has any.

    >>> from corpus.text import strip_marks
    >>> texts = ("đến năm 2020 có mấy xã", "mục tiêu đến năm 2020", "từ năm 2016 đến năm 2020", "thư điện tử năm 2018")
    >>> [[match["year"] for match in periods(strip_marks(text), text)] for text in texts]
    [['2020'], [], [], ['2018']]
    """
    spelt, ranges = (stripped, _RANGE) if folded is None else (folded, _SPELT_RANGE)
    found = []
    for match in _PERIOD.finditer(stripped):
        before = stripped[: match.start()]
        after = stripped[match.end() : match.end() + 3]
        until = _UNTIL.search(before) and not _AIMED().search(before)
        ranging = (ranges().search(spelt[: match.start()]) and not until) or re.match(r"\s?[-–]", after)
        if not _COMPARED.search(before) and not ranging:
            found.append(match)
    return found
