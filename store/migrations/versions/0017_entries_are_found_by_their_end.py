"""Time entries are found by their end: those that reach into a span end after it begins."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_index("ix_entries_room_end", "entries", ["room_id", "stopped_at"])
