"""Signing in takes two factors, passkeys or another service, by the rules of a business; a journal tells of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import CITEXT, JSONB

from store.migrations.policies import secure

revision = "0006"
down_revision = "0005"

# Tries are the installation's own; who is signed in may still be told that they made too many.
TRIES = """
create function tries_of(account citext, since timestamptz) returns bigint
language sql stable security definer set search_path = public as $$
    select count(*) from sign_in_attempts where email = account and at > since
$$
"""


def upgrade() -> None:
    op.add_column("sessions", sa.Column("factor", sa.Text(), server_default="password", nullable=False))
    op.add_column("sessions", moment("used_at", nullable=True))
    op.create_table("journal", *journal())
    secure("journal")
    for column in ("business_id", "person_id", "what"):
        op.create_index(f"ix_journal_{column}", "journal", [column, "id"])
    own(
        "authenticators",
        person(primary_key=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        moment("made_at"),
        moment("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
    )
    own(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        person(index=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        moment("used_at", nullable=True),
    )
    own("passkeys", *passkeys())
    own(
        "ceremonies",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hidden", sa.LargeBinary(), nullable=False),
        moment("at", index=True),
    )
    own("providers", *providers())
    own("identities", *identities())
    op.execute(TRIES)
    own("sign_in_policies", *sign_in_policies(), beside="business_id is null")
    op.create_index(
        "uq_sign_in_policies_business_id",
        "sign_in_policies",
        ["business_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def own(table: str, *columns: sa.Column[object], beside: str = "") -> None:
    """A table whose rows belong to a business, or to the installation itself."""
    op.create_table(table, *columns, sa.Column("business_id", sa.Uuid(), sa.ForeignKey("businesses.id"), nullable=True))
    secure(table, beside=beside)


def person(**options: Any) -> sa.Column[object]:
    account = sa.ForeignKey("accounts.person_id", ondelete="CASCADE")
    return sa.Column("person_id", sa.Uuid(), account, nullable=False, **options)


def moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)


def journal() -> list[sa.Column[object]]:
    # No references: the journal outlives those whom it tells of.
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("details", JSONB(), nullable=False),
        moment("at"),
    ]


def passkeys() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        person(index=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.ARRAY(sa.Text()), nullable=False),
        moment("made_at"),
        moment("used_at", nullable=True),
    ]


def providers() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.LargeBinary(), nullable=False),
        sa.Column("domains", sa.ARRAY(sa.Text()), nullable=False),
        moment("added_at"),
    ]


def identities() -> list[sa.Column[object]]:
    return [
        sa.Column("provider_id", sa.Uuid(), sa.ForeignKey("providers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        person(index=True),
        sa.Column("email", CITEXT(), nullable=False),
        moment("linked_at"),
        moment("used_at", nullable=True),
    ]


def sign_in_policies() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("two_factors", sa.Boolean(), nullable=True),
        sa.Column("superadmin_two_factors", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("session_minutes", sa.Integer(), nullable=True),
        sa.Column("idle_minutes", sa.Integer(), nullable=True),
        sa.Column("networks", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    ]
