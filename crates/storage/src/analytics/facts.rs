use chrono::NaiveDate;
use offercast_domain::{Comparison, Day, DeclinedByDay, ForecastDay, OfferRef};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Error;
use crate::forecasts::{CachedForecast, StoredDay, StoredPoint, run_out};
use crate::offers::{StoredOffer, id_or_code, offer_row, select_offers};

/// An offer with its history at one moment.
#[derive(Debug, Clone)]
pub struct OfferFacts {
    pub stored: StoredOffer,
    /// Days with redemptions or reversals, oldest first.
    pub days: Vec<Day>,
    /// Declined redemptions by day and reason, oldest first.
    pub refusals: Vec<DeclinedByDay>,
    /// `None` also for a forecast stored by an older version, which has no totals.
    pub forecast: Option<CachedForecast>,
    /// Earlier forecasts, compared with the actual redemptions.
    pub comparisons: Vec<Comparison>,
}

/// Reads everything in one statement: it sees a single state of the database and needs a single round trip.
pub(super) async fn read(
    connection: &mut PgConnection,
    offer: &OfferRef,
    model: &str,
) -> Result<Option<OfferFacts>, Error> {
    let (id, code) = id_or_code(offer);
    let row = select_offers!(
        r#",
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
                  f.run_out_earliest, f.run_out_latest"#,
        r#"left join offer_forecasts f on f.offer_id = o.id and f.outlook_of = f.computed_at
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
               from (select * from offer_refusals where offer_id = o.id
                     order by day, reason collate "C") as rows) as refused
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
    Ok(Some(OfferFacts {
        forecast: forecast(),
        days: days(row.days, row.redemptions, row.discounts),
        refusals: refusals(row.refused_days, row.reasons, row.refusals, row.missed),
        comparisons: comparisons(
            row.first_days.into_iter().zip(row.spans),
            row.expected.into_iter().zip(row.moving_averages),
            row.actual.into_iter().zip(row.days_within),
        ),
        stored: StoredOffer::try_from(offer_row!(row))?,
    }))
}

fn days(dates: Vec<NaiveDate>, redemptions: Vec<i64>, discounts: Vec<Decimal>) -> Vec<Day> {
    let rows = dates.into_iter().zip(redemptions).zip(discounts);
    rows.map(|((date, redemptions), discount)| Day { date, redemptions, discount }).collect()
}

fn refusals(
    dates: Vec<NaiveDate>,
    reasons: Vec<String>,
    refusals: Vec<i64>,
    discounts: Vec<Decimal>,
) -> Vec<DeclinedByDay> {
    let rows = dates.into_iter().zip(reasons).zip(refusals).zip(discounts);
    rows.map(|(((date, reason), refusals), discount)| DeclinedByDay { date, reason, refusals, discount })
        .collect()
}

fn comparisons(
    ranges: impl Iterator<Item = (NaiveDate, i16)>,
    forecasts: impl Iterator<Item = (f64, f64)>,
    actual: impl Iterator<Item = (i64, i16)>,
) -> Vec<Comparison> {
    let rows = ranges.zip(forecasts).zip(actual);
    rows.map(|(((first_day, days), (expected, moving_average)), (actual, days_within))| Comparison {
        first_day,
        days,
        expected,
        moving_average,
        actual,
        days_within,
    })
    .collect()
}
