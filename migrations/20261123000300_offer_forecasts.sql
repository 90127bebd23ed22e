-- The cache that the ComputeOfferForecast job fills: the latest forecast of an offer and what it saw.
create table offer_forecasts (
    offer_id         bigint primary key references offers (id) on delete cascade,
    model            text not null,
    computed_at      timestamptz not null,
    -- The first day forecast, which was unfinished when it was computed.
    first_day        date not null,
    history_days     integer not null,
    redemptions_seen bigint not null,
    -- [{"date", "mean", "lower_80", "upper_80", "lower_95", "upper_95"}], one a day
    points           jsonb not null
);
