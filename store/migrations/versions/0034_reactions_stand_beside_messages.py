"""Reactions stand beside messages: each emoji under a message is a row, with those who gave it.

Until now a message's row had all of them in a column of its own. That stays for hubs of the version before, which read
and write it as long as they run beside this one: a trigger carries over what they change. What this version changes
isn't in it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from store.migrations.policies import secure

revision = "0034"
down_revision = "0033"

# What one value of the column has and another hasn't.
READ = """
create function reactions_in(kept jsonb, but jsonb) returns table (emoji text, place int, person_ids uuid[])
language sql as $$
    select each ->> 'emoji', nr::int, array(
        select id::uuid from jsonb_array_elements_text(each -> 'person_ids') with ordinality as ids (id, nr)
        where not exists (
            select from jsonb_array_elements(but) as other
            where other ->> 'emoji' = each ->> 'emoji' and other -> 'person_ids' ? id
        ) order by nr
    ) from jsonb_array_elements(kept) with ordinality as them (each, nr)
$$
"""
CARRY = """
create function carry_reactions() returns trigger language plpgsql as $$ begin
    update public.reactions as standing set person_ids = array(
        select id from unnest(standing.person_ids) with ordinality as ids (id, nr)
        where id <> all (gone.person_ids) order by nr
    ) from public.reactions_in(old.reactions, new.reactions) as gone
    where standing.message_id = new.id and standing.emoji = gone.emoji;
    delete from public.reactions where message_id = new.id and person_ids = '{}';
    insert into public.reactions as standing (id, business_id, message_id, emoji, place, person_ids)
    select gen_random_uuid(), new.business_id, new.id, came.emoji, came.place + coalesce(
        (select max(reactions.place) from public.reactions where reactions.message_id = new.id), 0
    ), came.person_ids from public.reactions_in(new.reactions, old.reactions) as came where came.person_ids <> '{}'
    on conflict (message_id, emoji) do update set person_ids = standing.person_ids || array(
        select id from unnest(excluded.person_ids) as ids (id) where id <> all (standing.person_ids)
    );
    return null;
end $$
"""
CARRY_ALL = """
insert into reactions (id, business_id, message_id, emoji, place, person_ids)
select gen_random_uuid(), message.business_id, message.id, given.emoji, given.place, given.person_ids
from messages as message, reactions_in(message.reactions, '[]') as given
where message.reactions <> '[]'
"""


def upgrade() -> None:
    op.create_table(
        "reactions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_id", sa.Uuid(), sa.ForeignKey("businesses.id"), nullable=False),
        sa.Column("message_id", sa.Uuid(), sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.UniqueConstraint("message_id", "emoji", name=op.f("uq_reactions_message_id_emoji")),
    )
    secure("reactions")
    op.execute(READ)
    op.execute(CARRY)
    op.execute(
        "create trigger carry_reactions after update of reactions on messages for each row "
        "when (new.reactions is distinct from old.reactions) execute function carry_reactions()"
    )
    # From here on whoever reacts waits for this migration: nothing is missed.
    op.execute(CARRY_ALL)
