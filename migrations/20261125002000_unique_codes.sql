-- What the unique codes of this installation are worked out from, made here by the database's own generator. Whoever
-- knows it can tell every code that is or will be issued; without it none that was can be read any more.
create table code_secret (
    is_it  boolean primary key default true check (is_it),
    secret bytea not null check (length(secret) = 32)
);
insert into code_secret (secret)
select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- Codes that were issued together: their serials, from the first one on. The codes themselves are not stored. They
-- are gone with an offer that nobody has redeemed; its id never comes back.
create table code_batches (
    offer_id     bigint not null references offers (id) on delete cascade,
    first_serial bigint not null check (first_serial >= 0),
    codes        bigint not null check (codes > 0),
    prefix       text not null,
    length       smallint not null,
    issued_at    timestamptz not null,
    primary key (offer_id, first_serial)
);

-- By which code an entry of the ledger was redeemed, if by one.
alter table redemptions add column code_serial bigint;

-- Codes that are used, each by the redemption that stands. It is a fold of the ledger.
create table redemption_codes (
    offer_id      bigint not null,
    serial        bigint not null,
    redemption_id bigint not null,
    primary key (offer_id, serial),
    unique (offer_id, redemption_id)
);
