"""What is kept beside a text is forgotten when who doesn't know of it changes the text; then it is made anew.

A hub of this version says on each connection that it keeps both (``atrium.derives``). One of a version before, beside
it, would leave the old folded text, or the old HTML, with the new words for good.
"""

from alembic import op

revision = "0019"
down_revision = "0018"

DERIVED = {
    "parties": {"name_folded": "name"},
    "rooms": {"title_folded": "title", "html": "description"},
    "tasks": {"title_folded": "title", "html": "description"},
    "files": {"name_folded": "name"},
    "messages": {"body_folded": "body"},
}


def upgrade() -> None:
    for derived in sorted({column for columns in DERIVED.values() for column in columns}):
        op.execute(
            f"create or replace function forget_{derived}() returns trigger language plpgsql as "
            f"'begin new.{derived} := null; return new; end'"
        )
    for table, columns in DERIVED.items():
        for derived, source in columns.items():
            op.execute(
                f"create trigger forget_{derived} before update of {source} on {table} for each row "
                f"when (new.{source} is distinct from old.{source} "
                f"and new.{derived} is not distinct from old.{derived} "
                "and current_setting('atrium.derives', true) is distinct from '1') "
                f"execute function forget_{derived}()"
            )
