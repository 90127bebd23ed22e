-- What the roles of roles.sql may do, made anew after the migrations in one transaction. A role that does not exist is
-- passed over: with a single user for everything, that user owns the tables and nothing has to be granted.
do $$
declare
    place       text := quote_ident(current_schema());
    -- The program may add to these and read them. No right to update, delete or truncate: that includes row locks.
    append_only constant text[] := array['redemptions'];
    -- The program may only read these.
    fixed       constant text[] := array['_sqlx_migrations', 'apalis._sqlx_migrations', 'code_secret'];
    -- What reports may read. A new table is not among them until it is named here: it may hold secrets.
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
