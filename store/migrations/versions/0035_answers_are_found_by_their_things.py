"""Kept answers are found by what they answer with: an erased thing's words leave them, however many keys are kept.

A column of its own, since under row security an index on an expression of JSON isn't used.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column(
        "idempotency_keys",
        sa.Column("answered_with", sa.Text(), sa.Computed("answer #>> '{result,id}'", persisted=True)),
    )
    op.create_index(
        op.f("ix_idempotency_keys_answered_with"),
        "idempotency_keys",
        ["business_id", "answered_with"],
        postgresql_where=sa.text("answered_with is not null"),
    )
