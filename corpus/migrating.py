"""Bring a database's schema up to date: all steps or none, no row lost, a newer schema refused."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from corpus import postgres, sqlite
from corpus.errors import StoreError
from corpus.schema import HEAD, metadata

_VERSION = "alembic_version"


def bring_up_to_date(engine: Engine) -> None:
    """Raises StoreError, and what the driver raises."""
    with engine.connect() as connection:
        found = _revision(connection)
        if found is None and engine.dialect.name == "postgresql":
            postgres.require_unicode(connection)
    if found == HEAD:
        return
    if found is not None and not _is_known(found):
        raise StoreError("Cơ sở dữ liệu được tạo bởi phiên bản mới hơn của hoidap; hãy cập nhật hoidap.")
    _migrate(engine)


def config() -> Any:
    """Alembic's, with the place of the migrations."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION):
        return None
    return str(connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar())  # noqa: S608 - a constant  # nosec B608


def _is_known(revision: str) -> bool:
    from alembic.script import ScriptDirectory

    return revision in {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def _migrate(engine: Engine) -> None:
    """All steps in one transaction, without foreign keys: re-creating a table must not delete its children's rows."""
    try:
        with engine.connect() as plain:
            if engine.dialect.name == "sqlite":
                plain.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            connection = plain.execution_options(begin="IMMEDIATE")
            with connection.begin():
                _upgrade(connection)
    finally:
        engine.dispose()  # connections made from now on have foreign keys on again


def _upgrade(connection: Connection) -> None:
    from alembic import command

    # Another process may have been first, while this one waited for the lock.
    found = _revision(connection)
    if found == HEAD:
        return
    path = sqlite.file_of(connection.engine)
    if path and found:
        sqlite.copy_file(path, path.with_name(f"{path.name}.{found}.bak"))
    before = _counts(connection)
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")
    after = _counts(connection)
    if any(count > after.get(name, 0) for name, count in before.items()):
        raise StoreError("Nâng cấp cơ sở dữ liệu làm mất dòng nên đã hủy; dữ liệu cũ còn nguyên.")


def _counts(connection: Connection) -> dict[str, int]:
    present = set(inspect(connection).get_table_names()) & set(metadata.tables)
    query = "SELECT count(*) FROM {}"  # of our own tables
    return {name: connection.execute(text(query.format(name))).scalar_one() for name in present}
