"""Persons have roles and leave well: roles, a client's companies, and what becomes of an account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.migrations.policies import secure

revision = "0004"
down_revision = "0003"

STATES = ("locked_at", "deactivated_at", "erased_at", "invited_at")

# Businesses that were open before get the roles that one opened today begins with; their staff keep what they may do.
OFFERED = """
insert into roles (id, business_id, key, name, description, permissions, added_at)
select gen_random_uuid(), b.id, o.key, o.name, '', o.permissions::text[], now()
from businesses b, (values
    ('project_manager', 'Project manager', '{projects,hours,own_leave}'),
    ('account_manager', 'Account manager', '{clients,tickets,own_leave}'),
    ('team_lead', 'Team lead', '{staff,hours,own_leave}'),
    ('accountant', 'Accountant', '{invoicing,hours,own_leave}'),
    ('support', 'Support', '{tickets,own_leave}'),
    ('employee', 'Employee', '{}')
) as o (key, name, permissions)
"""
GIVEN = """
update accounts set extra_permissions = accounts.permissions, role_id = r.id
from roles r where accounts.kind = 'staff' and r.business_id = accounts.business_id and r.key = 'employee'
"""
COMPANIES = """
insert into client_companies (person_id, company_id, business_id, added_at)
select a.person_id, a.company_id, a.business_id, p.added_at
from accounts a join parties p on p.id = a.person_id where a.company_id is not null
"""


def upgrade() -> None:
    _roles()
    _companies_of_clients()
    _email_changes()
    _accounts()
    op.execute(OFFERED)
    op.execute(GIVEN)
    op.execute(COMPANIES)


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", postgresql.CITEXT(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_roles_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_roles_business_id")),
    )
    secure("roles")


def _companies_of_clients() -> None:
    op.create_table(
        "client_companies",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["accounts.person_id"], name=op.f("fk_client_companies_person_id")),
        sa.ForeignKeyConstraint(["company_id"], ["parties.id"], name=op.f("fk_client_companies_company_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_client_companies_business_id")),
        sa.PrimaryKeyConstraint("person_id", "company_id", name=op.f("pk_client_companies")),
    )
    op.create_index("ix_client_companies_company_id", "client_companies", ["company_id"])
    secure("client_companies")


def _email_changes() -> None:
    op.create_table(
        "email_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["accounts.person_id"], name=op.f("fk_email_changes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_changes")),
    )
    op.create_index(
        "uq_email_changes_open",
        "email_changes",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    secure("email_changes")


def _accounts() -> None:
    for name in STATES:
        op.add_column("accounts", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("phone", "address"):
        op.add_column("accounts", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("role_id", sa.Uuid(), sa.ForeignKey("roles.id"), nullable=True))
    for name in ("linked_id", "successor_id"):
        reference = sa.ForeignKey("accounts.person_id", name=op.f(f"fk_accounts_{name}"))
        op.add_column("accounts", sa.Column(name, sa.Uuid(), reference, nullable=True))
    texts = postgresql.ARRAY(sa.Text())
    extra: sa.Column[list[str]] = sa.Column("extra_permissions", texts, nullable=False, server_default="{}")
    op.add_column("accounts", extra)
    op.create_index("ix_accounts_role_id", "accounts", ["role_id"])
    op.create_index("ix_accounts_linked_id", "accounts", ["linked_id"])
    op.create_index("ix_parties_name", "parties", ["business_id", "name", "id"])
    op.alter_column("accounts", "password_hash", nullable=True)
    # Who becomes an admin stays the same party: the account's kind goes with the party's.
    op.drop_constraint("fk_accounts_person_id_kind", "accounts", type_="foreignkey")
    op.create_foreign_key(
        "fk_accounts_person_id_kind", "accounts", "parties", ["person_id", "kind"], ["id", "kind"], onupdate="CASCADE"
    )
