"""A room's tasks and files are counted, and the first of them found, without looking at all of them.

The indices that are counted by have the business, since row security asks for it, so that no row is looked at.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_index(
        "ix_tasks_open", "tasks", ["room_id", "due_on", "created_at"], postgresql_where=sa.text("completed_at is null")
    )
    op.create_index(
        "ix_tasks_done", "tasks", ["room_id", "completed_at"], postgresql_where=sa.text("completed_at is not null")
    )
    op.create_index("ix_tasks_counted", "tasks", ["room_id", "business_id", "audience", "completed_at"])
    op.create_index("ix_files_counted", "files", ["room_id", "business_id", "audience"])
