"""Lines that stand on most pages of one site: menus, names of columns, footers. They stay in the text, unasked."""

import hashlib
import re
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select, update

from corpus.schema import SHORT, documents, passages

LEAST = 3  # documents of the site that have the line
MOST = 0.5  # part of the site's documents: a menu stands on every page, a figure's line on one
_LONGEST_HOST = 253  # characters, of any name of the Internet
_LINE = re.compile(r"[^\d]*[^\d.:;!?…]\s*")  # no figure in it, and no end of a sentence


def site(url: str | None) -> str | None:
    """The host of an address.

    >>> site("https://sotttt.haugiang.gov.vn/tin?id=3"), site(None)
    ('sotttt.haugiang.gov.vn', None)
    """
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host if host and len(host) <= _LONGEST_HOST else None


def mark(connection: Connection, id: str) -> None:
    """Mark the lines of a document that repeat over its site, there and in the site's other documents."""
    host = connection.execute(select(documents.c.site).where(documents.c.id == id)).scalar()
    if host is None:
        return
    own = select(passages.c.text).where(passages.c.document_id == id, func.length(passages.c.text) <= SHORT)
    lines = {text for text in connection.execute(own).scalars() if _LINE.fullmatch(text)}
    together = connection.execute(select(func.count()).where(documents.c.site == host)).scalar_one()
    for line in sorted(lines) if together >= LEAST else ():
        _mark(connection, host, line, max(LEAST, MOST * together))


def _mark(connection: Connection, host: str, line: str, least: float) -> None:
    same = (passages.c.text == line, func.length(passages.c.text) <= SHORT)
    of_site = passages.c.document_id.in_(select(documents.c.id).where(documents.c.site == host))
    having = set(connection.execute(select(passages.c.document_id).where(*same, of_site)).scalars())
    if len(having) < least:
        return
    fresh = select(passages.c.document_id).where(*same, of_site, passages.c.repeated.is_(False))
    for id in sorted(set(connection.execute(fresh).scalars())):
        stamp = connection.execute(select(documents.c.stamp).where(documents.c.id == id)).scalar_one()
        other = hashlib.sha256(f"{stamp} {line}".encode()).hexdigest()
        connection.execute(update(documents).where(documents.c.id == id).values(stamp=other))
    connection.execute(update(passages).where(*same, of_site).values(repeated=True))
