use offercast_domain::{Comparison, Day, ForecastDay, OfferRef, Refusals};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::forecasts::{CachedForecast, StoredDay, StoredPoint, run_out};
use crate::offers::{OfferRow, id_or_code};
use crate::{Error, StoredOffer};

/// An offer at one moment, with its history.
#[derive(Debug, Clone)]
pub struct OfferFacts {
    pub stored: StoredOffer,
    /// Those on which something was redeemed, oldest first.
    pub days: Vec<Day>,
    /// Who was turned away, on which day and why, oldest first.
    pub refusals: Vec<Refusals>,
    /// None also for one that a program before this one has stored, which knew no totals.
    pub forecast: Option<CachedForecast>,
    /// Earlier forecasts that have been compared with what came.
    pub comparisons: Vec<Comparison>,
}

/// In one statement: whoever is busy has to turn to it once only, and it sees one state of the database.
pub(super) async fn read(
    connection: &mut PgConnection,
    offer: &OfferRef,
    model: &str,
) -> Result<Option<OfferFacts>, Error> {
    let (id, code) = id_or_code(offer);
    let row = sqlx::query!(
        r#"select o.id, o.code, o.name, o.discount_type, o.discount_value, o.currency, o.timezone,
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
           where o.id = $1 or o.code = $2"#,
        id,
        code,
        model,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let forecast = || {
        let dates = [row.run_out_median, row.run_out_earliest, row.run_out_latest];
        let run_out = |probability| run_out(probability, row.run_out_limit.as_deref(), dates);
        Some(CachedForecast {
            model: row.model?,
            model_version: row.model_version?.cast_unsigned(),
            seed: row.seed?.cast_unsigned(),
            computed_at: row.computed_at?,
            first_day: row.first_day?,
            points: row.points?.0.into_iter().map(ForecastDay::from).collect(),
            total: row.total?.0.into(),
            run_out: row.run_out_probability.map(run_out),
        })
    };
    let forecast = forecast();
    let days = row.days.into_iter().zip(row.redemptions).zip(row.discounts);
    let refusals = row.refused_days.into_iter().zip(row.reasons).zip(row.refusals).zip(row.missed);
    let compared = row.first_days.into_iter().zip(row.spans).zip(row.expected).zip(row.moving_averages);
    let compared = compared.zip(row.actual).zip(row.days_within);
    let stored = OfferRow {
        id: row.id,
        code: row.code,
        name: row.name,
        discount_type: row.discount_type,
        discount_value: row.discount_value,
        currency: row.currency,
        timezone: row.timezone,
        start_date: row.start_date,
        end_date: row.end_date,
        budget: row.budget,
        max_redemptions: row.max_redemptions,
        min_order_amount: row.min_order_amount,
        max_discount: row.max_discount,
        max_redemptions_per_customer: row.max_redemptions_per_customer,
        on_budget_shortfall: row.on_budget_shortfall,
        status: row.status,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        redeemed: row.redeemed,
        spent: row.spent,
        held_redemptions: row.held_redemptions,
        held: row.held,
    };
    Ok(Some(OfferFacts {
        stored: stored.try_into()?,
        days: days.map(|((date, redemptions), discount)| Day { date, redemptions, discount }).collect(),
        refusals: refusals
            .map(|(((date, reason), refusals), discount)| Refusals { date, reason, refusals, discount })
            .collect(),
        forecast,
        comparisons: compared
            .map(|(((((first_day, days), expected), moving_average), actual), days_within)| Comparison {
                first_day,
                days,
                expected,
                moving_average,
                actual,
                days_within,
            })
            .collect(),
    }))
}
