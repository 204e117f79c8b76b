"""PostgreSQL by psycopg: several machines, one database. Writers follow each other as they do on SQLite."""

import re
from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select, text
from sqlalchemy.engine import URL

from corpus.errors import StoreError

# Who writes holds this advisory lock until the transaction's end. Serializable transactions would have to be run again
# when they clash, which a `with` block cannot be; and a stretch of reading and writing is short here.
_WRITERS = int.from_bytes(b"hoidap")
_CHANNEL = "hoidap"
_LOOK = 1.0  # seconds between two looks whether to stop listening
_BUSY = "Cơ sở dữ liệu đang bận quá 5 giây; hãy thử lại sau."
_LOST = "Mất kết nối tới cơ sở dữ liệu; hãy thử lại, và kiểm tra máy chủ PostgreSQL nếu vẫn lỗi."
_UNREACHED = (
    "Không kết nối được cơ sở dữ liệu; hãy kiểm tra máy chủ PostgreSQL có chạy không và DATABASE_URL có đúng không."
)
_STATES = (  # by the beginning of SQLSTATE
    ("55P03", _BUSY),
    ("40P01", _BUSY),
    ("533", _BUSY),
    ("53100", "Đĩa của máy chủ cơ sở dữ liệu đầy; dữ liệu cũ còn nguyên. Hãy giải phóng chỗ rồi thử lại."),
    ("25006", "Máy chủ cơ sở dữ liệu chỉ đọc được; hãy đổi DATABASE_URL sang máy chủ chính."),
    ("42501", "Tài khoản cơ sở dữ liệu thiếu quyền; hãy cho nó làm chủ cơ sở dữ liệu (ALTER DATABASE … OWNER TO …)."),
    ("22001", "Có tên dài hơn mức cơ sở dữ liệu nhận (tên tệp: 255 ký tự); hãy rút ngắn rồi thử lại."),
    ("57P", _LOST),
    ("08", _LOST),
)
_REFUSALS = (  # a refused connection has no SQLSTATE; a server of another language gets the general message
    ("authentication failed", "Cơ sở dữ liệu không nhận tên hoặc mật khẩu; hãy sửa DATABASE_URL."),
    ("no pg_hba.conf entry", "Cơ sở dữ liệu không nhận kết nối từ máy này; hãy thêm máy này vào pg_hba.conf."),
    ('database ".*" does not exist', "Máy chủ chưa có cơ sở dữ liệu ấy; hãy tạo bằng createdb hoặc sửa DATABASE_URL."),
    ("too many clients|connection slots", _BUSY),
)


def engine(url: URL, wait_ms: int) -> Engine:
    """An engine that sees one state of the database in each transaction, and tries connections before they are used."""
    patience = {
        "connect_timeout": max(2, wait_ms // 1000),  # seconds
        "keepalives_idle": 30,  # seconds until a silent peer is asked whether it is there, then three times
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 2 * wait_ms,  # until one that does not answer to what was sent counts as gone
    }
    made = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,
        pool_timeout=wait_ms / 1000,
        connect_args={"application_name": "hoidap", "client_encoding": "utf8", **patience},
    )

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("begin") == "IMMEDIATE":
            # What is read after the lock must be newer than the lock, so not of the state at the beginning.
            connection.exec_driver_sql(
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                f"SET LOCAL lock_timeout = {wait_ms};"
                f"SELECT pg_advisory_xact_lock({_WRITERS})"
            )

    event.listen(made, "begin", begin)
    return made


def explain(error: Any, lost: bool = False) -> str | None:
    """What the server or the driver complains of and what to do, None when it is nothing known."""
    state = getattr(error, "sqlstate", None) or ""
    if known := next((message for sign, message in _STATES if state.startswith(sign)), None):
        return known
    if known := next((message for sign, message in _REFUSALS if not state and re.search(sign, str(error))), None):
        return known
    if lost:
        return _LOST
    return _UNREACHED if type(error).__name__ in ("OperationalError", "ConnectionTimeout") and not state else None


def announce(connection: Connection) -> None:
    """Tell whoever listens when this transaction is committed; nothing is done on other databases."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {_CHANNEL}")


def listen(engine: Engine, stopped: Event) -> Iterator[None]:
    """Once when connected, for what was missed, and then whenever somebody announced; many at a time are one.

    Ends when stopped. Raises StoreError when the connection is lost, and what SQLAlchemy raises when there is none.
    """
    with engine.connect() as connection:
        own: Any = connection.connection.driver_connection
        connection.detach()  # it is not given to others, and closed at the end
        try:
            own.autocommit = True
            own.execute(f"LISTEN {_CHANNEL}")
            yield
            while not stopped.is_set():
                if list(own.notifies(timeout=_LOOK, stop_after=1)):
                    list(own.notifies(timeout=0))
                    yield
        except own.Error as error:
            raise StoreError(_LOST) from error


def set_sequences(engine: Engine, tables: Sequence[Table]) -> None:
    """Numbers given from now on follow the highest there is; nothing is done on other databases."""
    if engine.dialect.name != "postgresql":
        return
    with engine.begin() as connection:
        for column in (table.autoincrement_column for table in tables):
            if column is not None:
                sequence = func.pg_get_serial_sequence(column.table.name, column.name)
                highest = func.max(column)
                connection.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


def require_unicode(connection: Connection) -> None:
    """Other encodings count and compare bytes, not characters. Raises StoreError."""
    if connection.execute(text("SHOW server_encoding")).scalar() != "UTF8":
        raise StoreError("Cơ sở dữ liệu phải dùng bảng mã UTF8; hãy tạo lại: createdb -E UTF8 -T template0 TÊN.")
