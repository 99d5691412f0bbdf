"""A service that never says whether an e-mail is verified can be trusted for its domains."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("providers", sa.Column("trusted", sa.Boolean(), nullable=False, server_default=sa.false()))
