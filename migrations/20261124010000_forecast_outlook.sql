-- What a forecast says beyond its days: the sum of them, and when a limit is reached. Null in rows that an
-- older program has written, also over ours: the columns hold for the forecast of outlook_of only.
alter table offer_forecasts
    -- computed_at of the forecast that they belong to
    add column outlook_of           timestamptz,
    add column model_version        integer,
    add column seed                 bigint,
    -- {"mean", "lower_80", "upper_80", "lower_95", "upper_95"} of the sum of the points
    add column total                jsonb,
    -- All null: there is no limit that is known to be reachable.
    add column run_out_probability  double precision,
    add column run_out_limit        text check (run_out_limit in ('budget', 'max_redemptions')),
    add column run_out_median       date,
    add column run_out_earliest     date,
    add column run_out_latest       date;
