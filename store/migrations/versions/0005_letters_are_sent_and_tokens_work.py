"""Letters are sent and tokens work."""

from importlib.resources import files

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.migrations.policies import secure

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)
MAIL_IS_SET = """
create function mail_is_set() returns boolean language sql stable security definer set search_path = public as $$
    select exists (select from mail_settings where server <> '')
$$
"""


def upgrade() -> None:
    _jobs()
    _letters()
    _links()
    _tokens()


def _jobs() -> None:
    schema = files("procrastinate").joinpath("sql/schema.sql").read_text()
    connection = op.get_bind().connection.dbapi_connection
    assert connection
    connection.run_async(lambda driver: driver.execute(schema))


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('queued', 'sent', 'failed', 'withdrawn')", name=op.f("ck_letters_state")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_letters_business_id")),
        sa.ForeignKeyConstraint(["person_id"], ["parties.id"], name=op.f("fk_letters_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_business_id", "letters", ["business_id"])
    op.create_index("ix_letters_person_id", "letters", ["person_id"])
    op.create_index("ix_letters_queued_at", "letters", ["queued_at"])
    op.create_table(
        "mail_settings",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("sender_email", sa.Text(), nullable=False),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_settings_one")),
        sa.CheckConstraint("security in ('starttls', 'tls', 'none')", name=op.f("ck_mail_settings_security")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_settings")),
    )
    secure("letters")
    secure("mail_settings", column=None)
    op.execute(MAIL_IS_SET)


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_links")),
    )
    op.create_index("ix_links_subject_id", "links", ["subject_id"])
    secure("links")
    for table, begun in (("invitations", "opened_at"), ("resets", "asked_at")):
        op.create_table(
            table,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("business_id", sa.Uuid(), nullable=True),
            sa.Column("person_id", sa.Uuid(), nullable=False),
            sa.Column("by_id", sa.Uuid(), nullable=True),
            sa.Column(begun, MOMENT, nullable=False),
            sa.Column("closed_at", MOMENT, nullable=True),
            sa.Column("outcome", sa.Text(), nullable=True),
            sa.CheckConstraint("(closed_at is null) = (outcome is null)", name=op.f(f"ck_{table}_closed")),
            sa.ForeignKeyConstraint(["person_id"], ["accounts.person_id"], name=op.f(f"fk_{table}_person_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(
            f"uq_{table}_open", table, ["person_id"], unique=True, postgresql_where=sa.text("closed_at is null")
        )
        secure(table)
    op.create_table(
        "reset_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_asks")),
    )
    op.create_index("ix_reset_asks_email_at", "reset_asks", ["email", "at"])
    op.create_index("ix_reset_asks_address_at", "reset_asks", ["address", "at"])
    secure("reset_asks")


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["accounts.person_id"], name=op.f("fk_api_tokens_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    op.create_index("ix_api_tokens_person_id", "api_tokens", ["person_id"])
    secure("api_tokens")
