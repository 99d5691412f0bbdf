"""A hub of the next version: it has one migration more than this one.

NEWER_VERSIONS=folder python -m tests.faults.newer serve
"""

import os
import shutil
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from hub.main import cli
from store import migrations

MIGRATION = '''"""Messages have moods."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("moods", sa.Column("name", sa.Text(), primary_key=True))
    op.add_column("messages", sa.Column("mood", sa.Text(), sa.ForeignKey("moods.name"), nullable=True))
    op.add_column("events", sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))
    op.create_index("ix_messages_mood", "messages", ["mood"])
'''

_configuration = migrations.configuration


def make_versions(folder: Path) -> None:
    """Copy the migrations to a folder, and add one that expands tables under load."""
    shutil.copytree(Path(migrations.__file__).parent / "versions", folder)
    head = ScriptDirectory.from_config(_configuration()).get_current_head()
    (folder / "next_messages_have_moods.py").write_text(MIGRATION.format(head=head))


def configuration() -> Config:
    config = _configuration()
    config.set_main_option("version_locations", os.environ["NEWER_VERSIONS"])
    return config


if __name__ == "__main__":
    migrations.configuration = configuration
    cli()
