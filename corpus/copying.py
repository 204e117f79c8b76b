"""Copy a whole store into another, whatever databases they are: the target ends equal, row for row.

Both sides are read in the order of their keys, a stretch at a time, and compared. What the target has otherwise or too
much goes first, with all that hangs on it; then what it lacks is put in. Each stretch is a transaction of its own, so a
copy that was broken off goes on where it was.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, LargeBinary, Table, delete, func, insert, select, tuple_
from sqlalchemy.sql import ColumnElement

from corpus import postgres
from corpus.database import translated, writing
from corpus.errors import StoreError
from corpus.schema import documents, metadata, originals, outbox, questions, storable, versions

_STRETCH = 1000  # rows compared at once
_LONG = {table.name: 10 for table in (originals, documents, versions, outbox)}  # a row of these may have 20 MB
T = TypeVar("T")
Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]


def copy(source: Engine, target: Engine, step: Callable[[int, int], None], force: bool = False) -> int:
    """The number of rows put in; `step` is told how many rows have been compared, and of how many.

    Raises StoreError, also when the target has what the source has not and it is not forced.
    """
    with translated(), source.connect() as reading:  # one view of the source from the first row to the last
        if not force:
            _refuse_strangers(reading, target)
        counts = _counts(reading)
        done, of, put = 0, 2 * sum(counts.values()), 0
        for table in reversed(metadata.sorted_tables):
            for ours, theirs in _stretches(reading, target, table):
                _drop(target, table, [key for key, row in theirs.items() if ours.get(key) != row])
                step(done := done + len(ours), of)
        for table in metadata.sorted_tables:
            for ours, theirs in _stretches(reading, target, table):
                missing = [row for key, row in ours.items() if key not in theirs]
                _put(reading, target, table, missing)
                put += len(missing)
                step(done := done + len(ours), of)
        postgres.set_sequences(target, metadata.sorted_tables)
        with target.connect() as connection:
            if _counts(connection) != counts:
                raise StoreError("Đích thay đổi trong lúc chép; hãy dừng chương trình đang ghi vào đó rồi chạy lại.")
    return put


def _stretches(reading: Connection, target: Engine, table: Table) -> Iterator[tuple[Rows, Rows]]:
    """The rows of the source and those of the target between the same two keys, up to the end of both."""
    after, last, length = None, None, _LONG.get(table.name, _STRETCH)
    while True:
        ours = _rows(reading, table, after, None, length)
        last = list(ours)[-1] if len(ours) == length else None
        with target.connect() as connection:
            theirs = _rows(connection, table, after, last, None)
        yield ours, theirs
        if last is None:
            return
        after = last


def _rows(connection: Connection, table: Table, after: Key | None, last: Key | None, limit: int | None) -> Rows:
    """Rows by key, in order: those behind `after`, up to `last`. Of bytes only their number is read."""
    columns = [func.length(column).label(column.name) if _is_bytes(column) else column for column in table.c]
    query = select(*columns).order_by(*table.primary_key).limit(limit)
    key = tuple_(*table.primary_key)
    if after is not None:
        query = query.where(key > tuple_(*after))
    if last is not None:
        query = query.where(key <= tuple_(*last))
    names = [column.name for column in table.primary_key]
    found = [{name: storable(value) for name, value in row.items()} for row in connection.execute(query).mappings()]
    return {tuple(row[name] for name in names): row for row in found}


def _put(reading: Connection, target: Engine, table: Table, rows: list[dict[str, Any]]) -> None:
    large = [column for column in table.c if _is_bytes(column)]
    for some in _parts(rows, 1 if large else _STRETCH):
        for row, column in ((row, column) for row in some for column in large):
            own = [key == row[key.name] for key in table.primary_key]
            row[column.name] = reading.execute(select(column).where(*own)).scalar_one()
        with writing(target) as connection:
            connection.execute(insert(table), some)


def _drop(target: Engine, table: Table, keys: list[Key]) -> None:
    for some in _parts(keys, _STRETCH):
        with writing(target) as connection:
            _drop_where(connection, table, tuple_(*table.primary_key).in_(some))


def _drop_where(connection: Connection, table: Table, condition: ColumnElement[bool]) -> None:
    """Rows, and first the rows that refer to them."""
    for key in (key for child in metadata.sorted_tables for key in child.foreign_keys if key.column.table is table):
        _drop_where(connection, key.parent.table, key.parent.in_(select(key.column).where(condition)))
    connection.execute(delete(table).where(condition))


def _refuse_strangers(reading: Connection, target: Engine) -> None:
    """Documents and questions that the source does not have would be lost."""
    with target.connect() as connection:
        for query in (select(documents.c.id), select(questions.c.id, questions.c.asked_at)):
            theirs = {tuple(row) for row in connection.execute(query)}
            if more := theirs - {tuple(row) for row in reading.execute(query)}:
                raise StoreError(
                    f"Đích có {len(more)} tài liệu hoặc câu hỏi mà nguồn không có, chép sẽ xóa chúng; "
                    "nếu đúng ý, hãy chạy “hoidap copy --force”."
                )


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def _is_bytes(column: ColumnElement[Any]) -> bool:
    return isinstance(column.type, LargeBinary)


def _parts(whole: list[T], length: int) -> Iterator[list[T]]:
    return (whole[at : at + length] for at in range(0, len(whole), length))
