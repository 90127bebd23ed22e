use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{ForecastDay, ForecastPoint, Limit, OfferForecast, RunOut};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Error;

/// A stored forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedForecast {
    pub model: String,
    pub model_version: u32,
    pub seed: u64,
    pub computed_at: DateTime<Utc>,
    pub first_day: NaiveDate,
    pub points: Vec<ForecastDay>,
    pub total: ForecastPoint,
    pub run_out: Option<RunOut>,
}

/// A [`StoredPoint`] with its date; serde's `flatten` cannot read numbers that keep all their digits.
#[derive(Debug, Serialize, Deserialize)]
struct StoredDay {
    date: NaiveDate,
    mean: f64,
    lower_80: f64,
    upper_80: f64,
    lower_95: f64,
    upper_95: f64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct StoredPoint {
    mean: f64,
    lower_80: f64,
    upper_80: f64,
    lower_95: f64,
    upper_95: f64,
}

impl From<ForecastPoint> for StoredPoint {
    fn from(point: ForecastPoint) -> Self {
        let ForecastPoint { mean, lower_80, upper_80, lower_95, upper_95 } = point;
        StoredPoint { mean, lower_80, upper_80, lower_95, upper_95 }
    }
}

impl From<StoredPoint> for ForecastPoint {
    fn from(stored: StoredPoint) -> Self {
        let StoredPoint { mean, lower_80, upper_80, lower_95, upper_95 } = stored;
        ForecastPoint { mean, lower_80, upper_80, lower_95, upper_95 }
    }
}

impl From<&ForecastDay> for StoredDay {
    fn from(ForecastDay { date, point }: &ForecastDay) -> Self {
        let ForecastPoint { mean, lower_80, upper_80, lower_95, upper_95 } = *point;
        StoredDay { date: *date, mean, lower_80, upper_80, lower_95, upper_95 }
    }
}

impl From<StoredDay> for ForecastDay {
    fn from(stored: StoredDay) -> Self {
        let StoredDay { date, mean, lower_80, upper_80, lower_95, upper_95 } = stored;
        ForecastDay { date, point: ForecastPoint { mean, lower_80, upper_80, lower_95, upper_95 } }
    }
}

/// Replaces the stored forecast, unless a newer one is there or the offer is gone. Keeps the offer from being
/// removed meanwhile, and nobody from redeeming it.
pub async fn store_forecast(
    connection: &mut PgConnection,
    offer_id: i64,
    forecast: &OfferForecast,
    redemptions_seen: i64,
    computed_at: DateTime<Utc>,
) -> Result<(), Error> {
    let points: Vec<StoredDay> = forecast.points.iter().map(StoredDay::from).collect();
    let run_out = forecast.run_out;
    sqlx::query!(
        r#"insert into offer_forecasts
               (offer_id, model, computed_at, first_day, history_days, redemptions_seen, points, outlook_of,
                model_version, seed, total, run_out_probability, run_out_limit, run_out_median,
                run_out_earliest, run_out_latest)
           select id, $2, $3, $4, $5, $6, $7, $3, $8, $9, $10, $11, $12, $13, $14, $15
           from offers where id = $1 for key share
           on conflict (offer_id) do update
           set model = excluded.model, computed_at = excluded.computed_at, first_day = excluded.first_day,
               history_days = excluded.history_days, redemptions_seen = excluded.redemptions_seen,
               points = excluded.points, outlook_of = excluded.outlook_of,
               model_version = excluded.model_version, seed = excluded.seed, total = excluded.total,
               run_out_probability = excluded.run_out_probability, run_out_limit = excluded.run_out_limit,
               run_out_median = excluded.run_out_median, run_out_earliest = excluded.run_out_earliest,
               run_out_latest = excluded.run_out_latest
           where offer_forecasts.computed_at <= excluded.computed_at"#,
        offer_id,
        forecast.model.name(),
        computed_at,
        forecast.first_day,
        i32::try_from(forecast.history_days).unwrap_or(i32::MAX),
        redemptions_seen,
        Json(points) as _,
        i32::try_from(forecast.model_version).unwrap_or(i32::MAX),
        forecast.seed.cast_signed(),
        Json(StoredPoint::from(forecast.total)) as _,
        run_out.map(|run_out| run_out.probability),
        run_out.and_then(|run_out| run_out.limit).map(Limit::name),
        run_out.and_then(|run_out| run_out.median),
        run_out.and_then(|run_out| run_out.earliest),
        run_out.and_then(|run_out| run_out.latest),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The stored forecast; None also for one that a program before this one has stored, which knew no totals.
pub async fn load_forecast(
    connection: &mut PgConnection,
    offer_id: i64,
) -> Result<Option<CachedForecast>, Error> {
    let row = sqlx::query!(
        r#"select model, computed_at, first_day, points as "points: Json<Vec<StoredDay>>",
                  model_version as "model_version!", seed as "seed!", total as "total!: Json<StoredPoint>",
                  run_out_probability, run_out_limit, run_out_median, run_out_earliest, run_out_latest
           from offer_forecasts where offer_id = $1 and outlook_of = computed_at"#,
        offer_id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| CachedForecast {
        model: row.model,
        model_version: row.model_version.cast_unsigned(),
        seed: row.seed.cast_unsigned(),
        computed_at: row.computed_at,
        first_day: row.first_day,
        points: row.points.0.into_iter().map(ForecastDay::from).collect(),
        total: row.total.0.into(),
        run_out: row.run_out_probability.map(|probability| RunOut {
            probability,
            limit: row.run_out_limit.as_deref().and_then(Limit::parse),
            median: row.run_out_median,
            earliest: row.run_out_earliest,
            latest: row.run_out_latest,
        }),
    }))
}

/// When these offers run out, by their stored forecasts: of those that have one of a limit that may be reached,
/// made since the offer was last edited.
pub async fn run_outs(
    connection: &mut PgConnection,
    offer_ids: &[i64],
) -> Result<HashMap<i64, RunOut>, Error> {
    let rows = sqlx::query!(
        r#"select f.offer_id, f.run_out_probability as "probability!", f.run_out_limit as "limit?",
                  f.run_out_median as "median?", f.run_out_earliest as "earliest?", f.run_out_latest as "latest?"
           from offer_forecasts f join offers o on o.id = f.offer_id
           where f.offer_id = any($1) and f.outlook_of = f.computed_at and f.computed_at >= o.updated_at
             and f.run_out_probability is not null"#,
        offer_ids,
    )
    .fetch_all(connection)
    .await?;
    let run_outs = rows.into_iter().map(|row| {
        let run_out = RunOut {
            probability: row.probability,
            limit: row.limit.as_deref().and_then(Limit::parse),
            median: row.median,
            earliest: row.earliest,
            latest: row.latest,
        };
        (row.offer_id, run_out)
    });
    Ok(run_outs.collect())
}
