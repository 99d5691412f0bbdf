"""Businesses show themselves: a profile and a logo; companies have contacts, notes and what they use."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0009"
down_revision = "0008"

TEXTS = (
    "header", "footer_left", "footer_right", "address", "tax_id", "registration_number", "bank_account", "phone",
    "email", "website", "meetings_url",
)  # fmt: skip
OF_A_COMPANY = ("phone", "address", "tax_id", "website", "note")
# Companies that were there before have their rows too.
COMPANIES = "insert into companies (id, business_id) select id, business_id from parties where kind = 'company'"


def upgrade() -> None:
    _profile()
    _companies()
    _services()
    _first_steps()
    for table in ("companies", "contacts", "company_notes", "services", "subscriptions", "hidden_checklists"):
        secure(table)


def _profile() -> None:
    for name in TEXTS:
        op.add_column("businesses", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for column in (
        sa.Column("currency", sa.Text(), nullable=False, server_default="EUR"),
        sa.Column("hours_a_day", sa.Numeric(4, 2), nullable=False, server_default="8"),
        sa.Column("logo", sa.Text(), nullable=True),
        sa.Column("meetings_key", sa.LargeBinary(), nullable=True),
        sa.Column("shown_at_sign_in", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("businesses", column)


def _companies() -> None:
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in OF_A_COMPANY),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["parties.id"], name=op.f("fk_companies_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_companies_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.execute(COMPANIES)
    _of_companies(
        "contacts",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "role", "phone", "email")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    _of_companies(
        "company_notes",
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["parties.id"], name=op.f("fk_company_notes_author_id")),
    )


def _services() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_services_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_services_business_id_name")),
    )
    _of_companies(
        "subscriptions",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_subscriptions_service_id")),
        sa.UniqueConstraint("company_id", "service_id", name=op.f("uq_subscriptions_company_id_service_id")),
    )
    op.create_index("ix_subscriptions_service_id", "subscriptions", ["service_id"])


def _first_steps() -> None:
    op.create_table(
        "hidden_checklists",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["parties.id"], name=op.f("fk_hidden_checklists_person_id")),
        sa.PrimaryKeyConstraint("person_id", "business_id", name=op.f("pk_hidden_checklists")),
    )


def _of_companies(table: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f(f"fk_{table}_business_id")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["parties.id"], name=op.f(f"fk_{table}_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_company_id", table, ["company_id"])
