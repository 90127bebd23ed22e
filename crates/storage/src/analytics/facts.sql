select o.id, o.code, o.name, o.discount_type, o.discount_value, o.currency, o.timezone,
       o.start_date, o.end_date, o.budget, o.max_redemptions, o.min_order_amount, o.max_discount,
       o.max_redemptions_per_customer, o.on_budget_shortfall, o.status, o.version, o.created_at,
       o.updated_at, c.redeemed, c.spent, c.held_redemptions, c.held,
       daily.days as "days!", daily.redemptions as "redemptions!",
       daily.discounts as "discounts!: Vec<Decimal>",
       refused.days as "refused_days!", refused.reasons as "reasons!", refused.refusals as "refusals!",
       refused.discounts as "missed!: Vec<Decimal>",
       compared.first_days as "first_days!", compared.days as "spans!", compared.expected as "expected!",
       compared.moving_averages as "moving_averages!", compared.actual as "actual!",
       compared.days_within as "days_within!",
       f.model as "model?", f.computed_at as "computed_at?", f.first_day as "first_day?",
       f.points as "points?: Json<Vec<StoredDay>>", f.model_version, f.seed,
       f.total as "total?: Json<StoredPoint>", f.run_out_probability, f.run_out_limit, f.run_out_median,
       f.run_out_earliest, f.run_out_latest
from offers o
join offer_counters c on c.offer_id = o.id
left join offer_forecasts f on f.offer_id = o.id and f.outlook_of = f.computed_at
cross join lateral (
    select coalesce(array_agg(day), '{}') as days,
           coalesce(array_agg(redemptions), '{}') as redemptions,
           coalesce(array_agg(discount), '{}') as discounts
    from (select * from offer_daily where offer_id = o.id order by day) as rows) as daily
cross join lateral (
    select coalesce(array_agg(day), '{}') as days,
           coalesce(array_agg(reason), '{}') as reasons,
           coalesce(array_agg(refusals), '{}') as refusals,
           coalesce(array_agg(discount), '{}') as discounts
    from (select * from offer_refusals where offer_id = o.id order by day, reason collate "C") as rows) as refused
cross join lateral (
    select coalesce(array_agg(first_day), '{}') as first_days,
           coalesce(array_agg(days), '{}') as days,
           coalesce(array_agg(expected), '{}') as expected,
           coalesce(array_agg(moving_average), '{}') as moving_averages,
           coalesce(array_agg(actual), '{}') as actual,
           coalesce(array_agg(days_within), '{}') as days_within
    from forecast_accuracy
    where offer_id = o.id and model = $3 and actual is not null) as compared
where o.id = $1 or o.code = $2
