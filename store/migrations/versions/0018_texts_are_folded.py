"""Names, titles and messages are found by their folded texts; ``store.migrations.backfills`` folds what is there."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"

FOLDED = {
    "parties": "name",
    "rooms": "title",
    "tasks": "title",
    "files": "name",
    "messages": "body",
}
LARGE = ("tasks", "files", "messages")


def upgrade() -> None:
    for table, text in FOLDED.items():
        op.add_column(table, sa.Column(f"{text}_folded", sa.Text(), nullable=True))
    for table in LARGE:
        missing = sa.text(f"{FOLDED[table]}_folded is null")
        op.create_index(f"ix_{table}_unfolded", table, ["id"], postgresql_where=missing)
    # Row security lets no condition with LIKE use an index: nobody ever gained by these.
    for name in ("ix_rooms_title", "ix_tasks_title", "ix_files_name", "ix_messages_body"):
        op.drop_index(name)
