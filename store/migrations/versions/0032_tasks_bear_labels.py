"""Tasks bear labels: a business has a list of them, each task a row of those that stand on it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from store.migrations.policies import secure

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_id", sa.Uuid(), sa.ForeignKey("businesses.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_labels_business_id_name")),
    )
    secure("labels")
    op.create_table(
        "task_labels",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_id", sa.Uuid(), sa.ForeignKey("businesses.id"), nullable=False),
        sa.Column("task_id", sa.Uuid(), sa.ForeignKey("tasks.id"), nullable=False, unique=True),
        sa.Column("room_id", sa.Uuid(), sa.ForeignKey("rooms.id"), nullable=False, index=True),
        sa.Column("label_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
    )
    secure("task_labels")
