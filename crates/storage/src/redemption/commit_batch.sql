-- Writes the batches of several offers: per offer its counters, roll-ups, ledger entries, redeemed orders, stored
-- responses and the forecast job, or nothing if its counters have changed since the batch was decided.
-- `skip locked`: an offer that another transaction has locked is left out instead of waited for, so that no offer
-- delays another and no two statements deadlock.
with batch as (
    select * from unnest($1::bigint[], $2::timestamptz[], $3::date[], $4::numeric[], $5::bigint[],
                         $6::numeric[], $7::bigint[], $8::bigint[], $9::numeric[], $10::numeric[],
                         $11::bigint[], $12::numeric[], $13::interval[], $14::bytea[])
         as b (id, decided_at, day, budget, was_redeemed, was_spent, terms_version, redeemed, spent,
               held, accepted, given, forecast_in, forecast_payload)),
current_batch as (
    select b.* from batch b join offer_counters c on c.offer_id = b.id
    where c.redeemed = b.was_redeemed and c.spent = b.was_spent and c.terms_version = b.terms_version
    for update of c skip locked),
counters as (
    update offer_counters c set redeemed = b.redeemed, spent = b.spent
    from current_batch b where c.offer_id = b.id
    returning b.*),
daily as (
    insert into offer_daily (offer_id, day, redemptions, discount)
    select id, day, accepted, given from counters where accepted > 0
    on conflict (offer_id, day) do update
    set redemptions = offer_daily.redemptions + excluded.redemptions,
        discount = offer_daily.discount + excluded.discount),
refusals as (
    insert into offer_refusals (offer_id, day, reason, refusals, discount)
    select id, day, reason, times, missed
    from unnest($15::bigint[], $16::text[], $17::bigint[], $18::numeric[])
         as r (offer_id, reason, times, missed)
    join counters on id = r.offer_id
    on conflict (offer_id, day, reason) do update
    set refusals = offer_refusals.refusals + excluded.refusals,
        discount = offer_refusals.discount + excluded.discount),
entries as (
    insert into redemptions (offer_id, redeemed_at, redemption_date, customer_id, order_id,
                             order_amount, discount, discount_asked, redeemed_after, spent_after,
                             held_after, budget, actor)
    select id, decided_at, day, customer_id, order_id, order_amount, discount, discount_asked,
           redeemed_after, spent_after, nullif(held, 0), budget, actor
    from unnest($19::bigint[], $20::text[], $21::text[], $22::numeric[], $23::numeric[],
                $24::numeric[], $25::bigint[], $26::numeric[], $27::text[]) with ordinality
         as r (offer_id, customer_id, order_id, order_amount, discount, discount_asked,
               redeemed_after, spent_after, actor, n)
    join counters on id = r.offer_id
    order by n
    returning offer_id, id, order_id),
orders as (
    insert into redemption_orders (offer_id, order_id, redemption_id)
    select offer_id, order_id, id from entries where order_id is not null),
-- Ids are assigned in the order of the rows.
ids as (select offer_id, array_agg(id order by id) as ids from entries group by offer_id),
keys as (
    insert into redemption_keys (offer_id, created_at, key, request, refusal, request_id, redemption_id,
                                 reservation_id)
    select k.offer_id, decided_at, key, request, refusal, request_id, coalesce(ids[inserted_row], redemption),
           reservation
    from unnest($28::bigint[], $29::text[], $30::text[], $31::text[], $32::text[], $33::bigint[],
                $34::bigint[], $35::bigint[])
         as k (offer_id, key, request, refusal, request_id, inserted_row, redemption, reservation)
    join counters on id = k.offer_id
    left join ids on ids.offer_id = k.offer_id),
-- `jobs::enqueue_forecasts` as a part of this statement, because another round trip would lengthen every batch.
-- `do update` locks a pending job, so that no worker takes it before this statement commits.
job as (
    insert into apalis.jobs
        (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
    select apalis.generate_ulid(), $36, forecast_payload, 'Pending', 0, 4, now() + forecast_in, 1, $37 || id
    from counters
    where accepted > 0 and forecast_in is not null
    order by id
    on conflict (job_type, idempotency_key) do update set priority = jobs.priority
    returning idempotency_key, run_at)
select counters.id as "offer_id!", coalesce(ids, '{}') as "ids!",
       extract(epoch from job.run_at - now())::float8 as "forecast_in?"
from counters
left join ids on ids.offer_id = counters.id
left join job on job.idempotency_key = $37 || counters.id
