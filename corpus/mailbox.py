"""What came in by chat and what is on its way out: kept before it is acknowledged, and until it is settled."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, and_, delete, func, insert, or_, select, update

from corpus.database import translated, writing
from corpus.desk import KEPT_DAYS
from corpus.schema import conversations, inbox, outbox, screens

DONE_DAYS = 2  # an update that comes again within this time is known; Telegram keeps them for one day
DEAD_DAYS = 30
_SENT_DAYS = 7  # so long an answer is edited when its question is
_TALKED = timedelta(hours=1)  # a follow-up leans on what was asked half an hour ago at most
_SHOWN = 5  # dead updates

Write = Callable[[Connection], None]  # part of a transaction


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update that is not settled yet."""

    id: int
    body: str  # JSON
    tries: int  # times its handling began


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, or the edit of one, to a chat."""

    chat: int
    body: str  # JSON, the bot's matter
    key: str | None = None  # the next letter of this key to this chat may edit what this one became
    data: bytes | None = None  # of a file


@dataclass(frozen=True, slots=True)
class Queued:
    """A letter that is kept until it has been sent."""

    id: int
    letter: Letter
    made_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Post:
    """How many updates and letters wait, how many updates were set aside, and why: (when, error), the newest first."""

    waiting: int
    unsent: int
    dead: int
    errors: tuple[tuple[str, str], ...]


class Mailbox:
    """One open database, the store's; safe to use from several threads. Every method may raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, bodies: Mapping[int, str]) -> set[int]:
        """Keep updates, all or none; the ids of those that had not come before."""
        ids = list(bodies)
        with writing(self._engine) as connection:
            known = set(connection.execute(select(inbox.c.update_id).where(inbox.c.update_id.in_(ids))).scalars())
            fresh = [id for id in ids if id not in known]
            # Its handling begins at once, so that is the first try.
            rows = [
                {"update_id": id, "body": bodies[id], "arrived_at": _text(_now()), "state": "waiting", "tries": 1}
                for id in fresh
            ]
            if rows:
                connection.execute(insert(inbox), rows)
        return set(fresh)

    def waiting(self) -> list[Arrived]:
        """Updates that are not settled, in the order in which they came."""
        query = select(inbox).where(inbox.c.state == "waiting").order_by(inbox.c.update_id)
        with translated(), self._engine.connect() as connection:
            return [Arrived(row.update_id, row.body, row.tries) for row in connection.execute(query)]

    def begin(self, ids: Sequence[int]) -> None:
        """Their handling begins again."""
        with writing(self._engine) as connection:
            for id in ids:
                connection.execute(update(inbox).where(inbox.c.update_id == id).values(tries=inbox.c.tries + 1))

    def finish(self, id: int | None, letters: Sequence[Letter], writes: Iterable[Write] = ()) -> list[Queued]:
        """An update is done, with all that came of it, in one transaction; without an update: letters to be sent."""
        with writing(self._engine) as connection:
            if id is not None:
                connection.execute(update(inbox).where(inbox.c.update_id == id).values(state="done", body=""))
            for write in writes:
                write(connection)
            return _queue(connection, id, letters)

    def set_aside(self, id: int, error: str, letters: Sequence[Letter]) -> list[Queued]:
        """An update cannot be handled: it stays on record with what went wrong."""
        with writing(self._engine) as connection:
            connection.execute(update(inbox).where(inbox.c.update_id == id).values(state="dead", error=error))
            return _queue(connection, id, letters)

    def unsent(self) -> list[Queued]:
        """Letters that wait, in their order."""
        query = select(outbox).where(outbox.c.state == "waiting").order_by(outbox.c.id)
        with translated(), self._engine.connect() as connection:
            return [
                Queued(
                    row.id,
                    Letter(row.chat, row.body, row.key, None if row.data is None else bytes(row.data)),
                    datetime.fromisoformat(row.made_at),
                    datetime.fromisoformat(row.due_at),
                )
                for row in connection.execute(query)
            ]

    def postpone(self, id: int, due_at: datetime) -> None:
        """A letter is not to be sent before a time."""
        with writing(self._engine) as connection:
            values = {"due_at": _text(due_at), "tries": outbox.c.tries + 1}
            connection.execute(update(outbox).where(outbox.c.id == id).values(**values))

    def sent(self, id: int, message_id: int | None) -> None:
        """A letter arrived as a message of Telegram's."""
        self._settle(id, "sent", message_id)

    def failed(self, id: int) -> None:
        """A letter will never arrive."""
        self._settle(id, "failed", None)

    def _settle(self, id: int, state: str, message_id: int | None) -> None:
        values = {"state": state, "message_id": message_id, "body": "", "data": None}
        with writing(self._engine) as connection:
            connection.execute(update(outbox).where(outbox.c.id == id).values(**values))

    def message(self, chat: int, key: str) -> int | None:
        """What the last letter of a key became in a chat."""
        same = (outbox.c.chat == chat, outbox.c.key == key, outbox.c.message_id.is_not(None))
        query = select(outbox.c.message_id).where(*same).order_by(outbox.c.id.desc()).limit(1)
        with translated(), self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def post(self) -> Post:
        """How things stand."""
        dead = inbox.c.state == "dead"
        last = select(inbox.c.arrived_at, inbox.c.error).where(dead).order_by(inbox.c.update_id.desc()).limit(_SHOWN)
        counted = (
            select(func.count()).where(inbox.c.state == "waiting"),
            select(func.count()).where(outbox.c.state == "waiting"),
            select(func.count()).where(dead),
        )
        with translated(), self._engine.connect() as connection:
            waiting, unsent, aside = (connection.execute(query).scalar_one() for query in counted)
            errors = tuple((row.arrived_at, row.error or "") for row in connection.execute(last))
        return Post(waiting, unsent, aside, errors)

    def prune(self) -> None:
        """Drop what has been settled long enough, and what no button and no follow-up can lean on any more."""
        now = _now()
        done, dead, sent, old = (_text(now - timedelta(days)) for days in (DONE_DAYS, DEAD_DAYS, _SENT_DAYS, KEPT_DAYS))
        settled = or_(
            and_(inbox.c.state == "done", inbox.c.arrived_at < done),
            and_(inbox.c.state == "dead", inbox.c.arrived_at < dead),
        )
        with writing(self._engine) as connection:
            connection.execute(delete(inbox).where(settled))
            connection.execute(delete(outbox).where(outbox.c.state != "waiting", outbox.c.made_at < sent))
            connection.execute(delete(screens).where(screens.c.made_at < old))
            over = _text(now - _TALKED)
            connection.execute(delete(conversations).where(conversations.c.asked_at < over))


def _queue(connection: Connection, update_id: int | None, letters: Sequence[Letter]) -> list[Queued]:
    now, queued = _now(), []
    common = {"update_id": update_id, "made_at": _text(now), "due_at": _text(now), "tries": 0, "state": "waiting"}
    for letter in letters:
        row = {"chat": letter.chat, "key": letter.key, "body": letter.body, "data": letter.data, **common}
        id = connection.execute(insert(outbox).values(**row).returning(outbox.c.id)).scalar_one()
        queued.append(Queued(id, letter, now, now))
    return queued


def _now() -> datetime:
    return datetime.now(UTC)


def _text(time: datetime) -> str:
    return time.isoformat()
