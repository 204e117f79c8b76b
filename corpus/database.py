"""Open a database by its address; transactions; foreign errors become a StoreError of one line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, TimeoutError

from corpus import postgres, sqlite
from corpus.disk import cause
from corpus.errors import StoreError, UnavailableError
from corpus.migrating import bring_up_to_date

BUSY_MS = 5000  # how long a write waits for another process's
_KINDS = {
    "sqlite": sqlite.engine,
    "postgresql+psycopg": postgres.engine,
    "postgresql": postgres.engine,
    "postgres": postgres.engine,
}


def open_engine(address: str) -> Engine:
    """An engine whose schema is current. Raises StoreError; the address, which may hold a password, is never shown."""
    try:
        url = make_url(address)
        engine = _KINDS[url.drivername](url, BUSY_MS)
    except ImportError as error:
        raise StoreError("Thiếu psycopg để dùng PostgreSQL; hãy cài: pip install 'hoidap[cluster]'.") from error
    except (ArgumentError, KeyError, ValueError):
        raise StoreError(
            "DATABASE_URL không dùng được; ví dụ: sqlite:////thu-muc/hoidap.db, postgresql+psycopg://ten@may/hoidap."
        ) from None  # what was raised may say parts of the address
    try:
        with translated():
            bring_up_to_date(engine)
    except StoreError:
        engine.dispose()
        raise
    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a driver or the system raises into a StoreError that says what to do."""
    try:
        yield
    except TimeoutError as error:
        raise UnavailableError("Cơ sở dữ liệu đang bận quá 5 giây; hãy thử lại sau.") from error
    except (DBAPIError, sqlite3.Error) as error:
        passing = isinstance(error, InterfaceError | OperationalError | sqlite3.OperationalError)
        kind = UnavailableError if passing else StoreError
        raise kind(_explain(error) or "Cơ sở dữ liệu báo lỗi; hãy thử lại hoặc chạy “hoidap verify”.") from error
    except OSError as error:
        raise StoreError(f"{cause(error)}. Dữ liệu cũ còn nguyên.") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that takes the write lock at once, so that what it reads cannot change under it."""
    with translated(), engine.connect() as plain:
        connection = plain.execution_options(begin="IMMEDIATE")
        with connection.begin():
            yield connection


def _explain(error: DBAPIError | sqlite3.Error) -> str | None:
    if isinstance(error, sqlite3.Error):
        return sqlite.explain(error)
    if isinstance(error.orig, sqlite3.Error):
        return sqlite.explain(error.orig)
    return postgres.explain(error.orig, error.connection_invalidated)
