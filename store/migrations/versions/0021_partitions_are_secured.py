"""Partitions are secured like their tables, whoever asks them by their own names."""

from store.migrations.policies import secure_partitions

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    secure_partitions()
