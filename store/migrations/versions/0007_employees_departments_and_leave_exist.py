"""Employees' cards, departments and leave exist, and a business has a country and a working week."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.migrations.policies import secure

revision = "0007"
down_revision = "0006"

PARTY = "parties.id"
TABLES = (
    "employee_statuses", "employees", "card_readings", "departments", "department_deputies", "department_members",
    "leave_kinds", "leave_allowances", "leaves", "holidays", "calendar_feeds",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("businesses", sa.Column("country", sa.Text(), nullable=True))
    op.add_column(
        "businesses",
        sa.Column("working_week", postgresql.ARRAY(sa.SmallInteger()), nullable=False, server_default="{1,2,3,4,5}"),
    )
    _departments()
    _employees()
    _leave()
    for table in TABLES:
        secure(table)


def _departments() -> None:
    op.create_table(
        "departments",
        *_own("departments"),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_departments_parent")),
        _to("departments", "parent_id", "departments.id"),
        _to("departments", "head_id", PARTY),
        sa.UniqueConstraint(
            "business_id",
            "parent_id",
            "name",
            name=op.f("uq_departments_business_id_parent_id_name"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_departments_parent_id", "departments", ["parent_id"])
    for table, more in (
        ("department_deputies", ()),
        ("department_members", (sa.Column("main", sa.Boolean(), nullable=False),)),
    ):
        op.create_table(
            table,
            sa.Column("department_id", sa.Uuid(), nullable=False),
            sa.Column("person_id", sa.Uuid(), nullable=False),
            sa.Column("business_id", sa.Uuid(), nullable=False),
            *more,
            _to(table, "department_id", "departments.id"),
            _to(table, "person_id", PARTY),
            _to(table, "business_id", "businesses.id"),
            sa.PrimaryKeyConstraint("department_id", "person_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])
        op.create_index(f"ix_{table}_business_id", table, ["business_id"])
    op.create_index(
        "uq_department_members_main", "department_members", ["person_id"], unique=True, postgresql_where=sa.text("main")
    )


def _employees() -> None:
    op.create_table(
        "employee_statuses",
        *_own("employee_statuses"),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_employee_statuses_business_id_name")),
    )
    op.create_table(
        "employees",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("surname", "first_name", "patronymic", "position", "work_phone", "mobile_phone", "fax")
        ),
        sa.Column("messengers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("employed_from", sa.Date(), nullable=True),
        sa.Column("employed_until", sa.Date(), nullable=True),
        sa.Column("status_id", sa.Uuid(), nullable=True),
        sa.Column("hidden", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _to("employees", "person_id", PARTY),
        _to("employees", "business_id", "businesses.id"),
        _to("employees", "status_id", "employee_statuses.id"),
        sa.CheckConstraint("employed_until >= employed_from", name=op.f("ck_employees_employed")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_employees")),
    )
    op.create_index("ix_employees_business_id", "employees", ["business_id"])
    op.create_table(
        "card_readings",
        *_own("card_readings"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("impersonator_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _to("card_readings", "person_id", PARTY),
        _to("card_readings", "reader_id", PARTY),
        sa.CheckConstraint("act in ('read', 'changed')", name=op.f("ck_card_readings_act")),
    )
    op.create_index("ix_card_readings_person_id_at", "card_readings", ["person_id", "at"])


def _leave() -> None:
    _allowances()
    _leaves()
    _calendars()


def _allowances() -> None:
    op.create_table(
        "leave_kinds",
        *_own("leave_kinds"),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("paid", "counted", "approved", "private")),
        sa.Column("days_a_year", sa.Numeric(5, 1), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_leave_kinds_business_id_name")),
    )
    op.create_table(
        "leave_allowances",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("entitled", sa.Numeric(5, 1), nullable=False),
        sa.Column("carried", sa.Numeric(5, 1), nullable=False),
        _to("leave_allowances", "person_id", PARTY),
        _to("leave_allowances", "kind_id", "leave_kinds.id"),
        _to("leave_allowances", "business_id", "businesses.id"),
        sa.PrimaryKeyConstraint("person_id", "kind_id", "year", name=op.f("pk_leave_allowances")),
    )
    op.create_index("ix_leave_allowances_business_id_year", "leave_allowances", ["business_id", "year"])


def _leaves() -> None:
    op.create_table(
        "leaves",
        *_own("leaves"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("starts_at_noon", sa.Boolean(), nullable=False),
        sa.Column("ends_at_noon", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("days", postgresql.JSONB(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_leaves_period")),
        sa.CheckConstraint(
            "state in ('requested', 'approved', 'refused', 'withdrawn', 'cancelled')", name=op.f("ck_leaves_state")
        ),
        _to("leaves", "person_id", PARTY),
        _to("leaves", "kind_id", "leave_kinds.id"),
        _to("leaves", "asked_by", PARTY),
        _to("leaves", "decided_by", PARTY),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (
                sa.text(
                    "tsrange(starts_on + case when starts_at_noon then interval '12 hours' else interval '0' end,"
                    " ends_on + case when ends_at_noon then interval '12 hours' else interval '24 hours' end)"
                ),
                "&&",
            ),
            where=sa.text("state in ('requested', 'approved')"),
            using="gist",
            name="ex_leaves_overlap",
        ),
    )
    op.create_index("ix_leaves_person_id_starts_on", "leaves", ["person_id", "starts_on"])
    op.create_index("ix_leaves_business_id_ends_on", "leaves", ["business_id", "ends_on"])


def _calendars() -> None:
    op.create_table(
        "holidays",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("change in ('added', 'renamed', 'removed')", name=op.f("ck_holidays_change")),
        _to("holidays", "business_id", "businesses.id"),
        sa.PrimaryKeyConstraint("business_id", "day", name=op.f("pk_holidays")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        _to("calendar_feeds", "person_id", PARTY),
        _to("calendar_feeds", "business_id", "businesses.id"),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feeds_digest")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
    )


def _own(table: str) -> "list[sa.schema.SchemaItem]":
    """An identifier, and the business that it belongs to."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _to(table, "business_id", "businesses.id"),
    ]


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
