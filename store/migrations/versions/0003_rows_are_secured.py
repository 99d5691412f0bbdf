"""Rows are secured, businesses have parents, and a session may act in another business or for another person."""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0003"
down_revision = "0002"

TABLES = (
    "events", "idempotency_keys", "logs", "sessions", "processes", "stages", "rooms", "members", "messages", "tasks",
    "entries", "files", "uploads", "discards",
)  # fmt: skip
VISITING = "{column} = any ((select coalesce(array_agg(person_id), '{{}}') from visits)::uuid[])"


def upgrade() -> None:
    op.add_column("businesses", sa.Column("parent_id", sa.Uuid(), sa.ForeignKey("businesses.id"), nullable=True))
    op.create_index("ix_businesses_parent_id", "businesses", ["parent_id"])
    op.add_column("sessions", sa.Column("acting_business_id", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("impersonator_id", sa.Uuid(), nullable=True))
    op.create_table(
        "visits",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_visits_business_id")),
        sa.ForeignKeyConstraint(["person_id"], ["parties.id"], name=op.f("fk_visits_person_id")),
        sa.PrimaryKeyConstraint("business_id", "person_id", name=op.f("pk_visits")),
    )
    secure("businesses", column="id")
    secure("visits")
    secure("parties", beside=VISITING.format(column="id"))
    secure("accounts", beside=VISITING.format(column="person_id"))
    for table in TABLES:
        secure(table)
    for table in ("secrets", "sign_in_attempts"):
        secure(table, column=None)
