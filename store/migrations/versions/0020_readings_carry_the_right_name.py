"""Readings of cards carry the right name: they say who acted in the reader's, in the form of all that bears a name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

READ_BEFORE = """
update card_readings set acted_by = jsonb_build_object('id', parties.id, 'name', parties.name)
from parties where parties.id = card_readings.impersonator_id
"""


def upgrade() -> None:
    op.add_column("card_readings", sa.Column("acted_by", postgresql.JSONB(none_as_null=True), nullable=True))
    op.execute(READ_BEFORE)
