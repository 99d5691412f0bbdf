"""The role that the hub works as. Wherever it is there it is given what it needs, each time tables are migrated."""

from store.scopes import ROLE

# Roles belong to the whole server: another database may have made it, or be making it now.
CREATE_ROLE = f"""
do $$ begin
    create role {ROLE} nologin;
exception when duplicate_object or unique_violation or insufficient_privilege then null;
end $$
"""
PARTITIONS = """
select oid from pg_class where relispartition and relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
"""
GRANTS = f"""
do $$
declare
    partition regclass;
begin
    if not exists (select from pg_roles where rolname = '{ROLE}') then
        raise notice 'There is no role {ROLE}, so row security is not in force; see docs/operations.md.';
        return;
    end if;
    grant usage on schema public to {ROLE};
    grant select, insert, update, delete on all tables in schema public to {ROLE};
    -- What is asked of a partition by its own name doesn't obey its table's policies.
    for partition in {PARTITIONS} loop
        begin
            execute format('revoke all on %s from {ROLE}', partition);
        exception when insufficient_privilege then null;  -- the doctor names it
        end;
    end loop;
    grant usage, select on all sequences in schema public to {ROLE};
    grant execute on all functions in schema public to {ROLE};
    alter default privileges in schema public grant select, insert, update, delete on tables to {ROLE};
    alter default privileges in schema public grant usage, select on sequences to {ROLE};
    alter default privileges in schema public grant execute on functions to {ROLE};
    if not pg_has_role(current_user, '{ROLE}', 'set') then
        execute format('grant {ROLE} to %I', current_user);
    end if;
exception when insufficient_privilege then
    raise notice 'Rights could not be given to the role {ROLE}; see docs/operations.md.';
end $$
"""  # noqa: S608 - names of our own
