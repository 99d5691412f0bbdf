"""What costs others something is counted over all nodes: resets, registrations, changes of e-mails."""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "rate_limit_hits",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_rate_limit_hits_of", "rate_limit_hits", ["kind", "of", "at"])
    op.create_index("ix_rate_limit_hits_at", "rate_limit_hits", ["at"])
    secure("rate_limit_hits", column=None)
