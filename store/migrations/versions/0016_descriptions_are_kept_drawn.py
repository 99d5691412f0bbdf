"""Descriptions of rooms and tasks are kept drawn, beside their Markdown; those of before are drawn by and by."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"


def upgrade() -> None:
    for table in ("rooms", "tasks"):
        op.add_column(table, sa.Column("html", sa.Text(), nullable=True))
