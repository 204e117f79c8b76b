"""Who holds an office: the person beside whose name it stands, and nobody who is said to hold another."""

import re

from corpus.text import strip_marks
from index.figures import Span, spelt
from index.kinds import Kind
from index.question import Asked
from index.spans import spans

_OFFICE, _NO_OFFICE = 0.5, -0.3  # what it adds to a name's nearness that the office stands beside it, or not
_NEAR = 80  # code points before a name


def office(text: str, span: Span, asked: Asked) -> float | None:
    """The office asked about must be this person's: after the name ("X – Giám đốc Sở") or just before it.

    None for somebody who is said to hold another.
    """
    wanted = next(iter(spans(asked.text, Kind.ROLE)), None)
    if not wanted:
        return 0.0
    words = strip_marks(asked.text[wanted.start : wanted.end]).split()
    title = r"\s+".join(map(re.escape, words[:2]))
    deputy = "" if words[0] == "pho" else r"(?<!pho )(?<!nguyen )"
    bare = spelt(text)[1]
    after, ahead = bare[span.end : span.end + 80], bare[max(0, span.start - 60) : span.start]
    beside = re.match(r"\s*[–,(-]\s*([^.;]*)", after)
    held = (beside and re.search(rf"{deputy}\b{title}\b", beside.group(1))) or re.search(
        rf"{deputy}\b{title}\b[^.;,]*$", ahead
    )
    if not held and ((beside and spans(beside.group(1), Kind.ROLE)) or _holds_another(text, span)):
        return None
    return _OFFICE if held else _NO_OFFICE


def _holds_another(text: str, span: Span) -> bool:
    """An office stands right before the name: "Phó Chủ tịch UBND tỉnh Nguyễn Tuấn Hà"."""
    known = [office for office in spans(text[: span.start], Kind.ROLE) if span.start - office.start <= _NEAR]
    return bool(known) and not re.search(r"[.;,:]", text[known[-1].end : span.start])
