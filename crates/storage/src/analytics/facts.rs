use offercast_domain::{Comparison, Day, DeclinedByDay, ForecastDay, OfferRef};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Error;
use crate::forecasts::{CachedForecast, StoredDay, StoredPoint, run_out};
use crate::offers::StoredOffer;
use crate::offers::{id_or_code, offer_row};

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
    let row =
        sqlx::query_file!("src/analytics/facts.sql", id, code, model).fetch_optional(connection).await?;
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
    Ok(Some(OfferFacts {
        stored: StoredOffer::try_from(offer_row!(row))?,
        days: days.map(|((date, redemptions), discount)| Day { date, redemptions, discount }).collect(),
        refusals: refusals
            .map(|(((date, reason), refusals), discount)| DeclinedByDay { date, reason, refusals, discount })
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
