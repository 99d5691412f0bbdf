"""Browsers that let somebody in are known; wrong tries say of what kind they are; work is done once for one try."""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "known_devices",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_id", sa.Uuid(), sa.ForeignKey("businesses.id"), nullable=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("accounts.person_id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_known_devices_person_id")),
    )
    secure("known_devices")
    op.create_index("ix_known_devices_used_at", "known_devices", ["used_at"])
    op.create_table(
        "spent_challenges",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    secure("spent_challenges", column=None)
    op.add_column("sessions", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.add_column("sign_in_attempts", sa.Column("kind", sa.Text(), server_default="password", nullable=False))
    op.add_column("sign_in_attempts", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.create_index("ix_sign_in_attempts_device_id", "sign_in_attempts", ["device_id", "at"])
