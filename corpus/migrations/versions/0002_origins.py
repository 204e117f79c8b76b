"""Where each fact of a document was found, and how surely."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("origins", sa.Text(), nullable=False, server_default="[]"))
