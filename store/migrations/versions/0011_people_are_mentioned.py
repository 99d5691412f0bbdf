"""People and departments are mentioned; leave follows regions and parts of a year; unsettled letters are counted."""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0011"
down_revision = "0010"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("mentioned_at", WHEN, nullable=False),
        sa.Column("seen_at", WHEN, nullable=True),
        _to("business_id", "businesses.id"),
        _to("room_id", "rooms.id"),
        _to("message_id", "messages.id", "CASCADE"),
        _to("person_id", "parties.id"),
        _to("author_id", "parties.id"),
        _to("department_id", "departments.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("message_id", "person_id", name=op.f("uq_mentions_message_id_person_id")),
    )
    op.create_index("ix_mentions_business_id", "mentions", ["business_id"])
    op.create_index(
        "ix_mentions_unseen", "mentions", ["person_id", "room_id"], postgresql_where=sa.text("seen_at is null")
    )
    secure("mentions")
    op.add_column("leave_kinds", sa.Column("prorated", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("leave_allowances", "entitled", nullable=True)
    op.add_column("businesses", sa.Column("region", sa.Text(), nullable=True))
    op.create_index(
        "ix_letters_unsettled",
        "letters",
        ["state", "queued_at"],
        postgresql_where=sa.text("state in ('queued', 'failed')"),
    )


def _to(column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_mentions_{column}"), ondelete=ondelete)
