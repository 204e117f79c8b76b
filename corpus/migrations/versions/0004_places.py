"""Where passages stand (page, heading, row), how documents were made, and the versions that newer ones replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("passages", sa.Column("page", sa.Integer()))
    op.add_column("passages", sa.Column("heading", sa.Text()))
    op.add_column("passages", sa.Column("row", sa.Integer()))
    op.add_column("documents", sa.Column("recipe", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_versions_document_id_documents"),
        sa.ForeignKeyConstraint(["sha256"], ["originals.sha256"], name="fk_versions_sha256_originals"),
    )
    op.create_index("ix_versions_document_id", "versions", ["document_id"])
