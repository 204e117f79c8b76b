"""Figures in a passage: qualifier, number and unit, as they stand in it; numbers that name something are none."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from corpus.text import WORD, fold, strip_marks
from index.kinds import Kind
from index.tokens import phrase_at
from index.vocabulary import vocabulary

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_FIGURE = re.compile(
    rf"(?<![\w.,/-])(?P<number>(?:{_NUMBER})(?:\s?/\s?(?:{_NUMBER}))?)(?P<percent>\s?%)?(?![\w/%-]|[.,]\d)"
)
_QUALIFIER = re.compile(
    r"\b(trên|hơn|gần|khoảng|ước đạt|ước|tối thiểu|ít nhất|tối đa|dưới|không quá|xấp xỉ|chừng|trung bình|bình quân)\s+$"
)
# A number after one of these is a name or a time, not a figure.
_NAMING = re.compile(
    r"""(
    \b(
        (?<!tổng\ )(?<!dân\ )(?<!chỉ\ )(?<!một\ )(?<!hệ\ )số
        | mức(\ độ)? | cấp\ độ | (trường|đường|công\ trình|bệnh\ viện|đô\ thị|nhà)\ (cấp|loại|hạng)
        | đợt | niên\ độ | quý | tháng | ngày | lúc | lần\ thứ | khoá | giai\ đoạn | tiêu\ chí(\ số)? | điều
        | (?<!tài\ )khoản | chương | (?<!danh\ )mục | trang | phụ\ lục | bảng | phiên\ bản
        | nghị\ định | quyết\ định | nghị\ quyết | thông\ tư | kế\ hoạch | chỉ\ thị | công\ văn | luật
        | đoàn\ liên\ ngành | fax | sđt | windows | quốc\ lộ | khu\ vực | iso
    )
    | [^\W\d_]-
    )\s*:?\s*$""",
    re.VERBOSE,
)
# "hưởng trợ cấp hằng tháng 52.883 người", "trong tháng 450 người" are figures.
_EVERY_MONTH, _MONTH = re.compile(r"\b(?:hằng|hàng|mỗi) (?:tháng|ngày|quý)\s+$"), re.compile(r"\btháng\s+$")
_DOTTED = re.compile(r"\b(?:phiên bản|tiêu chí|điều|khoản|mục|bảng|phụ lục|windows|chương)(?: số)?\s*:?\s*$")
# The 10.000 of "bác sĩ trên 10.000 dân".
_PER_HEAD, _PER_HEAD_BEFORE = re.compile(r"10{0,2}|10{0,2}\.000"), re.compile(r"(?:\b(?:trên|mỗi|bình quân)|/)\s?$")
# "Trẻ em dưới 5 tuổi", "trẻ nhẹ cân dưới 2.500 gam", "người từ 15 tuổi trở lên" say which ones.
_LIMIT = re.compile(r"\s(?:tuổi|tháng tuổi|gam|kg)\b")
_LIMIT_BEFORE = re.compile(
    r"\b(?:trẻ(?: em)?|người|dân(?: số)?|cân|tuổi|học sinh|phụ nữ|nữ|nam) (?:dưới|trên|từ|đủ)\s+$"
)
_PHONE = re.compile(r"\bđiện thoại\s*:?\s*$")
_NAMING_PAIR = re.compile(r"\b(mức( độ)?|cấp độ|quý|tháng|đợt|giai đoạn|năm|điều)\s+\d+\s*(và|,|đến|-|–)\s*$")
_RANK = re.compile(r"(?P<rank>(?:lần\s)?thứ|hạng|vị trí)\s+(?:thứ\s+)?$")
_MONEY = re.compile(r"\s?((nghìn|ngàn|triệu|tỷ|trăm)\s+)*(đồng(?! chí)|usd|vnđ|đô la|euro)\b|\s?(triệu|tỷ)\b")
_YEAR_LIKE = re.compile(r"(19|20)\d\d$")
_YEARS = re.compile(r"(?:19|20)\d\d\s?/\s?(?:19|20)\d\d")
_YEAR_BEFORE = re.compile(r"\b(?:năm|năm (?:(?:19|20)\d\d(?:,| và| đến| tới) )*(?:19|20)\d\d(?:,| và| đến| tới))\s+$")
_NAMES_NEXT = frozenset(("mức", "đợt", "năm", "quý", "tháng", "trực"))
_UNIT_SYLLABLES, _LONGEST_UNIT = 3, 9  # of any words; of those asked for
_NEXT = re.compile(r"(?P<gap>\s|,\s|\s?-\s?)(?P<word>[^\W\d_]+(?:&[^\W\d_]+)?)")
_NEXT_FIGURE = re.compile(  # "214 phòng học, sửa chữa 96 phòng", "180 giường, bệnh viện sản - nhi 350 giường"
    r",\s(?:[^\W\d_]+\s){1,4}(?:[–-]\s(?:[^\W\d_]+\s){1,2})?\d"
)
_DANGLING = re.compile(r"\s(?:cấp|loại|thuộc)$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s?(?:(?:văn|mặt|đồng|cân) bằng|(?:thiết|trang) bị|(?:hàng|đường) không|bản đi|đối (?:tượng|tác))\b"
)
_WORD_NEXT = re.compile(r"\s([^\W\d_]+)")
_DONE = frozenset(("duoc", "bi", "da"))
_PHRASE = 60  # code points looked at for a known phrase
_JOINED = re.compile(r"\.[a-z]+\b(?=[\s,;).]|$)")
_PER = re.compile(r"(?:\s?/\s?(?:\d+\s?|(?:vạn|nghìn|ngàn|triệu)\s)?[^\W\d_]+)+", re.IGNORECASE)


class Span(NamedTuple):
    """A possible answer, text[start:end]; of a figure, the number begins at `number` and its unit at `unit`."""

    start: int
    end: int
    kind: Kind
    number: int = -1
    unit: int = -1


@lru_cache(maxsize=256)
def spelt(passage: str) -> tuple[str, str]:
    """A passage folded and stripped, kept while one function after the other looks at it."""
    folded = fold(passage)
    return folded, strip_marks(folded)


def figures(text: str, asked: frozenset[str] = frozenset()) -> Iterator[Span]:
    """All figures of a passage; a unit goes on as long as its syllables are `asked` for (stripped).

    >>> text = "Đạt trên 56.000 hộ nghèo, tăng 9 bậc, mức độ 3: 1,6 tỷ đồng (100%)."
    >>> [(text[f.start : f.end], str(f.kind)) for f in figures(text)]
    [('trên 56.000 hộ nghèo', 'count'), ('9 bậc', 'count'), ('1,6 tỷ đồng', 'money'), ('100%', 'percent')]
    """
    folded, stripped = spelt(text)
    for match in _FIGURE.finditer(folded):
        before = folded[max(0, match.start() - 40) : match.start()]
        rank = _RANK.search(before)
        if not rank and (
            _is_name(before, match.group("number") + (match.group("percent") or ""), folded[match.end() :])
            or _is_year(before, match.group("number"), folded[match.end() :])
        ):
            continue
        qualifier = _QUALIFIER.search(before)
        start = match.start() - (len(before) - qualifier.start() if qualifier else 0)
        if rank:
            yield Span(match.start() - len(before) + rank.start(), match.end(), Kind.RANK, match.start(), match.end())
        elif match.group("percent"):
            yield Span(start, match.end(), Kind.PERCENT, match.start(), match.end())
        elif (money := _MONEY.match(folded, match.end())) and not _multiplied(folded, money):
            yield Span(start, money.end(), Kind.MONEY, match.start(), match.end())
        else:
            end = _unit_end(text, folded, stripped, match.end(), asked)
            if end == match.end() and (_is_mark(text, match) or _YEAR_LIKE.fullmatch(match.group())):
                continue  # "Xuân Bính Thân 2016 với hơn 200 đại biểu": what counts nothing and looks like a year is one
            yield Span(start, end, Kind.COUNT, match.start(), match.end())


def _is_name(before: str, number: str, after: str) -> bool:
    """ "mức độ 3", and the 4 of "mức độ 3, 4", but not the 40% of "mức độ 4, 40%"; a phone's number has no unit."""
    if _PHONE.search(before):
        return not re.match(r"\s[^\W\d_]", after)
    if _LIMIT.match(after) and _LIMIT_BEFORE.search(before):
        return True
    if _PER_HEAD.fullmatch(number) and _PER_HEAD_BEFORE.search(before) and re.match(r"\s(?:người )?dân\b", after):
        return True
    if _EVERY_MONTH.search(before) or (_MONTH.search(before) and not re.fullmatch(r"0?[1-9]|1[0-2]", number)):
        return False
    if re.search(r"\d[.,]\d", number) and not _DOTTED.search(before):
        return False
    return bool(_NAMING.search(before) or (len(number) == 1 and _NAMING_PAIR.search(before)))


def _multiplied(folded: str, money: re.Match[str]) -> bool:
    """ "1,9 triệu lượt khách" counts; "30 tỷ, góp phần" and "30 tỷ cho" are money."""
    after = _WORD_NEXT.match(folded, money.end())
    if after is None or money.group().strip() not in ("triệu", "tỷ"):
        return False
    return after[1] not in vocabulary("unit_end") | vocabulary("function") | _NAMES_NEXT


def _is_mark(text: str, match: re.Match[str]) -> bool:
    """The 4 of "4. Về bưu chính" before anything else, and the beginning of a telephone's number."""
    first = not text[: match.start()].strip() and text[match.end() : match.end() + 1] in (".", ")")
    return first or bool(re.fullmatch(r"0\d{3,}", match.group()))


def _is_year(before: str, number: str, after: str) -> bool:
    """ "2016/2015", "năm 2016", the 2016 of "năm 2015, 2016", or a bare 2016, but not "2016 hộ"."""
    if _YEARS.fullmatch(number):
        return True
    if not _YEAR_LIKE.fullmatch(number):
        return False
    return bool(_YEAR_BEFORE.search(before)) or not re.match(r"\s[^\W\d_]", after)


def _phrase_end(stripped: str, start: int) -> int:
    """The end of a known phrase that the unit begins with ("cơ sở dữ liệu"), however long; `start` without one."""
    if stripped[start : start + 1] != " ":
        return start
    # "15 di tích được xếp hạng": what was done with them is no name of theirs.
    words = list(takewhile(lambda word: word.group() not in _DONE, _unbroken(stripped, start)))
    size = phrase_at([word.group() for word in words]) if words else 0
    return words[size - 1].end() if size else start


def _unbroken(stripped: str, start: int) -> Iterator[re.Match[str]]:
    """The words behind a place with no more than a comma before each, none before the first."""
    allowed: tuple[str, ...] = (" ",)
    for word in WORD.finditer(stripped, start, start + _PHRASE):
        if stripped[start : word.start()] not in allowed:
            return
        allowed = (" ", ", ")
        yield word
        start = word.end()


def _unit_end(text: str, folded: str, stripped: str, start: int, asked: frozenset[str]) -> int:
    """The end of the unit: up to three syllables, further while the question says them, "/100 dân" included."""
    at, count, item = start, 0, 0  # syllables in all, and since the last comma
    last = start  # where the syllable before begins
    while match := _NEXT.match(text, at):
        wanted = stripped[match.start("word") : match.end("word")] in asked
        listed = match.group("gap") != " "
        again = listed and stripped[last : match.start()] == stripped[match.start("word") : match.end("word")]
        if listed and (again or not (wanted and 0 < item <= 2) or _NEXT_FIGURE.match(text, at)):
            break
        word = folded[match.start("word") : match.end("word")]
        goes_on = _GOES_ON.match(folded, at if not count else last)
        named = (word in vocabulary("unit_end") and not goes_on) or (count and word in _NAMES_NEXT)
        if named or count >= (_LONGEST_UNIT if wanted else _UNIT_SYLLABLES):
            break
        last, at, count, item = match.start("word"), match.end(), count + 1, 1 if listed else item + 1
    at = max(at, _phrase_end(stripped, start))
    # "19/19 đơn vị cấp sở": what stands behind "cấp" was too far, so it goes, too.
    dangling = _DANGLING.search(text, start, at)
    at = dangling.start() if dangling and dangling.end() == at else at
    if joined := _JOINED.match(text, at):  # "1.214 triệu lượt khách.km"
        at = joined.end()
    per = _PER.match(text, at)
    return _asked_end(text, stripped, per.end(), asked) if per else at


def _asked_end(text: str, stripped: str, at: int, asked: frozenset[str]) -> int:
    """Where the words behind a place end that are asked for: "112 bé trai/100 bé gái"."""
    while (word := _WORD_NEXT.match(text, at)) and stripped[word.start(1) : word.end(1)] in asked:
        at = word.end()
    return at
