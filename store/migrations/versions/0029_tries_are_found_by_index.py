"""Tries are found by index under row security, which lets no comparison of ``citext`` and no pattern look at a row
before it: an account by its e-mail as plain text, an IPv6 site by a range of bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    # Derived by the database, so that it is there in what a version before writes, too.
    account = sa.Column("account", sa.Text(), sa.Computed("lower(email::text)", persisted=True), nullable=False)
    op.add_column("sign_in_attempts", account)
    op.create_index("ix_sign_in_attempts_account", "sign_in_attempts", ["account", "at"])
    op.create_index(
        "ix_sign_in_attempts_address",
        "sign_in_attempts",
        ["address", "at"],
        postgresql_ops={"address": "text_pattern_ops"},
    )
    op.drop_index("ix_sign_in_attempts_email_at")
    op.drop_index("ix_sign_in_attempts_address_at")
