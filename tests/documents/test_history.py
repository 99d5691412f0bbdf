"""The migrations are one line: two that follow the same one would stop every update."""

from alembic.script import ScriptDirectory

from store.migrations import configuration


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1
