"""The tables of the store, and the revision of their schema. Migrations make them; nothing else changes them."""

import re
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    func,
)
from sqlalchemy.types import TypeDecorator

SHORT = 120  # code points of a passage that may be a line of a menu
HEAD = "0009"  # the newest migration, so that opening a current database need not load Alembic

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(value: Any) -> Any:
    """Text without what a database refuses: NUL and lone surrogates are replaced one by one, so that offsets stay.

    >>> storable("Hậu\\0Giang")
    'Hậu\ufffdGiang'
    """
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value


class Words(TypeDecorator[str]):
    """Text of at most so many characters."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> Any:
        return storable(value)


class Prose(Words):
    """Text of any length."""

    impl = Text
    cache_ok = True


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

originals = Table(
    "originals",
    metadata,
    Column("sha256", Words(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("added_at", Words(32), nullable=False),  # UTC, ISO 8601
)

documents = Table(
    "documents",
    metadata,
    Column("id", Words(100), primary_key=True),
    Column("file", Words(255), nullable=False, unique=True),
    Column("sha256", Words(64), ForeignKey("originals.sha256"), nullable=False, unique=True),
    Column("text", Prose, nullable=False),
    Column("title", Prose, nullable=False),
    Column("province", Prose),
    Column("period", Prose),
    Column("issuer", Prose),
    Column("date", Words(10)),  # YYYY-MM-DD
    Column("url", Prose),
    Column("added_at", Words(32), nullable=False),
    Column("origins", Prose, nullable=False, server_default="[]"),  # JSON: [fact, words, start, sure] each
    # sha256 of all but the bytes that it was made from
    Column("recipe", Words(64), nullable=False, server_default=""),
    # sha256 of what the index takes from it: another one whenever its file, facts or passages change
    Column("stamp", Words(64), nullable=False, server_default=""),
    Column("site", Words(255), index=True),  # host of the url
)
Index("ix_documents_length", func.length(documents.c.text))  # a text is compared with those of its length only

passages = Table(
    "passages",
    metadata,
    Column("document_id", Words(100), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start", Integer, nullable=False),  # code points into documents.text
    Column("end", Integer, nullable=False),
    Column("paragraph", Integer, nullable=False),
    Column("text", Prose, nullable=False),
    Column("page", Integer),
    Column("heading", Prose),
    Column("row", Integer),
    # A line of most pages of its site: part of the text, not asked.
    Column("repeated", Boolean, nullable=False, server_default=false()),
)
# Of short texts only, by its migration: to say so here would load PostgreSQL's dialect in every process.
Index("ix_passages_text", passages.c.text)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", Words(100), ForeignKey("documents.id"), nullable=False, index=True),
    Column("sha256", Words(64), ForeignKey("originals.sha256"), nullable=False),
    Column("report", Prose, nullable=False),  # JSON: file, text, facts, origins, passages, recipe
    Column("replaced_at", Words(32), nullable=False),
)

generations = Table(
    "generations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("made_at", Words(32), nullable=False),
    Column("documents", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("fingerprint", Words(64), nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asked_at", Words(32), nullable=False),
    Column("channel", Words(20), nullable=False),
    Column("user_id", Words(40)),
    Column("question", Prose, nullable=False),
    Column("answer", Prose),
    Column("reason", Prose),
    Column("confidence", Float, nullable=False),
    # No foreign key: what was answered stays on record when its document goes.
    Column("document_id", Words(100)),
    Column("start", Integer),
    Column("end", Integer),
)

screens = Table(
    "screens",
    metadata,
    Column("id", Words(16), primary_key=True),
    Column("user_id", Words(40), nullable=False),
    Column("chat_id", Words(40), nullable=False),
    Column("question", Prose, nullable=False),
    Column("made_at", Words(32), nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", Words(40), primary_key=True),
    Column("turn", BigInteger, primary_key=True, autoincrement=False),  # a number that grows
    Column("question", Prose, nullable=False),  # made whole by those before
    Column("asked_at", Words(32), nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("given_at", Words(32), nullable=False),
    Column("user_id", Words(40), nullable=False),
    Column("question", Prose, nullable=False),
    Column("answer", Prose),
    Column("verdict", Words(20), nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("user_id", Words(40), primary_key=True),
    Column("name", Prose, nullable=False),
    Column("state", Words(10), nullable=False),  # asked, allowed, refused
    Column("until", Words(32)),  # None: for good
    Column("changed_at", Words(32), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("done_at", Words(32), nullable=False),
    Column("actor", Words(40), nullable=False),
    Column("act", Words(40), nullable=False),
    Column("subject", Prose, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),  # Telegram's
    Column("body", Prose, nullable=False),  # JSON as it came; "" when done
    Column("arrived_at", Words(32), nullable=False),
    Column("state", Words(10), nullable=False, index=True),  # waiting, done, dead
    Column("tries", Integer, nullable=False),  # times its handling began
    Column("error", Prose),  # of a dead one: the incident's code, then what went wrong
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("update_id", BigInteger),  # what it answers
    Column("chat", BigInteger, nullable=False),
    Column("key", Words(80)),  # a later letter of the same key may edit this one
    Column("body", Prose, nullable=False),  # JSON; "" when sent
    Column("data", LargeBinary),  # of a file; None when sent
    Column("made_at", Words(32), nullable=False),
    Column("due_at", Words(32), nullable=False),  # not before this
    Column("tries", Integer, nullable=False),
    Column("state", Words(10), nullable=False, index=True),  # waiting, sent, failed
    Column("message_id", BigInteger),  # Telegram's, once sent
    Index("ix_outbox_chat", "chat", "key"),
)
