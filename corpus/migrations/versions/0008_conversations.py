"""What each person asked last in a chat, so that a follow-up is understood after a restart, too."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _words(most: int | None = None) -> sa.types.TypeEngine[str]:
    """Text that sorts by code points on PostgreSQL, too."""
    kind = sa.String(most) if most else sa.Text()
    return kind.with_variant(type(kind)(most, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", _words(40), nullable=False),
        sa.Column("turn", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question", _words(), nullable=False),
        sa.Column("asked_at", _words(32), nullable=False),
        sa.PrimaryKeyConstraint("chat", "user_id", "turn", name="pk_conversations"),
    )
