-- Keys of services. A rotated key is a new row of the same lineage, so that retries and the audit log see one actor.
create table api_keys (
    id           bigint generated always as identity primary key,
    -- The id of the first key of the lineage.
    lineage      bigint not null,
    name         text not null,
    -- The first characters of the key, to recognise it by.
    prefix       text not null,
    -- SHA-256: the key has 256 random bits.
    token_hash   bytea not null unique,
    scopes       text[] not null,
    -- Null: all offers.
    offer_ids    bigint[],
    -- Null: from anywhere.
    networks     text[],
    created_by   text not null,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);

-- One row. The versions change with every key, session and person, so that each process notices within a second.
create table access_state (
    only_row         boolean primary key default true check (only_row),
    keys_version     bigint not null default 0,
    sessions_version bigint not null default 0,
    -- Until then, idempotency keys are also looked up as the version before stored them, without an owner.
    former_idempotency_keys_until timestamptz not null
);
insert into access_state (former_idempotency_keys_until)
select case when exists (select from redemption_keys) then now() + interval '26 hours' else now() end;
