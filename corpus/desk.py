"""What happens around answers: screens that buttons belong to, feedback, who may ask, and admins' acts on record."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from corpus.database import translated, writing
from corpus.schema import audit, feedback, people, screens

KEPT_DAYS = 7  # a button works for so long


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asked for access, and what became of it."""

    id: str
    name: str
    state: str  # "asked", "allowed" or "refused"
    until: str | None  # UTC, ISO 8601; None: for good


class Desk:
    """One open database, the store's; safe to use from several threads. Every method may raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_screen(self, user: str, chat: str, question: str) -> str:
        """The id of a new screen; those older than KEPT_DAYS go."""
        id, now = secrets.token_urlsafe(8), datetime.now(UTC)
        row = {"user_id": user, "chat_id": chat, "question": question, "made_at": now.isoformat()}
        with writing(self._engine) as connection:
            connection.execute(delete(screens).where(screens.c.made_at < (now - timedelta(KEPT_DAYS)).isoformat()))
            connection.execute(insert(screens).values(id=id, **row))
        return id

    def screen(self, id: str, user: str, chat: str) -> str | None:
        """The question of a screen; None unless it is this user's in this chat, and young enough."""
        oldest = (datetime.now(UTC) - timedelta(KEPT_DAYS)).isoformat()
        query = select(screens.c.question).where(
            screens.c.id == id, screens.c.user_id == user, screens.c.chat_id == chat, screens.c.made_at >= oldest
        )
        with translated(), self._engine.connect() as connection:
            return connection.execute(query).scalar()

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
            row = connection.execute(select(people).where(people.c.user_id == id)).first()
        return Person(row.user_id, row.name, row.state, row.until) if row else None

    def may_ask(self, id: str) -> bool:
        """Whether an admin let this person in, and the time is not over."""
        known = self.person(id)
        return bool(known and known.state == "allowed" and (known.until is None or known.until > _now()))

    def allowed(self) -> list[Person]:
        """Those let in, by name."""
        query = select(people).where(people.c.state == "allowed").order_by(people.c.name, people.c.user_id)
        with translated(), self._engine.connect() as connection:
            return [Person(row.user_id, row.name, row.state, row.until) for row in connection.execute(query)]

    def decide(self, id: str, name: str, state: str, actor: str, days: int | None = None) -> None:
        """Set somebody's access, on record."""
        until = (datetime.now(UTC) + timedelta(days)).isoformat() if days else None
        row = {"user_id": id, "name": name, "state": state, "until": until, "changed_at": _now()}
        with writing(self._engine) as connection:
            connection.execute(delete(people).where(people.c.user_id == id))
            connection.execute(insert(people).values(**row))
            connection.execute(insert(audit).values(done_at=_now(), actor=actor, act=state, subject=f"{id} {name}"))

    def note(self, actor: str, act: str, subject: str) -> None:
        """Put an admin's act on record."""
        with writing(self._engine) as connection:
            connection.execute(insert(audit).values(done_at=_now(), actor=actor, act=act, subject=subject))

    def acts(self) -> list[tuple[str, str, str]]:
        """(actor, act, subject), the newest first."""
        query = select(audit.c.actor, audit.c.act, audit.c.subject).order_by(audit.c.id.desc())
        with translated(), self._engine.connect() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _now() -> str:
    return datetime.now(UTC).isoformat()
