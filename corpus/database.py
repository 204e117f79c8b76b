"""Open a database: pragmas, transactions, permissions, migrations; foreign errors become a StoreError of one line."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from corpus.errors import StoreError
from corpus.schema import HEAD, metadata

BUSY_MS = 5000  # how long a write waits for another process's
_VERSION = "alembic_version"
_CAUSES = (
    ("locked", "Cơ sở dữ liệu đang bận quá 5 giây; hãy thử lại sau."),
    ("disk is full", "Đĩa đầy, không ghi được; dữ liệu cũ còn nguyên. Hãy giải phóng chỗ rồi thử lại."),
    ("disk i/o error", "Lỗi đọc ghi đĩa; hãy kiểm tra ổ đĩa rồi thử lại."),
    ("readonly", "Cơ sở dữ liệu chỉ đọc được; hãy cấp quyền ghi cho tệp và thư mục."),
    ("not a database", "Tệp không phải cơ sở dữ liệu của hoidap; hãy khôi phục bản sao lưu hoặc chọn tệp khác."),
    ("malformed", "Cơ sở dữ liệu bị hỏng; hãy khôi phục từ bản sao lưu."),
    ("unable to open", "Không mở được tệp cơ sở dữ liệu; hãy kiểm tra đường dẫn và quyền ghi."),
)


def open_engine(address: str) -> Engine:
    """An engine whose schema is current. Raises StoreError; the address, which may hold a password, is never shown."""
    try:
        url = make_url(address)
        engine = _sqlite(url) if url.get_backend_name() == "sqlite" else create_engine(url, hide_parameters=True)
    except (ArgumentError, ImportError, ValueError, SQLAlchemyError) as error:
        raise StoreError(
            "DATABASE_URL không dùng được (sai dạng hoặc thiếu trình điều khiển); ví dụ: sqlite:////thu-muc/hoidap.db."
        ) from error
    try:
        with translated():
            _bring_up_to_date(engine, url)
    except StoreError:
        engine.dispose()
        raise
    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a driver raises into a StoreError that says what to do."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = str(getattr(error, "orig", error)).lower()
        known = next((message for sign, message in _CAUSES if sign in cause), None)
        raise StoreError(known or "Cơ sở dữ liệu báo lỗi; hãy thử lại hoặc chạy “hoidap verify”.") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that takes the write lock at once, so that what it reads cannot change under it."""
    with translated(), engine.connect() as plain:
        connection = plain.execution_options(begin="IMMEDIATE")
        with connection.begin():
            yield connection


def sqlite_file(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for another kind or one in memory."""
    name = engine.url.database
    return Path(name) if engine.url.get_backend_name() == "sqlite" and name and name != ":memory:" else None


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a live database by SQLite's backup API (a plain copy loses what still is in the write-ahead log)."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        target.chmod(0o600)
        old.backup(new)


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        _make_private(Path(url.database))
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """The folder 0700 and the file 0600, before SQLite opens it with whatever the umask gives."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY | os.O_NONBLOCK, 0o600))
    except OSError as error:
        raise StoreError(
            f"Không dùng được {path}: {error.strerror}. Hãy kiểm tra HOIDAP_HOME hoặc DATABASE_URL và quyền ghi."
        ) from error


def _set_pragmas(connection: sqlite3.Connection, record: Any) -> None:
    # SQLAlchemy's recipe for SQLite: the driver must not begin transactions by itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _bring_up_to_date(engine: Engine, url: URL) -> None:
    with engine.connect() as connection:
        found = _revision(connection)
    if found == HEAD:
        return
    if found is not None and not _is_known(found):
        raise StoreError("Cơ sở dữ liệu được tạo bởi phiên bản mới hơn của hoidap; hãy cập nhật hoidap.")
    path = sqlite_file(engine)
    if path and found:
        with suppress(FileExistsError):
            copy_sqlite(path, path.with_name(f"{path.name}.{found}.bak"))
    _migrate(engine)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION):
        return None
    return str(connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar())  # noqa: S608 - a constant  # nosec B608


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _is_known(revision: str) -> bool:
    from alembic.script import ScriptDirectory

    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _migrate(engine: Engine) -> None:
    """All steps in one transaction, without foreign keys: re-creating a table must not delete its children's rows."""
    try:
        with engine.connect() as plain:
            if engine.url.get_backend_name() == "sqlite":
                plain.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            connection = plain.execution_options(begin="IMMEDIATE")
            with connection.begin():
                _upgrade(connection)
    finally:
        engine.dispose()  # connections made from now on have foreign keys on again


def _upgrade(connection: Connection) -> None:
    from alembic import command

    # Another process may have been first, while this one waited for the lock.
    if _revision(connection) == HEAD:
        return
    before = _counts(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    after = _counts(connection)
    if any(count > after.get(name, 0) for name, count in before.items()):
        raise StoreError("Nâng cấp cơ sở dữ liệu làm mất dòng nên đã hủy; dữ liệu cũ còn nguyên.")


def _counts(connection: Connection) -> dict[str, int]:
    present = set(inspect(connection).get_table_names()) & set(metadata.tables)
    # Names of our own tables.
    query = "SELECT count(*) FROM {}"
    return {name: connection.execute(text(query.format(name))).scalar_one() for name in present}
