"""Registrations are confirmed by letter, people begin where they like, and staff may find names of what is closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.migrations.policies import secure

revision = "0010"
down_revision = "0009"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("confirm_by", "confirmed_at"):
        op.add_column("registrations", sa.Column(name, WHEN, nullable=True))
    op.create_table(
        "registration_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("business_name", "name", "password_hash")),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("language", "time_zone", "address")),
        sa.Column("at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_asks")),
    )
    secure("registration_asks", column=None)
    op.add_column("accounts", sa.Column("start_page", sa.Text(), nullable=False, server_default="home"))
    op.add_column("businesses", sa.Column("find_closed", sa.Boolean(), nullable=False, server_default=sa.false()))
