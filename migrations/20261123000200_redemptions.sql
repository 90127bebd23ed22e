-- The ledger: append-only. Counters and roll-ups are folds of it, and `offercast verify` proves it.
create table redemptions (
    offer_id        bigint not null references offers (id),
    id              bigint generated always as identity,
    customer_id     text not null,
    order_id        text,
    order_amount    numeric(17, 4) not null check (order_amount >= 0),
    discount        numeric(17, 4) not null check (discount >= 0),
    redeemed_at     timestamptz not null,
    -- The day in the offer's zone.
    redemption_date date not null,
    -- 'live' was decided by the rules; 'imported' is a recorded fact, which no limit holds back.
    source          text not null default 'live' check (source in ('live', 'imported')),
    primary key (offer_id, id)
);

-- The roll-up of the ledger by day, kept in the same transaction; dashboards read this and never the ledger.
create table offer_daily (
    offer_id    bigint not null references offers (id),
    day         date not null,
    redemptions bigint not null,
    discount    numeric(24, 4) not null,
    primary key (offer_id, day)
) with (fillfactor = 80);
