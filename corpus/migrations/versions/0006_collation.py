"""On PostgreSQL text sorts and compares by code points whatever the database's language, as on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "originals",
    "documents",
    "passages",
    "versions",
    "generations",
    "questions",
    "screens",
    "feedback",
    "people",
    "audit",
)


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    for table in TABLES:
        for column in sa.inspect(bind).get_columns(table):
            if isinstance(column["type"], sa.String):
                op.alter_column(table, column["name"], type_=type(column["type"])(column["type"].length, collation="C"))
