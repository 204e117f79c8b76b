"""How answers look in Telegram: HTML blocks, the figure first, each passage with its source."""

import re
from collections.abc import Sequence
from html import escape

from telegram import InlineQueryResult, InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode

from bot import messages, tables, wording
from bot.sending import pack, units
from corpus.text import clean
from index.comparing import Comparison
from index.records import Answer, Cited

_TABLE = 3000  # units of a table: its message has room for a title and what to mind
_REMARKS = 10
_QUOTE = 3900  # units of sources that are folded together


def blocks(answer: Answer, understood: str | None = None, every: bool = False) -> list[str]:
    """HTML blocks of an answer: the figure or the reason, then a block for each passage with its source.

    `understood` is what a follow-up was taken to ask; `every` shows the passages that come less near, too.
    """
    head = f"<b>{_safe(answer.answer)}</b>" if answer.answer is not None else _safe(answer.reason or "")
    head += f"\n<i>{_safe(wording.note(answer.note))}</i>" if answer.note else ""
    head += f"\n<i>{_safe(wording.unsure(answer.confidence))}</i>" if _doubtful(answer) else ""
    passages = list(answer.passages) if every else wording.worth_reading(answer)
    if answer.abstained and passages:
        head += f"\n\n<i>{_safe(wording.NEAREST)}</i>"
    head += f"\n<i>{_safe(wording.understood(understood))}</i>" if understood else ""
    return [head, *(_passage(cited, answer) for cited in passages)]


def inline(answer: Answer) -> InlineQueryResult:
    """An answer as the one result of an inline query: its first message, without the passages that don't fit."""
    (text, *_) = pack(blocks(answer))
    title = answer.answer if answer.answer is not None else messages.NO_ANSWER
    about = wording.source(answer.passages[0]) if answer.passages and not answer.abstained else answer.reason or ""
    content = InputTextMessageContent(text, parse_mode=ParseMode.HTML)
    return InlineQueryResultArticle("1", clean(title)[:200], content, description=clean(about)[:200])


def context(cited: Cited, text: tuple[str, str, str]) -> list[str]:
    """A page of a report: its source, then the text, the passage marked."""
    before, passage, after = map(_safe, text)
    marked = f"<b><u>{passage}</u></b>" if passage else ""
    return [f"<i>{_safe(wording.source(cited))}</i>\n\n{before}{marked}{after}"]


def _doubtful(answer: Answer) -> bool:
    return answer.answer is not None and answer.confidence < wording.SURE


def plain(text: str) -> list[str]:
    """A fixed text as one HTML block."""
    return [_safe(text)]


def table(text: str) -> str:
    """Columns that stay under each other."""
    return f"<pre>{_safe(text)}</pre>"


def comparison(found: Comparison, understood: str | None = None) -> tuple[list[str], bool]:
    """HTML blocks of a comparison: the table, what to mind, the sources of all that is shown; and whether it is cut."""
    made = [f"<i>{_safe(wording.understood(understood))}</i>"] if understood else []
    remarks = tables.remarks(found)
    if found.reason:
        return [_safe(found.reason), *made, *map(_safe, remarks)], False
    rows, told = _held(tables.narrow(found)), remarks[:_REMARKS]
    left, unsaid = len(found.rows) - len(rows), len(remarks) - len(told)
    shown = "\n".join(rows)
    made.insert(0, f"<b>{_safe(tables.title(found))}</b>" + (f"\n{table(shown)}" if shown else ""))
    made += [f"<i>{_safe(messages.cut(left, unsaid))}</i>"] if left or unsaid else []
    numbers = set(re.findall(r"\[(\d+)\]", "\n".join([shown, *told])))
    cited = ((str(number), tables.source(cell)) for number, cell in enumerate(tables.cells(found), 1))
    sources = [_safe(f"[{number}] {source}") for number, source in cited if number in numbers]
    folded = [f"<blockquote expandable>{part}</blockquote>" for part in pack(sources, _QUOTE)]
    return [*made, *map(_safe, told), *folded], bool(left or unsaid)


def _held(rows: Sequence[str]) -> list[str]:
    """As many rows from the first as a message holds."""
    held: list[str] = []
    room = _TABLE
    for row in rows:
        room -= units(_safe(row)) + 1
        if room < 0:
            break
        held.append(row)
    return held


def _passage(cited: Cited, answer: Answer) -> str:
    quote = _marked(cited, not answer.abstained and cited.rank == 1)
    fold = "" if cited.rank == 1 else " expandable"
    return f"{cited.rank}. <blockquote{fold}>{quote}</blockquote>\n<i>{_safe(wording.source(cited))}</i>"


def _marked(cited: Cited, mark: bool) -> str:
    """The passage with the answer in bold and underlined."""
    text = cited.passage.text
    if not mark or not cited.highlight:
        return _safe(text)
    start, end = cited.highlight
    return f"{_safe(text[:start])}<b><u>{_safe(text[start:end])}</u></b>{_safe(text[end:])}"


def _safe(text: str) -> str:
    """Escaped, NFC, without control characters or lone surrogates."""
    return escape(clean(text), quote=False)
