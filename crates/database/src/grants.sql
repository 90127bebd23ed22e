-- The rights of the roles in roles.sql, granted again after each run of the migrations, in one transaction. Roles that
-- do not exist are skipped: a single user for everything owns the tables and needs no grants.
do $$
declare
    place       text := quote_ident(current_schema());
    -- The program may insert into and read these. It has no right to update, delete, truncate, or lock rows.
    append_only constant text[] := array['redemptions', 'audit_log'];
    -- The program may only read these.
    fixed       constant text[] := array['_sqlx_migrations', 'apalis._sqlx_migrations', 'code_secret'];
    -- Reports may read these. New tables must be added by name, because they may hold secrets.
    for_reports constant text[] := array[
        'code_batches', 'forecast_accuracy', 'offer_counters', 'offer_customers', 'offer_daily', 'offer_forecasts',
        'offer_refusals', 'offers', 'redemption_codes', 'redemption_orders', 'redemptions', 'reservations'];
    name text;
begin
    if to_regrole('offercast_app') is not null then
        execute format('grant usage on schema %s, apalis to offercast_app', place);
        execute format('revoke all on all tables in schema %s, apalis from offercast_app', place);
        execute format('grant select, insert, update, delete on all tables in schema %s, apalis to offercast_app', place);
        execute format('grant usage, select on all sequences in schema %s, apalis to offercast_app', place);
        foreach name in array append_only loop
            execute format('revoke update, delete on %s from offercast_app', name::regclass);
        end loop;
        foreach name in array fixed loop
            execute format('revoke insert, update, delete on %s from offercast_app', name::regclass);
        end loop;
        grant execute on function offercast_analyze() to offercast_app;
    end if;
    if to_regrole('offercast_reader') is not null then
        execute format('grant usage on schema %s to offercast_reader', place);
        execute format('revoke all on all tables in schema %s, apalis from offercast_reader', place);
        foreach name in array for_reports loop
            execute format('grant select on %s to offercast_reader', name::regclass);
        end loop;
    end if;
end
$$;
