"""The installation has settings, words of its own, a queue of registrations, and journals of what was done to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from store.migrations.policies import secure

revision = "0008"
down_revision = "0007"

WHEN = sa.DateTime(timezone=True)

# A parent's admin may see which businesses are below theirs, though row security hides the rest of them.
DESCENDANTS = """
create function descendants_of(root uuid) returns table (id uuid, name text, parent_id uuid, depth integer)
language sql stable security definer set search_path = public as $$
    with recursive below as (
        select b.id, b.name, b.parent_id, 1 as depth from businesses b where b.parent_id = root
        union all
        select b.id, b.name, b.parent_id, below.depth + 1 from businesses b join below on b.parent_id = below.id
        where below.depth < 32
    )
    select below.id, below.name, below.parent_id, below.depth from below
$$
"""


def upgrade() -> None:
    _settings()
    _registrations()
    _operations()
    _impersonations()
    for table in ("installation_settings", "languages", "wordings", "registrations", "updates", "endings"):
        secure(table, column=None)
    op.execute(DESCENDANTS)


def _settings() -> None:
    op.create_table(
        "installation_settings",
        sa.Column("id", sa.SmallInteger(), primary_key=True),
        sa.Column("name", Text(), nullable=False),
        sa.Column("address", Text(), nullable=False),
        sa.Column("language", Text(), nullable=False),
        sa.Column("time_zone", Text(), nullable=False),
        sa.Column("registration_open", sa.Boolean(), nullable=False),
        sa.Column("notice", Text(), nullable=False),
        sa.Column("support", Text(), nullable=False),
    )
    op.create_table(
        "languages",
        sa.Column("code", Text(), primary_key=True),
        sa.Column("name", Text(), nullable=False),
        sa.Column("added_at", WHEN, nullable=False),
    )
    op.create_table(
        "wordings",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("language", Text(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("forms", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.UniqueConstraint("language", "text", name="uq_wordings_language"),
    )


def _registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_name", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("password_hash", Text(), nullable=False),
        sa.Column("language", Text(), nullable=False),
        sa.Column("time_zone", Text(), nullable=False),
        sa.Column("address", Text(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("decided_at", WHEN, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision", Text(), nullable=True),
        sa.Column("reason", Text(), nullable=False),
        sa.CheckConstraint("decision in ('approved', 'refused')", name="ck_registrations_decision"),
    )
    op.create_index(
        "uq_registrations_waiting",
        "registrations",
        ["email"],
        unique=True,
        postgresql_where=sa.text("decided_at is null"),
    )
    op.create_index("ix_registrations_address", "registrations", ["address", "asked_at"])


def _operations() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", Text(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("beat_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("state", Text(), nullable=False),
        sa.Column("from_revision", Text(), nullable=False),
        sa.Column("to_revision", Text(), nullable=False),
        sa.Column("backup", Text(), nullable=False),
        sa.Column("said", Text(), nullable=False),
    )
    op.create_index(
        "uq_updates_running", "updates", [sa.text("(true)")], unique=True, postgresql_where=sa.text("ended_at is null")
    )
    op.create_table(
        "endings",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ended_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("name", Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", Text(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
    )


def _impersonations() -> None:
    op.create_table(
        "impersonations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_id", sa.Uuid(), sa.ForeignKey("businesses.id", name="fk_impersonations_business_id")),
        sa.Column(
            "person_id", sa.Uuid(), sa.ForeignKey("parties.id", name="fk_impersonations_person_id"), nullable=False
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", Text(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("seen_at", WHEN, nullable=True),
    )
    op.create_index("ix_impersonations_business", "impersonations", ["business_id", "begun_at"])
    op.create_index("ix_impersonations_person", "impersonations", ["person_id", "begun_at"])
    op.create_index("ix_impersonations_session", "impersonations", ["session_id"])
    secure("impersonations")
