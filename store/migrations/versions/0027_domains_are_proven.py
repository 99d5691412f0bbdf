"""A domain that a business's service names takes effect once it is proven. What was in use is kept where nobody else
is concerned."""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0027"
down_revision = "0026"

# Kept is what one business alone names, and no other business's people have as their address. Anybody else's would be
# taken to a service that isn't theirs.
CLAIM = """
with named as (
    select distinct p.business_id, unnest(p.domains) as name from providers p where p.business_id is not null
), used as (
    select distinct a.business_id, lower(substring(p.email::text from '@([^@]*)$')) as name
    from accounts a join parties p on p.id = a.person_id
    where a.business_id is not null and a.deactivated_at is null and p.email is not null
), claimed as (
    select n.business_id, n.name,
        not exists (select from named o where o.name = n.name and o.business_id <> n.business_id)
        and not exists (select from used u where u.name = n.name and u.business_id <> n.business_id) as kept
    from named n
)
insert into domains (business_id, name, token, proven_at, how)
select business_id, name, replace(gen_random_uuid()::text, '-', ''), case when kept then now() end,
    case when kept then 'kept' end
from claimed
"""


def upgrade() -> None:
    op.create_table(
        "domains",
        sa.Column("business_id", sa.Uuid(), sa.ForeignKey("businesses.id"), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
    )
    proven = sa.text("proven_at is not null")
    op.create_index("uq_domains_proven", "domains", ["name"], unique=True, postgresql_where=proven)
    op.create_index("ix_domains_looked_at", "domains", ["looked_at"], postgresql_where=sa.text("how = 'record'"))
    op.execute(CLAIM)
    secure("domains")
