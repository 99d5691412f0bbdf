"""What costs others something is counted over all nodes: resets, registrations, changes of e-mails."""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "paced_deeds",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_paced_deeds_of", "paced_deeds", ["kind", "of", "at"])
    op.create_index("ix_paced_deeds_at", "paced_deeds", ["at"])
    secure("paced_deeds", column=None)
