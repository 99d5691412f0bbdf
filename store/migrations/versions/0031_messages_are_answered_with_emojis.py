"""Messages are answered with emojis: beside each, who gave it, in the order in which they came."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("messages", sa.Column("reactions", JSONB(), nullable=False, server_default="[]"))
