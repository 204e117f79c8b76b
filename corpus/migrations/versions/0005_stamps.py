"""Stamps by which the index sees what changed; sites, and the lines that repeat over one.

Stamps stay "" and sites unknown until a document is next written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("stamp", sa.String(64), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("site", sa.String(255)))
    op.create_index("ix_documents_site", "documents", ["site"])
    op.add_column("passages", sa.Column("repeated", sa.Boolean(), nullable=False, server_default=sa.false()))
    short = sa.text("length(text) <= 120")
    op.create_index("ix_passages_text", "passages", ["text"], sqlite_where=short, postgresql_where=short)
