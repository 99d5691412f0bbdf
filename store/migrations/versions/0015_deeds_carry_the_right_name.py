"""Deeds carry the right name: an event says who really did it and in whose name, and so does what bears a name. An
account remembers that it was locked from above, and whose of the team it was until they left."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0017"

APPEND_EVENTS = """
create or replace function append_events(entries jsonb) returns table (nr integer, epoch text, "offset" bigint)
language plpgsql as $$
declare
    recorded record;
    log_epoch text;
    log_head bigint;
begin
    for recorded in
        select e.value ->> 'stream' as stream, (array_agg(e.value ->> 'business_id'))[1]::uuid as business_id,
               count(*) as events
        from jsonb_array_elements(entries) as e (value)
        group by e.value ->> 'stream' order by (e.value ->> 'stream') collate "C"
    loop
        insert into logs as log (stream, business_id, epoch, head)
        values (recorded.stream, recorded.business_id, substr(md5(gen_random_uuid()::text), 1, 12), recorded.events)
        on conflict (stream) do update set head = log.head + excluded.head
        returning log.epoch, log.head into log_epoch, log_head;
        return query
            with placed as (
                select e.value, e.ordinality::integer as ordinality,
                       log_head - recorded.events + row_number() over (order by e.ordinality) as place
                from jsonb_array_elements(entries) with ordinality as e (value, ordinality)
                where e.value ->> 'stream' = recorded.stream
            ), stored as (
                insert into events
                    (stream, "offset", recorded_at, business_id, name, audience, actor_id, on_behalf_of, actor_name,
                     subject_id, body)
                select recorded.stream, place, (value ->> 'recorded_at')::timestamptz,
                       (value ->> 'business_id')::uuid, value ->> 'name', value ->> 'audience',
                       (value ->> 'actor_id')::uuid, (value ->> 'on_behalf_of')::uuid, value ->> 'actor_name',
                       (value ->> 'subject_id')::uuid, value -> 'body'
                from placed
            )
            select ordinality, log_epoch, place from placed;
    end loop;
end $$
"""
SIGNED = ("messages", "tasks", "files", "entries", "mentions", "company_notes", "invitations", "leaves")
"""What bears somebody's name."""

LOCKED_BEFORE = """
update accounts set locked_above = true where exists (
    select from journal where what = 'admin_deactivated' and person_id = accounts.person_id and at = accounts.locked_at
)
"""


def upgrade() -> None:
    op.add_column("events", sa.Column("on_behalf_of", sa.Uuid(), nullable=True))
    op.add_column("events", sa.Column("actor_name", sa.Text(), nullable=True))
    op.create_index(
        "ix_events_named",
        "events",
        ["actor_id", "recorded_at"],
        postgresql_where=sa.text("actor_name is not null"),
    )
    op.execute(APPEND_EVENTS)
    for table in SIGNED:
        op.add_column(table, sa.Column("acted_by", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("messages", sa.Column("edited_by", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("leaves", sa.Column("decision_acted_by", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("impersonations", sa.Column("deeds", sa.Integer(), nullable=True))
    op.add_column("accounts", sa.Column("locked_above", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("accounts", sa.Column("linked_before_id", sa.Uuid(), nullable=True))
    op.execute(LOCKED_BEFORE)
