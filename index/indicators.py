"""What a figure measures, in the words of its passage."""

import re
from itertools import islice

from corpus.gazetteer import mentions
from corpus.text import WORD
from index.figures import Span, spelt
from index.kinds import Kind
from index.roles import Role, role_of

_FENCE = re.compile(r"[;:()\n]|[.](?=\s)|,(?=\s)")
_LEAD = re.compile(
    r"(?:\b(?:là|đạt|được|có|còn|ước|với|gồm|tăng|giảm|thêm|vượt|lên|tới|đến|hơn|gần|trên|khoảng|cho|bằng|chiếm|ở mức"
    r"|xếp|đứng|thứ|hạng|mức|tỉnh|của tỉnh|toàn tỉnh|hiện|đã|nay|cũng|phấn đấu|tối thiểu|về|từ|trong"
    r"|lần lượt|tương ứng|quý (?:iv|i{1,3}|[1-4])"
    r"|(?:các |cả |cuối |hết )?năm(?: (?:19|20)\d\d)?|(?:19|20)\d\d(?=[:\s]+$))\b[\s:]*)+$"
)
_OPENING = re.compile(
    r"\s*(?:\b(?:trong khi đó"
    r"|trong|vào|đến|tính đến|và|toàn tỉnh|tỉnh|hiện|đã|đã có|có|cũng|với|trong đó|nay|cuối|kỳ|quý|năm"
    r"|20\d\d)\b[\s,]*)+"
)
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d[\d.,/]*")
_LEAST = 2  # words of an indicator
_ROW = re.compile(  # "1. Trạm BTS: 12 trạm (Năm 2015); "
    r"\s*(?:[\divx.]+[.)]?\s+|[-+*•]\s+)?(?P<label>[^:;()\d\s][^:;]*?)\s*:\s*(?:[^:;]*\([^()]*\);\s*)*"
)
_HEAD = re.compile(r"(?:\s[^\W\d_]+){0,4}\s*\([^()]+\)")


def indicator(text: str, span: Span) -> tuple[int, int]:
    """Offsets of what a figure measures: the words before it in its clause; of "có 35 trạm BTS" its unit and the rest.

    >>> from index.figures import figures
    >>> text = "Tổng doanh thu bưu chính ước đạt 38 tỷ đồng; lắp đặt 512 camera giám sát trên các tuyến đường"
    >>> [text[slice(*indicator(text, span))] for span in figures(text)]
    ['Tổng doanh thu bưu chính', 'lắp đặt 512 camera giám sát trên các tuyến đường']
    """
    folded = spelt(text)[0]
    if _HEAD.match(folded, span.end) and (row := _ROW.fullmatch(folded, 0, span.start)):
        return row.span("label")
    marks = [match.end() for match in _FENCE.finditer(folded, 0, span.start)]
    own = _trimmed(folded, _after_number(folded, marks[-1] if marks else 0, span.start), span.start)
    aside = own[0] == own[1] and folded[: marks[-1] if marks else 0].endswith("(")  # "(tăng 9 bậc)"
    counted = span.kind is Kind.COUNT and _words(folded, span.unit, span.end) and _words(folded, *own) < 2 * _LEAST
    leads = span.kind is Kind.PERCENT and own[0] == own[1] and _words(folded, span.end, len(folded))
    if (counted or leads) and not ((aside or leads) and role_of(text, span.start, span.end) is Role.CHANGE):
        fence = _FENCE.search(folded, span.end)
        start = own[0] if _words(folded, *own) else span.unit
        end = len(text[: fence.start() if fence else len(text)].rstrip(" ."))
        return start + len(text[start:end]) - len(text[start:end].lstrip()), max(end, span.end)
    clauses = list(zip((0, *marks), (*marks, span.start), strict=True))[:-1]
    for start, end in reversed(clauses):
        if _words(folded, *own) >= _LEAST and not _province(text[slice(*own)]):
            break
        number = _DIGIT.search(folded, start, end)
        own = _trimmed(folded, start, number.start() if number else end - 1)
    return own if own[0] < own[1] else (span.start, span.end)


def _province(text: str) -> bool:
    return any((m.start, m.end) == (0, len(text)) for m in mentions(text))


def _after_number(folded: str, start: int, end: int) -> int:
    """Where a clause goes on behind the figure before, if it says enough there."""
    if not _DIGIT.search(folded, start, end):
        return start
    after = max((match.end() for match in _NUMBER.finditer(folded, start, end)), default=start)
    return after if _words(folded, *_trimmed(folded, after, end)) > _LEAST else start


def _trimmed(folded: str, start: int, end: int) -> tuple[int, int]:
    """Without the words that lead to the figure, at its end, and those that say when and where, at its beginning."""
    opening = _OPENING.match(folded, start, end)
    start = opening.end() if opening else start
    lead = _LEAD.search(folded[start:end])
    end = start + lead.start() if lead else end
    part = folded[start:end]
    start += len(part) - len(part.lstrip(" ,:–-("))
    return (start, start + len(folded[start:end].rstrip(" ,:–-("))) if start < end else (start, start)


def _words(folded: str, start: int, end: int) -> int:
    """As many as there are, up to what makes a difference."""
    return sum(1 for _ in islice(WORD.finditer(folded, start, end), 2 * _LEAST))
