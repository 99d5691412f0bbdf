"""Rows are secured, businesses have parents, and a session may act in another business or for another person."""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure
from store.scopes import ROLE

revision = "0003"
down_revision = "0002"

# Roles belong to the whole server: another database may have made it, or be making it now.
CREATE_ROLE = f"""
do $$ begin
    create role {ROLE} nologin;
exception when duplicate_object or unique_violation or insufficient_privilege then null;
end $$
"""
GRANTS = f"""
do $$ begin
    if not exists (select from pg_roles where rolname = '{ROLE}') then
        raise notice 'There is no role {ROLE}, so row security is not in force; see docs/operations.md.';
        return;
    end if;
    grant usage on schema public to {ROLE};
    grant select, insert, update, delete on all tables in schema public to {ROLE};
    grant usage, select on all sequences in schema public to {ROLE};
    grant execute on all functions in schema public to {ROLE};
    alter default privileges in schema public grant select, insert, update, delete on tables to {ROLE};
    alter default privileges in schema public grant usage, select on sequences to {ROLE};
    alter default privileges in schema public grant execute on functions to {ROLE};
    if not pg_has_role(current_user, '{ROLE}', 'set') then
        execute format('grant {ROLE} to %I', current_user);
    end if;
exception when insufficient_privilege then
    raise notice 'Rights could not be given to the role {ROLE}; see docs/operations.md.';
end $$
"""
TABLES = (
    "events", "idempotency_keys", "logs", "sessions", "processes", "stages", "rooms", "members", "messages", "tasks",
    "entries", "files", "uploads", "discards",
)  # fmt: skip
VISITING = "{column} = any ((select coalesce(array_agg(person_id), '{{}}') from visits)::uuid[])"


def upgrade() -> None:
    op.add_column("businesses", sa.Column("parent_id", sa.Uuid(), sa.ForeignKey("businesses.id"), nullable=True))
    op.create_index("ix_businesses_parent_id", "businesses", ["parent_id"])
    op.add_column("sessions", sa.Column("acting_business_id", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("impersonator_id", sa.Uuid(), nullable=True))
    op.create_table(
        "visits",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_visits_business_id")),
        sa.ForeignKeyConstraint(["person_id"], ["parties.id"], name=op.f("fk_visits_person_id")),
        sa.PrimaryKeyConstraint("business_id", "person_id", name=op.f("pk_visits")),
    )
    op.execute(CREATE_ROLE)
    op.execute(GRANTS)
    secure("businesses", column="id")
    secure("visits")
    secure("parties", beside=VISITING.format(column="id"))
    secure("accounts", beside=VISITING.format(column="person_id"))
    for table in TABLES:
        secure(table)
    for table in ("secrets", "sign_in_attempts"):
        secure(table, column=None)
