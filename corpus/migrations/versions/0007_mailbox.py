"""Updates that came in and letters on their way out, so that a bot that is killed loses no question."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _words(most: int | None = None) -> sa.types.TypeEngine[str]:
    """Text that sorts by code points on PostgreSQL, too."""
    kind = sa.String(most) if most else sa.Text()
    return kind.with_variant(type(kind)(most, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", _words(), nullable=False),
        sa.Column("arrived_at", _words(32), nullable=False),
        sa.Column("state", _words(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", _words()),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state", "inbox", ["state"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.BigInteger()),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("key", _words(80)),
        sa.Column("body", _words(), nullable=False),
        sa.Column("data", sa.LargeBinary()),
        sa.Column("made_at", _words(32), nullable=False),
        sa.Column("due_at", _words(32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", _words(10), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_index("ix_outbox_chat", "outbox", ["chat", "key"])
