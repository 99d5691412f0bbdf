"""Cookies have a prefix over https: a session from before may show its own without, until its browser has the new."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    # The default is for sessions that a hub of the version before opens while both run; this one says null.
    op.add_column(
        "sessions",
        sa.Column(
            "old_name_until",
            sa.DateTime(timezone=True),
            nullable=True,
            server_default=sa.text("now() + interval '30 days'"),
        ),
    )
