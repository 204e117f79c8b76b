"""Which province a figure is of, where its passage names one."""

import re
from collections.abc import Sequence

from corpus.gazetteer import Mention, mentions
from index.dated import head
from index.figures import Span, spelt

_PLACE = r"(?:tỉnh |thành phố |tp\.? ?)?"
_ROW_NUMBER = re.compile(rf"\s*(?:\d+[.)]?\s+)?{_PLACE}")
_OPENS = re.compile(rf"\s*(?:(?:riêng|còn|trong khi đó|tại|ở|của|trong đó|và)[\s,]+)*{_PLACE}")
_OF = re.compile(rf"\b(?:của|tại|ở|tỉnh|thành phố) {_PLACE}$")
_LEADS_ON = re.compile(
    r"(?:\s|,|\b(?:năm|20\d\d|là|có|đạt|được|ước|hiện|đã|khoảng|gần|trên|hơn|thứ|xếp|tăng|giảm|với)\b)*"
)
_FENCE = re.compile(r"[;()]|\.\s")
_NAMES = re.compile(r"[A-ZĐ]\w*\W{1,3}[A-ZĐ]|H[Uu][Ếế]")  # without which there is no province


def whose(text: str, spans: Sequence[Span]) -> list[str]:
    """For each figure of a passage the province that it is given, "" of the report's own.

    The head of its column gives it, the label of its row, its clause's beginning or what leads to it.

    >>> from index.figures import figures
    >>> text = "Kiên Giang có 12 trạm; số trạm của Cà Mau là 35 trạm; hơn Cà Mau 9 trạm; phối hợp với Cà Mau mở 2 lớp"
    >>> whose(text, list(figures(text)))
    ['Kiên Giang', 'Cà Mau', '', '']
    """
    named = list(mentions(text)) if spans and _NAMES.search(text) else []
    return [_whose(spelt(text)[0], span, named) for span in spans] if named else [""] * len(spans)


def _whose(folded: str, span: Span, named: Sequence[Mention]) -> str:
    if column := head(folded, span.end):
        named_by_head = (m.province for m in named if (m.start, m.end) == (column.start, column.end))
        if province := next(named_by_head, ""):
            return province
    for m in reversed([m for m in named if m.end <= span.start and not m.district]):
        label = _ROW_NUMBER.fullmatch(folded, 0, m.start) and re.match(r"\s*:", folded[m.end :])
        between = folded[m.end : span.start]
        if label or (not _FENCE.search(between) and _speaks_of(_FENCE.split(folded[: m.start])[-1], between)):
            return m.province
    return ""


def _speaks_of(before: str, between: str) -> bool:
    return bool(_OPENS.fullmatch(before) or (_OF.search(before) and _LEADS_ON.fullmatch(between)))
