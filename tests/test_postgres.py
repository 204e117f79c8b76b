"""What only PostgreSQL does: refuses and loses connections, speaks another language, keeps rights and encodings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bots import kept
from servers import PASSWORD, USER, Server
from sqlalchemy import create_engine, text

from bot.config import load_settings
from bot.logs import secrets_of
from corpus.database import open_engine, writing
from corpus.errors import StoreError
from corpus.load import bundled
from corpus.migrating import config
from corpus.rows import log_question
from corpus.store import Store

WRONG = "mat-khau-sai"


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    with server.database() as made:
        yield made


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


def cut(server: Server, url: str) -> None:
    """End all connections to a database, as a restart of the server does."""
    with server.admin() as admin:
        name = url.split("@/")[1].split("?")[0]
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"postgresql+psycopg://{USER}:{WRONG}@127.0.0.1:1/hoidap", "Không kết nối được"),
        (f"postgresql://{USER}:{WRONG}@127.0.0.1:cong/hoidap", "DATABASE_URL không dùng được"),
        ("wrong password", "tên hoặc mật khẩu"),
        ("no database", "createdb"),
        ("no server", "Không kết nối được"),
    ],
)
def test_who_is_not_let_in_gets_one_line_without_address(server: Server, address: str, says: str) -> None:
    made = {
        "wrong password": server.url("postgres", WRONG),
        "no database": server.url("khong_co"),
        "no server": server.url("postgres").replace("host=/tmp", "host=/nowhere"),
    }
    with pytest.raises(StoreError, match=says) as caught:
        Store.open(made.get(address, address))
    assert not any(part in str(caught.value) for part in ("\n", WRONG, PASSWORD, "127.0.0.1", "/tmp"))  # noqa: S108


def test_an_account_without_rights_is_told(server: Server) -> None:
    with server.admin() as admin, server.database("template0") as address:
        admin.execute("CREATE ROLE la LOGIN PASSWORD 'mat-khau-that'")
        with pytest.raises(StoreError, match="thiếu quyền"):
            Store.open(address.replace(f"{USER}:", "la:"))
        admin.execute("DROP ROLE la")


def test_an_encoding_that_counts_bytes_is_refused(server: Server) -> None:
    with server.admin() as admin:
        how = "ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
        admin.execute(f"CREATE DATABASE bytes {how}")
        with pytest.raises(StoreError, match="UTF8"):
            Store.open(server.url("bytes"))
        admin.execute("DROP DATABASE bytes")


def test_lost_connections_are_replaced(server: Server, url: str, store: Store) -> None:
    for report in bundled():
        store.put(report)
    cut(server, url)
    assert store.counts()["documents"] == 5
    with pytest.raises(StoreError, match="Mất kết nối"), writing(store._engine) as connection:
        connection.execute(text("DELETE FROM passages"))
        cut(server, url)
        connection.execute(text("DELETE FROM documents"))
    assert store.counts()["passages"] > 0


def test_a_standby_is_told_to_be_one(store: Store) -> None:
    with pytest.raises(StoreError, match="máy chủ chính"), writing(store._engine) as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text("DELETE FROM documents"))


def test_a_name_too_long_is_told(store: Store) -> None:
    with pytest.raises(StoreError, match="rút ngắn"):
        kept(store, log_question, "k" * 21, None, "?", None, None, 0.0, None)


def test_every_text_column_compares_by_code_points(url: str) -> None:
    engine = open_engine(url)
    query = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
    )
    with engine.connect() as connection:
        others = connection.execute(text(query)).all()
    engine.dispose()
    assert [name for name, _ in others] == ["alembic_version"]


def test_an_older_schema_is_migrated_with_its_rows(server: Server) -> None:
    """A database from before facts had origins."""
    from alembic import command

    with server.database("template0") as address:
        engine, made = create_engine(address), config()
        with engine.begin() as connection:
            made.attributes["connection"] = connection
            command.upgrade(made, "0001")
            connection.execute(text("INSERT INTO originals VALUES ('s', 'x', 'now')"))
            row = "('a', 'a.txt', 's', 'text', 'title', NULL, NULL, NULL, NULL, NULL, 'now')"
            connection.execute(text(f"INSERT INTO documents VALUES {row}"))
        engine.dispose()
        store = Store.open(address)
        assert store.document("a").origins == ()
        assert store.original("s") == b"x"
        store.close()


def test_backups_are_pg_dumps(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        store.backup(tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []
    assert store.integrity() == []


def test_passwords_of_addresses_are_blotted_out_of_the_log() -> None:
    secrets = secrets_of(load_settings({"DATABASE_URL": "postgresql+psycopg://hoidap:m%40t-khau@may/hoidap"}))
    assert {"m@t-khau", "m%40t-khau"} <= set(secrets)
