"""What admins want to know: how much is asked, what stays unanswered, whether all is well. In private chats only."""

import asyncio
import csv
import io
import shutil
import time
from collections.abc import Callable, Sequence

from bot import charts, layout, messages
from bot.config import Settings
from bot.likeness import groups
from bot.sending import file, send
from bot.turns import post
from corpus.desk import Desk, Unanswered

WEEKS = 8
LOOKED_AT = 2000  # unanswered questions, the newest
_SHOWN = 10  # groups of them in the message; all are in the file
_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would calculate
Rows = list[tuple[str, str]]


class Office:
    """Reports about the bot itself. Whoever calls has checked rights; every method may raise StoreError."""

    def __init__(self, settings: Settings, desk: Desk, status: Callable[[], Rows]) -> None:
        self._settings, self._desk, self._status = settings, desk, status
        self._began = time.monotonic()

    async def statistics(self, chat: int) -> None:
        """Questions, people, answers and refusals by week; a picture, too, where charts can be drawn."""
        weeks = await asyncio.to_thread(self._desk.weeks, WEEKS)
        text = messages.statistics(weeks)
        send(chat, [layout.table(text)])
        if charts.available() and any(week.asked for week in weeks):
            labels = [f"{week.start:%d/%m}" for week in weeks]
            answered, refused = [week.answered for week in weeks], [week.asked - week.answered for week in weeks]
            parts = ((messages.ANSWERED, answered), (messages.REFUSED_MANY, refused))
            picture = await asyncio.to_thread(charts.stacked, messages.BY_WEEK, labels, parts)
            post([file(chat, picture, "thong-ke.png", messages.BY_WEEK, picture=True)])

    async def unanswered(self, chat: int) -> None:
        """What was refused, like questions together: the most frequent in the message, all in a CSV file."""
        rows = await asyncio.to_thread(self._desk.unanswered, LOOKED_AT)
        found = await asyncio.to_thread(groups, [row.question for row in rows])
        shown = [(len(places), rows[places[0]]) for places in found[:_SHOWN]]
        send(chat, layout.plain(messages.unanswered(len(rows), len(found), shown)))
        if rows:
            post([file(chat, sheet(rows, found), "chua-tra-loi.csv")])

    async def health(self, chat: int) -> None:
        """The status, how long the bot has run, and the room left on the disk."""
        rows = await asyncio.to_thread(self._status)
        free = await asyncio.to_thread(shutil.disk_usage, self._settings.home)
        hours = (time.monotonic() - self._began) / 3600
        send(chat, layout.plain(messages.health(rows, hours, free.free / 2**30)))


def sheet(rows: Sequence[Unanswered], found: Sequence[Sequence[int]]) -> bytes:
    """CSV in UTF-8 with a byte order mark, for spreadsheets; nothing in it is taken for a formula.

    >>> "'=1+1" in sheet([Unanswered("=1+1", "Không nói đến.", "2026-01-02T03:04:05+00:00")], [[0]]).decode()
    True
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(messages.UNANSWERED_COLUMNS)
    for number, places in enumerate(found, 1):
        for place in places:
            row = rows[place]
            cells = (str(number), row.question, row.reason, row.asked_at[:10])
            writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return ("\ufeff" + file.getvalue()).encode()
