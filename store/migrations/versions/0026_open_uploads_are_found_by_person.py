"""A person's open uploads are found, so that they can be counted, without looking at everybody's."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_index("ix_uploads_open", "uploads", ["person_id"], postgresql_where=sa.text("received < size"))
