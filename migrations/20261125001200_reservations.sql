-- What is held for orders that are still under way. A reservation is open until it is confirmed, released or
-- expired, and stays on record.
create table reservations (
    offer_id         bigint not null references offers (id),
    id               bigint generated always as identity,
    customer_id      text not null,
    order_id         text,
    order_amount     numeric(17, 4) not null,
    discount         numeric(17, 4) not null check (discount >= 0),
    discount_asked   numeric(17, 4) not null,
    state            text not null default 'open' check (state in ('open', 'confirmed', 'released', 'expired')),
    reserved_at      timestamptz not null,
    expires_at       timestamptz not null,
    closed_at        timestamptz check ((closed_at is null) = (state = 'open')),
    -- What the answer said.
    remaining_budget numeric(24, 4),
    redemption_id    bigint check ((redemption_id is not null) = (state = 'confirmed')),
    primary key (offer_id, id)
) with (fillfactor = 80);

-- To find the offer of a reservation; what has expired; and what is held for an order.
create index reservations_id on reservations (id);
create index reservations_open on reservations (offer_id, expires_at) where state = 'open';
create index reservations_open_orders on reservations (offer_id, order_id) where state = 'open' and order_id is not null;

-- What the open reservations of an offer add up to.
alter table offer_counters
    add column held_redemptions bigint not null default 0 check (held_redemptions >= 0),
    add column held             numeric(24, 4) not null default 0 check (held >= 0);

-- What was held beside an entry, so that its answer can be given again; null for nothing.
alter table redemptions add column held_after numeric(24, 4);

-- The reservation that was taken or released under a key.
alter table redemption_keys
    add column reservation_id bigint,
    drop constraint redemption_keys_check,
    add constraint redemption_keys_check
        check (refusal is not null or redemption_id is not null or reservation_id is not null);
