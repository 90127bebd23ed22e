-- What staff define. Dates are wall-clock days in `timezone`, both included.
create table offers (
    id              bigint generated always as identity primary key,
    code            text not null,
    name            text not null,
    discount_type   text not null check (discount_type in ('percent', 'flat')),
    discount_value  numeric(17, 4) not null check (discount_value > 0),
    currency        text not null check (length(currency) = 3),
    timezone        text not null,
    start_date      date not null,
    end_date        date not null,
    budget          numeric(17, 4) check (budget > 0),
    max_redemptions bigint check (max_redemptions > 0),
    status          text not null default 'active' check (status in ('active', 'paused', 'archived')),
    version         bigint not null default 1,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    check (end_date >= start_date),
    check (discount_type <> 'percent' or discount_value <= 100),
    -- Stored in upper case, so that plain uniqueness is uniqueness without regard to case.
    constraint offers_code_key unique (code),
    constraint offers_code_upper check (code = upper(code))
);

-- What every redemption changes: a narrow row, locked while one is decided. Half-filled pages keep its
-- updates heap-only, so that no index grows with them.
create table offer_counters (
    offer_id bigint primary key references offers (id) on delete cascade,
    redeemed bigint not null default 0 check (redeemed >= 0),
    spent    numeric(24, 4) not null default 0 check (spent >= 0)
) with (fillfactor = 50);
