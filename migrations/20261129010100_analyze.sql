-- After an import the planner should not learn of a million new rows only when autovacuum comes by. ANALYZE takes the owner
-- of the tables, which the application's role is not.
do $do$
begin
    execute format(
        'create function offercast_analyze() returns void language plpgsql security definer set search_path = %I, pg_temp as
         $$ begin analyze offers, offer_counters, offer_daily, redemptions; end $$',
        current_schema());
end
$do$;
revoke execute on function offercast_analyze() from public;
