"""People, rooms and the log exist.

``append_events`` draws offsets and stores events in one round trip: logs are locked in name order, and a log's first
event starts it, in an epoch of its own.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

APPEND_EVENTS = """
create function append_events(entries jsonb) returns table (nr integer, epoch text, "offset" bigint)
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
                    (stream, "offset", recorded_at, business_id, name, audience, actor_id, subject_id, body)
                select recorded.stream, place, (value ->> 'recorded_at')::timestamptz,
                       (value ->> 'business_id')::uuid, value ->> 'name', value ->> 'audience',
                       (value ->> 'actor_id')::uuid, (value ->> 'subject_id')::uuid, value -> 'body'
                from placed
            )
            select ordinality, log_epoch, place from placed;
    end loop;
end $$
"""


def upgrade() -> None:
    for extension in ("citext", "btree_gist", "pg_trgm"):
        op.execute(f"create extension if not exists {extension}")
    _people()
    _log()
    _accounts()
    _signing_in()
    _processes()
    _rooms()
    _messages()
    _tasks()
    _entries()


def _people() -> None:
    op.create_table(
        "businesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
    )
    op.create_table(
        "parties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", postgresql.CITEXT(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'superadmin') = (business_id is null)", name=op.f("ck_parties_business")),
        sa.CheckConstraint(
            "kind in ('superadmin', 'admin', 'staff', 'client', 'company')", name=op.f("ck_parties_kind")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_parties_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
        sa.UniqueConstraint("email", name=op.f("uq_parties_email")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_parties_id_kind")),
    )
    op.create_index(op.f("ix_parties_business_id"), "parties", ["business_id"], unique=False)


def _log() -> None:
    op.create_table(
        "events",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.PrimaryKeyConstraint("stream", "offset", "recorded_at", name=op.f("pk_events")),
        postgresql_partition_by="RANGE (recorded_at)",
    )
    op.create_index("ix_events_stream_subject", "events", ["stream", "subject_id"], unique=False)
    op.create_table(
        "logs",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_logs")),
    )
    op.execute("create table events_default partition of events default")
    op.execute(APPEND_EVENTS)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind <> 'company'", name=op.f("ck_accounts_person")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_accounts_business_id")),
        sa.ForeignKeyConstraint(["company_id"], ["parties.id"], name=op.f("fk_accounts_company_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "kind"], ["parties.id", "parties.kind"], name=op.f("fk_accounts_person_id_kind")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_business_id"), "accounts", ["business_id"], unique=False)


def _signing_in() -> None:
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_attempts_email_at", "sign_in_attempts", ["email", "at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["accounts.person_id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sessions_token_digest")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], unique=False)


def _processes() -> None:
    op.create_table(
        "processes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_processes_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_index("uq_processes_business_key", "processes", ["business_id", "key"], unique=True)
    op.create_table(
        "stages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.CheckConstraint("\"of\" in ('room', 'task')", name=op.f("ck_stages_of")),
        sa.ForeignKeyConstraint(["process_id"], ["processes.id"], name=op.f("fk_stages_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stages")),
    )
    op.create_index("ix_stages_process", "stages", ["process_id", "of", "position"], unique=False)


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("default_audience", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_rooms_business_id")),
        sa.ForeignKeyConstraint(["company_id"], ["parties.id"], name=op.f("fk_rooms_company_id")),
        sa.ForeignKeyConstraint(["process_id"], ["processes.id"], name=op.f("fk_rooms_process_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_rooms_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
    )
    op.create_index("ix_rooms_business", "rooms", ["business_id", "archived_at", "id"], unique=False)
    op.create_index(op.f("ix_rooms_company_id"), "rooms", ["company_id"], unique=False)
    op.create_index(
        "ix_rooms_title",
        "rooms",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "members",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["parties.id"], name=op.f("fk_members_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_members_room_id")),
        sa.PrimaryKeyConstraint("room_id", "person_id", name=op.f("pk_members")),
    )
    op.create_index("ix_members_person", "members", ["person_id", "left_at"], unique=False)


def _messages() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("attachments", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["parties.id"], name=op.f("fk_messages_author_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_messages_business_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_messages_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(
        "ix_messages_body",
        "messages",
        ["body"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"body": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_messages_business_id"), "messages", ["business_id"], unique=False)
    op.create_index("ix_messages_room", "messages", ["room_id", "posted_at", "id"], unique=False)


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["parties.id"], name=op.f("fk_tasks_assignee_id")),
        sa.ForeignKeyConstraint(["author_id"], ["parties.id"], name=op.f("fk_tasks_author_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_tasks_business_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_tasks_room_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_tasks_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_assignee", "tasks", ["assignee_id", "completed_at"], unique=False)
    op.create_index(op.f("ix_tasks_business_id"), "tasks", ["business_id"], unique=False)
    op.create_index("ix_tasks_room", "tasks", ["room_id", "created_at"], unique=False)
    op.create_index(
        "ix_tasks_title",
        "tasks",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.literal_column("tstzrange(started_at, stopped_at)"), "&&"),
            using="gist",
            name="ex_entries_overlap",
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_entries_business_id")),
        sa.ForeignKeyConstraint(["person_id"], ["parties.id"], name=op.f("fk_entries_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_entries_room_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_entries_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index(op.f("ix_entries_business_id"), "entries", ["business_id"], unique=False)
    op.create_index("ix_entries_person", "entries", ["person_id", "started_at"], unique=False)
    op.create_index("ix_entries_room", "entries", ["room_id", "started_at"], unique=False)
    op.create_index("ix_entries_task", "entries", ["task_id"], unique=False)
    op.create_index(
        "uq_entries_running", "entries", ["person_id"], unique=True, postgresql_where=sa.text("stopped_at is null")
    )
