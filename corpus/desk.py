"""What happens around answers: screens that buttons belong to, feedback, who may ask, and admins' acts on record."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from corpus.database import translated, writing
from corpus.errors import AccessError
from corpus.schema import audit, conversations, feedback, people, questions, screens

VIETNAM = timezone(timedelta(hours=7))  # no summer time since it was introduced
KEPT_DAYS = 7  # a button works for so long


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asked for access, and what became of it."""

    id: str
    name: str
    state: str  # "asked", "allowed" or "refused"
    until: str | None  # UTC, ISO 8601; None: for good


@dataclass(frozen=True, slots=True)
class Week:
    """What was asked in the week from a Monday on: questions, people who asked, and how many were answered."""

    start: date
    asked: int
    people: int
    answered: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that got no answer, why, and when: UTC, ISO 8601."""

    question: str
    reason: str
    asked_at: str


class Desk:
    """One open database, the store's; safe to use from several threads. Every method may raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def screen(self, id: str, user: str, chat: str) -> str | None:
        """The question of a screen; None unless it is this user's in this chat, and young enough."""
        oldest = (datetime.now(UTC) - timedelta(KEPT_DAYS)).isoformat()
        query = select(screens.c.question).where(
            screens.c.id == id, screens.c.user_id == user, screens.c.chat_id == chat, screens.c.made_at >= oldest
        )
        with translated(), self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def conversation(self, chat: int, user: str) -> list[tuple[int, float, str]]:
        """What somebody asked in a chat of late: number of the turn, seconds since, question; the last turn last."""
        mine = (conversations.c.chat == chat, conversations.c.user_id == user)
        query = select(conversations).where(*mine).order_by(conversations.c.turn)
        with translated(), self._engine.connect() as connection:
            return [(row.turn, _since(row.asked_at), row.question) for row in connection.execute(query)]

    def turn_screen(self, id: str, question: str) -> None:
        """The screen shows another question from now on."""
        with writing(self._engine) as connection:
            connection.execute(update(screens).where(screens.c.id == id).values(question=question))

    def rate(self, user: str, question: str, answer: str | None, verdict: str) -> None:
        """Keep what somebody thought of an answer, for review; a second thought replaces the first."""
        same = (feedback.c.user_id == user, feedback.c.question == question)
        row = {"user_id": user, "question": question, "answer": answer, "verdict": verdict}
        with writing(self._engine) as connection:
            connection.execute(delete(feedback).where(*same))
            connection.execute(insert(feedback).values(given_at=_now(), **row))

    def ratings(self) -> list[tuple[str, str | None, str]]:
        """(question, answer, verdict), the newest first."""
        query = select(feedback.c.question, feedback.c.answer, feedback.c.verdict).order_by(feedback.c.id.desc())
        with translated(), self._engine.connect() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def person(self, id: str) -> Person | None:
        with translated(), self._engine.connect() as connection:
            return _person(connection, id)

    def may_ask(self, id: str) -> bool:
        """Whether an admin let this person in, and the time is not over."""
        return lets(self.person(id))

    def allowed(self) -> list[Person]:
        """Those let in, by name."""
        query = select(people).where(people.c.state == "allowed").order_by(people.c.name, people.c.user_id)
        with translated(), self._engine.connect() as connection:
            return [Person(row.user_id, row.name, row.state, row.until) for row in connection.execute(query)]

    def weeks(self, number: int, channel: str = "telegram") -> list[Week]:
        """The last weeks of questions asked by chat, the oldest first; weeks begin on Mondays in Vietnam."""
        today = datetime.now(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        monday = today - timedelta(today.weekday())
        starts = [monday - timedelta(weeks=back) for back in range(number - 1, -1, -1)]
        counted = (func.count(), func.count(questions.c.user_id.distinct()), func.count(questions.c.answer))
        found = []
        with translated(), self._engine.connect() as connection:
            for start in starts:
                first, last = (day.astimezone(UTC).isoformat() for day in (start, start + timedelta(weeks=1)))
                within = (questions.c.channel == channel, questions.c.asked_at >= first, questions.c.asked_at < last)
                asked, people_, answered = connection.execute(select(*counted).where(*within)).one()
                found.append(Week(start.date(), asked, people_, answered))
        return found

    def unanswered(self, limit: int) -> list[Unanswered]:
        """The questions refused last, the newest first."""
        columns = (questions.c.question, questions.c.reason, questions.c.asked_at)
        query = select(*columns).where(questions.c.answer.is_(None)).order_by(questions.c.id.desc()).limit(limit)
        with translated(), self._engine.connect() as connection:
            return [Unanswered(row.question, row.reason or "", row.asked_at) for row in connection.execute(query)]

    def acts(self) -> list[tuple[str, str, str]]:
        """(actor, act, subject), the newest first."""
        query = select(audit.c.actor, audit.c.act, audit.c.subject).order_by(audit.c.id.desc())
        with translated(), self._engine.connect() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]


# What admins and answers add to the database is part of the transaction that settles an update (corpus/mailbox.py).


def opened(connection: Connection, id: str, user: str, chat: str, question: str) -> None:
    """Keep a new screen; nobody must be able to guess its id."""
    row = {"user_id": user, "chat_id": chat, "question": question, "made_at": _now()}
    connection.execute(insert(screens).values(id=id, **row))


def asked(connection: Connection, chat: int, user: str, turn: int, question: str) -> None:
    """Keep what a follow-up may lean on; an edited question takes the place of the one that it was."""
    of = {"chat": chat, "user_id": user, "turn": turn}
    connection.execute(delete(conversations).where(*(conversations.c[name] == value for name, value in of.items())))
    connection.execute(insert(conversations).values(**of, question=question, asked_at=_now()))


def forgotten(connection: Connection, chat: int, user: str) -> None:
    """Somebody's next question in a chat leans on nothing."""
    mine = (conversations.c.chat == chat, conversations.c.user_id == user)
    connection.execute(delete(conversations).where(*mine))


def decided(connection: Connection, id: str, name: str, state: str, actor: str, days: int | None = None) -> None:
    """Set somebody's access, on record; whoever decides by what was known before asks for that by `unchanged`, too."""
    until = (datetime.now(UTC) + timedelta(days)).isoformat() if days else None
    row = {"user_id": id, "name": name, "state": state, "until": until, "changed_at": _now()}
    connection.execute(delete(people).where(people.c.user_id == id))
    connection.execute(insert(people).values(**row))
    noted(connection, actor, state, f"{id} {name}")


def unchanged(connection: Connection, id: str, known: Person | None) -> None:
    """Raises AccessError when somebody's access is not what it was when a decision about it began."""
    if _person(connection, id) != known:
        raise AccessError("Quyền của người này vừa đổi; hãy thử lại.")


def entitled(connection: Connection, id: str) -> None:
    """Raises AccessError when somebody may not ask any more."""
    if not lets(_person(connection, id)):
        raise AccessError("Quyền hỏi đã hết hoặc đã bị thu hồi.")


def noted(connection: Connection, actor: str, act: str, subject: str) -> None:
    """Put an admin's act on record."""
    connection.execute(insert(audit).values(done_at=_now(), actor=actor, act=act, subject=subject))


def _person(connection: Connection, id: str) -> Person | None:
    row = connection.execute(select(people).where(people.c.user_id == id)).first()
    return Person(row.user_id, row.name, row.state, row.until) if row else None


def lets(known: Person | None) -> bool:
    """Whether somebody of whom this is known may ask."""
    return bool(known and known.state == "allowed" and (known.until is None or known.until > _now()))


def _since(time: str) -> float:
    """Seconds; none when the clock was put back."""
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(time)).total_seconds())


def _now() -> str:
    return datetime.now(UTC).isoformat()
