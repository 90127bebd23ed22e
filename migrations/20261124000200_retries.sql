-- The answers that were given under an Idempotency-Key, written in the transaction that they are about. An
-- accepted one is rebuilt from its ledger entry. No foreign keys: a check for each row would cost more than
-- the row, the offer is locked while one is written, and they are purged after a day.
create table redemption_keys (
    offer_id      bigint not null,
    key           text not null,
    -- What was asked for; the same key with anything else is a mistake.
    request       text not null,
    -- Why not, null for an accepted one.
    refusal       text,
    -- The accepted redemption, or the one that a refusal names.
    redemption_id bigint,
    -- The id that a refusal carries in its body.
    request_id    text,
    created_at    timestamptz not null,
    primary key (offer_id, key),
    check (refusal is not null or redemption_id is not null)
);
-- For the purge: rows come in order of time, so that a summary of blocks does.
create index redemption_keys_created_at on redemption_keys using brin (created_at);

-- The orders that have a standing redemption, one each. The ledger cannot hold this: recorded facts may
-- repeat an order, and so may what was redeemed before there was this table; then the first one stands.
create table redemption_orders (
    offer_id      bigint not null,
    order_id      text not null,
    redemption_id bigint not null,
    primary key (offer_id, order_id)
);

insert into redemption_orders (offer_id, order_id, redemption_id)
select offer_id, order_id, min(id) from redemptions
where source = 'live' and order_id is not null
group by offer_id, order_id;
