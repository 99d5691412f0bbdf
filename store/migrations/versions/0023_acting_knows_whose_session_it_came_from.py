"""A session as somebody else knows the superadmin's own, out of which it was begun: they end together."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("own_session_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_sessions_own_session_id",
        "sessions",
        ["own_session_id"],
        postgresql_where=sa.text("own_session_id is not null"),
    )
