"""Cut a report's text into passages: sentences, or clause groups of long ones, as exact offsets.

underthesea finds the ends of sentences; it is fed small pieces with misleading dots hidden, because it breaks
"(Mic.gov.vn)" and list numbers and is super-linear on runs of dots.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from corpus.litter import is_litter

Span = tuple[int, int, int]  # start, end, paragraph

LIMIT = 500  # code points: a passage is never longer
READABLE = 300  # a sentence longer than this is cut into clause groups
_FEED = 1000  # code points given to underthesea at a time
_HIDDEN = "\u2024"  # a one-dot leader stands in for a dot that ends nothing
_INNER_DOT = re.compile(r"(?<=\w)\.(?=\w)|(?<=^\d)\.(?=\s)|(?<=^\d\d)\.(?=\s)|(?<=\.)\.|\.(?=\.)|(?<=[…\d]\s)\.")
_CLAUSE = re.compile(r"[;；]\s+|(?<=[^\d]):\s+(?=[^\d\s])")
_COMMA = re.compile(r",\s+|\s[–-]\s")
_LETTERS = 3  # that a passage has at least
_OPEN, _CLOSE = "(“[", ")”]"


def cut(text: str, asides: Iterable[tuple[int, int]] = ()) -> tuple[Span, ...]:
    """Spans of the passages of cleaned text, in order, never overlapping, each at most LIMIT long.

    Of `asides`, parts of the text such as menus, nothing becomes a passage.

    >>> text = "Có 35 trạm. Có 12 hộ.\\n\\nTháng 11 : 37.313"
    >>> [text[start:end] for start, end, _ in cut(text)]
    ['Có 35 trạm.', 'Có 12 hộ.']
    """
    spans: list[Span] = []
    text = without(text, asides)
    for number, (start, end) in enumerate(_paragraphs(text)):
        for low, high in _sentences(text, start, end):
            spans += [(a, b, number) for a, b in _clauses(text, low, high) if _says_something(text[a:b])]
    return tuple(spans)


def without(text: str, asides: Iterable[tuple[int, int]]) -> str:
    """Text of the same length with line ends in the place of asides.

    >>> without("Menu\\nCó 35 trạm.", [(0, 4)])
    '\\n\\n\\n\\n\\nCó 35 trạm.'
    """
    parts, at = [], 0
    for start, end in asides:
        parts += [text[at:start], "\n" * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """A line that is not litter; a hard-wrapped line goes on in the next one that starts in lower case."""
    begin, last = -1, -1
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        if begin >= 0 and _goes_on(text[begin:last], text[last : match.start()], line):
            last = match.end()
            continue
        if begin >= 0:
            yield begin, last
        begin, last = (-1, -1) if is_litter(line) else match.span()
    if begin >= 0:
        yield begin, last


def _goes_on(before: str, gap: str, line: str) -> bool:
    return gap == "\n" and line.lstrip()[:1].islower() and before.rstrip()[-1:] not in ".!?:;" and not is_litter(line)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for low, high in _pieces(text, start, end):
        hidden = _INNER_DOT.sub(_HIDDEN, text[low:high])
        at = 0
        for sentence in _split(hidden):
            found = hidden.find(sentence, at)
            if found < 0:  # the splitter changed the text: keep what is left whole rather than lose it
                break
            at = found + len(sentence)
            yield low + found, low + at
        if hidden[at:].strip():
            yield _trim(text, low + at, high)


def _split(hidden: str) -> list[str]:
    from underthesea.pipeline.sent_tokenize import sent_tokenize

    return [sentence for sentence in sent_tokenize(hidden) if sentence.strip()]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """At most _FEED long, cut after the last sentence that ends in it, else clause, else word."""
    while end - start > _FEED:
        window = text[start : start + _FEED]
        at = next((a for a in map(window.rfind, (". ", "; ", " ")) if a > _FEED // 4), _FEED - 1) + 1
        yield start, start + at
        start += at
    yield start, end


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence itself, or, when it is long, groups of its clauses."""
    start, end = _trim(text, start, end)
    if end - start <= READABLE:
        yield start, end
        return
    cuts = [
        start,
        *(m.end() for m in _CLAUSE.finditer(text, start, end) if _outside(text[start : m.start()])),
        end,
    ]
    low = start
    for at, following in pairwise(cuts[1:]):
        if following - low > READABLE:
            yield from _short(text, low, at)
            low = at
    yield from _short(text, low, end)


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at the last comma (else space, else anywhere) before LIMIT, in parts of about the same length."""
    start, end = _trim(text, start, end)
    while end - start > LIMIT:
        parts = -(-(end - start) // LIMIT)
        window = text[start : start + min(LIMIT, (end - start) // parts + 60)]
        commas = [m.end() for m in _COMMA.finditer(window) if m.end() > 40]
        at = commas[-1] if commas else window.rfind(" ")
        at = at if at > 0 else len(window)
        yield _trim(text, start, start + at)
        start, end = _trim(text, start + at, end)
    if end > start:
        yield start, end


def _outside(before: str) -> bool:
    """Not inside brackets or quotation marks."""
    return sum(before.count(c) for c in _OPEN) <= sum(before.count(c) for c in _CLOSE)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), max(start, start + len(part.rstrip()))


def _says_something(passage: str) -> bool:
    return len(list(islice(filter(str.isalpha, passage), _LETTERS))) == _LETTERS
