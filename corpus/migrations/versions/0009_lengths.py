"""Documents by the length of their text, so that one more is compared with those of its own length, not with all."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_documents_length", "documents", [sa.text("length(text)")])
