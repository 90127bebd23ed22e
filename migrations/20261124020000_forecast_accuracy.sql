-- What forecasts said, and, once their days are over, what came: one row for the first forecast of an offer's
-- day, kept for 44 days.
create table forecast_accuracy (
    offer_id       bigint not null references offers (id) on delete cascade,
    model          text not null,
    first_day      date not null,
    -- Days from then on: fewer than the horizon where the offer ends sooner.
    days           smallint not null,
    -- Redemptions of all these days, as the model and as the moving average expected them.
    expected       double precision not null,
    moving_average double precision not null,
    -- The 80 % band of each day; null once it has been compared.
    lower_80       real[],
    upper_80       real[],
    -- What came, and how many days lay inside of their band; null until then.
    actual         bigint,
    days_within    smallint,
    primary key (offer_id, model, first_day)
);
