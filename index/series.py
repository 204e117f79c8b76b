"""Figures of one thing over years, in one passage: the cells of a row, "năm 2015 đạt 12 tỷ, năm 2016 đạt 15 tỷ"."""

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.text import WORD
from index.dated import UNCLEAR, Said, head
from index.figures import Span, spelt
from index.kinds import Kind
from index.roles import Role

ALONE = -1
# What leads from one figure to the next of the same thing, and says nothing of its own.
_LEADS = frozenset(
    (
        *("và", "còn", "là", "đạt", "được", "có", "ước", "thực", "hiện", "lên", "đến", "tới", "xuống", "từ", "sang"),
        *("với", "so", "tăng", "giảm", "thêm", "hơn", "gần", "trên", "khoảng", "cuối", "cả", "năm", "trong", "vào"),
        *("các", "của", "lần", "lượt", "tương", "ứng", "trước", "thì", "đã", "tiếp", "tục", "cùng", "kỳ", "chỉ"),
        *("dự", "kiến", "kế", "hoạch", "mục", "tiêu", "phấn", "đấu", "tính", "hết", "toàn", "tỉnh", "th", "kh", "bằng"),
        *("xếp", "thứ", "hạng", "vị", "trí", "đứng"),
    )
)
_TIMES = re.compile(r"\bquý (?:iv|i{1,3}|[1-4])\b|\btháng\b|\bđầu\b")
_REST_OF_UNIT = re.compile(r"(?:\s[^\W\d_]+){1,5}(?=[,;(])")  # units are cut at three syllables


def series(text: str, spans: Sequence[Span], said: Sequence[Said], roles: Sequence[Role]) -> list[int]:
    """For each figure of a passage the number of the first one of the same thing in another year; ALONE without any.

    Nothing but leading words stands between them, or the same label before each. Where two would be of one year it is
    not told which, so that none is taken.

    >>> from index.dated import whens
    >>> from index.figures import figures
    >>> for text in (
    ...     "Trạm BTS: 12 trạm (Năm 2015); 35 trạm (Năm 2016)",
    ...     "Doanh thu năm 2015 đạt 12 tỷ đồng, năm 2016 đạt 15 tỷ đồng, tăng 25 %; chi 9 tỷ đồng",
    ...     "Doanh thu năm 2015 đạt 12 tỷ đồng, nộp ngân sách 1 tỷ đồng; năm 2016 đạt 15 tỷ đồng",
    ... ):
    ...     found = list(figures(text))
    ...     print(series(text, found, whens(text, found), [Role.LEVEL] * len(found)))
    [0, 0]
    [0, 0, -1, -1]
    [-1, -1, -1]
    """
    if len(spans) < 2:
        return [ALONE] * len(spans)
    keys = _keys(text, spans, said)
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, (span, key) in enumerate(zip(spans, keys, strict=True)):
        if key is not None:
            alike[*key, span.kind, roles[number]].append(number)
    found = [ALONE] * len(spans)
    for numbers in alike.values():
        years = [said[number].when for number in numbers]
        if 1 < len(numbers) == len(set(years)):
            for number in numbers:
                found[number] = numbers[0]
    return found


def _keys(text: str, spans: Sequence[Span], said: Sequence[Said]) -> list[tuple[object, ...] | None]:
    """What each figure's label, unit and the rest of its head say; None where its label or its year is not clear."""
    folded, own, clear, free = spelt(text)[0], True, True, 0
    label: tuple[str, ...] = ()
    keys: list[tuple[object, ...] | None] = []
    for number, span in enumerate(spans):
        column = head(folded, span.end)
        if words := _words(folded[free : span.start]):
            label, clear = words, True
        else:
            clear = clear and own  # of "2015 đạt 12 tỷ, nộp 1 tỷ; 2016 đạt 15 tỷ" the last could be of either
        own = said[number].own or (own and not words)
        fits = clear and said[number].when not in ("", UNCLEAR) and not (column and column.compares)
        unit = folded[span.unit : span.end].split()
        keys.append((label, *(unit[:1] if label else unit), _words(column.text) if column else ()) if fits else None)
        rest = _REST_OF_UNIT.match(folded, span.end) if span.kind is Kind.COUNT else None
        free = max(said[number].end, column.end + 1 if column else span.end, rest.end() if rest else 0)
    return keys


def _words(folded: str) -> tuple[str, ...]:
    """What a text says beside leading words, years and numbers."""
    folded = _TIMES.sub(" ", folded)
    return tuple(w for m in WORD.finditer(folded) if (w := m.group()) not in _LEADS and not w[0].isdigit())
