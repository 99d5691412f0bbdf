"""People have weeks of their own, and days are worked in exchange for others."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.migrations.policies import secure

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "employee_weeks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.SmallInteger()), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["parties.id"], name=op.f("fk_employee_weeks_person_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_employee_weeks_business_id")),
        sa.PrimaryKeyConstraint("person_id", "since", name=op.f("pk_employee_weeks")),
        sa.CheckConstraint(
            "cardinality(days) = 7 and 0 <= all (days) and 3 >= all (days)", name=op.f("ck_employee_weeks_days")
        ),
    )
    op.create_index("ix_employee_weeks_business_id", "employee_weeks", ["business_id"])
    secure("employee_weeks")
    op.add_column("holidays", sa.Column("instead_of", sa.Date(), nullable=True))
    op.drop_constraint("ck_holidays_change", "holidays")
    op.create_check_constraint(
        op.f("ck_holidays_change"), "holidays", "change in ('added', 'renamed', 'removed', 'worked')"
    )
