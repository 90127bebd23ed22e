-- Creates or updates the roles of a database; safe to run again. Run it as a superuser in the database itself, with
-- these settings (psql takes them in PGOPTIONS): offercast.owner, the name of the owner, and offercast.owner_password,
-- offercast.application_password, offercast.reader_password. The rights on tables are in grants.sql, which `offercast
-- migrate` runs.
--
--   owner               schema and migrations
--   offercast_app       the program: not a superuser, cannot change the schema or entries of the ledger
--   offercast_reader    reports: read-only, and not all tables
do $$
declare
    owner text := current_setting('offercast.owner');
    item  record;
begin
    for item in select * from (values
        (owner, current_setting('offercast.owner_password')),
        ('offercast_app', current_setting('offercast.application_password')),
        ('offercast_reader', current_setting('offercast.reader_password'))) as roles (name, password)
    loop
        if to_regrole(quote_ident(item.name)) is null then
            execute format('create role %I', item.name);
        end if;
        execute format('alter role %I login nosuperuser nocreaterole noreplication nobypassrls password %L',
                       item.name, item.password);
    end loop;
    -- The owner may also act with the rights of the program.
    execute format('grant offercast_app to %I', owner);
    alter role offercast_reader set default_transaction_read_only = on;

    execute format('alter database %I owner to %I', current_database(), owner);
    execute format('revoke temporary on database %I from public', current_database());
    execute format('grant temporary on database %I to offercast_app', current_database());
    execute format('grant all on schema public to %I', owner);
    revoke create on schema public from public;

    -- Objects created by a superuser from the time when that was the program's only role.
    if to_regnamespace('apalis') is not null then
        execute format('alter schema apalis owner to %I', owner);
    end if;
    for item in
        select 'table' as kind, c.oid::regclass::text as name from pg_class c
        where c.relkind in ('r', 'p') and c.relnamespace in (to_regnamespace('public'), to_regnamespace('apalis'))
          and c.relowner <> to_regrole(quote_ident(owner)) and c.relowner = to_regrole(quote_ident(current_user))
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        union all
        select 'function', p.oid::regprocedure::text from pg_proc p
        where p.prokind = 'f' and p.pronamespace in (to_regnamespace('public'), to_regnamespace('apalis'))
          and p.proowner <> to_regrole(quote_ident(owner)) and p.proowner = to_regrole(quote_ident(current_user))
          and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    loop
        execute format('alter %s %s owner to %I', item.kind, item.name, owner);
    end loop;
end
$$;
