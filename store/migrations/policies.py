"""Row security: PostgreSQL itself hides what belongs to another business, whatever a query forgets to say.

The hub works as the role ``atrium_app``, which owns nothing, so policies hold for it; backups and migrations run as the
owner, for whom they don't. What a transaction may see is the setting ``atrium.scope``: identifiers of businesses
separated by commas, ``*`` for the installation's own work, empty for nothing.
"""

from alembic import op

# A scalar subquery is worked out once for a statement, not once for a row.
_EVERYWHERE = "(select coalesce(current_setting('atrium.scope', true), '') = '*')"
_WITHIN = """{column} = any ((select case when coalesce(current_setting('atrium.scope', true), '') in ('', '*')
    then '{{}}'::uuid[] else string_to_array(current_setting('atrium.scope', true), ',')::uuid[] end)::uuid[])"""


def secure(table: str, *, column: str | None = "business_id", beside: str = "") -> None:
    """Hide a table's rows from every business but their own; without a column, from every business.

    ``beside`` says in SQL what may be read besides.
    """
    within = [] if column is None else [_WITHIN.format(column=column)]
    op.execute(f"alter table {table} enable row level security")
    op.execute(
        f"create policy own_business on {table} "
        f"using ({' or '.join([_EVERYWHERE, *within, *filter(None, [beside])])}) "
        f"with check ({' or '.join([_EVERYWHERE, *within])})"
    )


def secure_partitions() -> None:
    """Hide partitions from whoever asks them by their own names: what is asked of their table obeys its policies, what
    is asked of themselves obeys none. The role that the hub works as has no rights to them either (``GRANTS``)."""
    op.execute(_PARTITIONS)


_PARTITIONS = """
do $$
declare
    partition regclass;
begin
    for partition in select oid from pg_class where relispartition and relkind in ('r', 'p')
        and relnamespace = 'public'::regnamespace
    loop
        begin
            execute format('alter table %s enable row level security', partition);
        exception when insufficient_privilege then
            raise notice '% belongs to somebody else, who enables row security on it', partition;
        end;
    end loop;
end $$
"""
