"""What a business's files take is counted, those on their way included, and bounded by a quota.

Triggers count, so that it is right whoever adds or deletes: a version before, housekeeping, somebody by hand. An upload
counts from its announcement on; that it becomes a file changes nothing, so only beginning, giving up and removing wait
for each other, and for no transfer. The names are qualified: restoring a backup works without a search path.
"""

import sqlalchemy as sa
from alembic import op

from store.migrations.policies import secure

revision = "0022"
down_revision = "0021"

COUNT_MORE = """
    insert into public.quotas as counted (business_id, used_bytes)
    select business_id, sum(size) from came where {counts} group by business_id order by business_id
    on conflict (business_id) do update set used_bytes = counted.used_bytes + excluded.used_bytes;
"""
COUNT_LESS = """
    update public.quotas as counted set used_bytes = counted.used_bytes - gone.bytes
    from (select business_id, sum(size) as bytes from went where {counts} group by business_id) as gone
    where counted.business_id = gone.business_id;
"""
UNFINISHED = "received < size"
NOT_ANNOUNCED = "not exists (select from public.uploads where uploads.id = came.id)"
TRIGGERS = (
    ("count_announced", "insert on uploads referencing new table as came", COUNT_MORE.format(counts=UNFINISHED)),
    ("count_given_up", "delete on uploads referencing old table as went", COUNT_LESS.format(counts=UNFINISHED)),
    ("count_added", "insert on files referencing new table as came", COUNT_MORE.format(counts=NOT_ANNOUNCED)),
    ("count_removed", "delete on files referencing old table as went", COUNT_LESS.format(counts="true")),
)
COUNT_ALL = """
insert into quotas (business_id, used_bytes, own_gb)
select business_id, sum(size), case when sum(size) > 50e9 then ceil(sum(size) / 5e8) end
from (select business_id, size from files
      union all select business_id, size from uploads where received < size) as held
group by business_id
"""
"""Who has much already may have twice as much: nobody is stopped by this version."""


def upgrade() -> None:
    op.add_column("installation_settings", sa.Column("quota_gb", sa.Integer(), nullable=True, server_default="100"))
    op.create_table(
        "quotas",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("used_bytes", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("own_gb", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_quotas_business_id")),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_quotas")),
    )
    secure("quotas")
    for name, when, what in TRIGGERS:
        op.execute(f"create function {name}() returns trigger language plpgsql as $$ begin {what} return null; end $$")
        op.execute(f"create trigger {name} after {when} for each statement execute function {name}()")
    # From here on whoever adds or deletes waits for this migration: nothing is missed, nothing counted twice.
    op.execute(COUNT_ALL)
