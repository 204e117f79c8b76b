"""SQLite: one file that only its owner reads, with a write-ahead log."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from corpus.disk import sync
from corpus.errors import StoreError

_FULL = "Đĩa đầy, không ghi được; dữ liệu cũ còn nguyên. Hãy giải phóng chỗ rồi thử lại."
_CAUSES = (
    ("locked", "Cơ sở dữ liệu đang bận quá 5 giây; hãy thử lại sau."),
    ("disk is full", _FULL),
    ("ioerr_shmsize", _FULL),  # no room for the file that its connections share
    ("disk i/o error", "Lỗi đọc ghi đĩa; hãy kiểm tra ổ đĩa rồi thử lại."),
    ("readonly", "Cơ sở dữ liệu chỉ đọc được; hãy cấp quyền ghi cho tệp và thư mục."),
    ("not a database", "Tệp không phải cơ sở dữ liệu của hoidap; hãy khôi phục bản sao lưu hoặc chọn tệp khác."),
    ("malformed", "Cơ sở dữ liệu bị hỏng; hãy khôi phục từ bản sao lưu."),
    ("unable to open", "Không mở được tệp cơ sở dữ liệu; hãy kiểm tra đường dẫn và quyền ghi."),
)


def engine(url: URL, wait_ms: int) -> Engine:
    """An engine whose writes wait so long for another process's. Raises StoreError."""
    if url.database and url.database != ":memory:":
        _make_private(Path(url.database))
    made = create_engine(url, hide_parameters=True, connect_args={"timeout": wait_ms / 1000})

    def connected(connection: sqlite3.Connection, record: Any) -> None:
        # SQLAlchemy's recipe for SQLite: the driver must not begin transactions by itself.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={wait_ms}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(made, "connect", connected)
    event.listen(made, "begin", _begin)
    return made


def explain(error: BaseException | None) -> str | None:
    """What the driver complains of and what to do, None when it is nothing known."""
    said = f"{error} {getattr(error, 'sqlite_errorname', '')}".lower()
    return next((message for sign, message in _CAUSES if sign in said), None)


def file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for another kind or one in memory."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def copy_file(source: Path, target: Path) -> None:
    """A whole copy of a live database or none, by SQLite's backup API: a plain one loses what still is in its log.

    Raises sqlite3.Error and OSError.
    """
    temporary = target.with_name(f"{target.name}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(temporary)) as new:
            temporary.chmod(0o600)
            old.backup(new)
        temporary.rename(target)
        sync(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _make_private(path: Path) -> None:
    """The folder 0700 and the file 0600, before SQLite opens it with whatever the umask gives."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY | os.O_NONBLOCK, 0o600))
    except OSError as error:
        raise StoreError(
            f"Không dùng được {path}: {error.strerror}. Hãy kiểm tra HOIDAP_HOME hoặc DATABASE_URL và quyền ghi."
        ) from error


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
