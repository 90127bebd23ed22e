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

/// A [`StoredPoint`] with its date. serde's `flatten` does not work with serde_json's arbitrary-precision numbers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredDay {
    date: NaiveDate,
    mean: f64,
    lower_80: f64,
    upper_80: f64,
    lower_95: f64,
    upper_95: f64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct StoredPoint {
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

/// A forecast to store.
#[derive(Debug)]
pub struct NewForecast {
    pub offer_id: i64,
    pub forecast: OfferForecast,
    /// The offer's redemptions when it was computed.
    pub redemptions_seen: i64,
}

/// Replaces stored forecasts, unless a newer one is stored or the offer was deleted. Its locks prevent the deletion of
/// the offers but not their redemption. Writes in order of id, so that concurrent calls cannot deadlock.
pub async fn store_forecasts(
    connection: &mut PgConnection,
    forecasts: &[NewForecast],
    computed_at: DateTime<Utc>,
) -> Result<(), Error> {
    let columns = Columns::of(forecasts);
    sqlx::query!(
        r#"insert into offer_forecasts
               (offer_id, computed_at, outlook_of, model, model_version, seed, first_day, history_days,
                redemptions_seen, points, total, run_out_probability, run_out_limit, run_out_median,
                run_out_earliest, run_out_latest)
           select o.id, $1, $1, f.model, f.model_version, f.seed, f.first_day, f.history_days,
                  f.redemptions_seen, f.points, f.total, f.probability, f.reached, f.median, f.earliest, f.latest
           from unnest($2::bigint[], $3::text[], $4::integer[], $5::bigint[], $6::date[], $7::integer[],
                       $8::bigint[], $9::jsonb[], $10::jsonb[], $11::float8[], $12::text[], $13::date[],
                       $14::date[], $15::date[])
                    as f (offer_id, model, model_version, seed, first_day, history_days, redemptions_seen,
                          points, total, probability, reached, median, earliest, latest)
           join offers o on o.id = f.offer_id
           order by o.id
           for key share of o
           on conflict (offer_id) do update
           set computed_at = excluded.computed_at, outlook_of = excluded.outlook_of, model = excluded.model,
               model_version = excluded.model_version, seed = excluded.seed, first_day = excluded.first_day,
               history_days = excluded.history_days, redemptions_seen = excluded.redemptions_seen,
               points = excluded.points, total = excluded.total,
               run_out_probability = excluded.run_out_probability, run_out_limit = excluded.run_out_limit,
               run_out_median = excluded.run_out_median, run_out_earliest = excluded.run_out_earliest,
               run_out_latest = excluded.run_out_latest
           where offer_forecasts.computed_at <= excluded.computed_at"#,
        computed_at,
        &columns.ids,
        &columns.models as _,
        &columns.model_versions,
        &columns.seeds,
        &columns.first_days,
        &columns.history_days,
        &columns.redemptions_seen,
        &columns.points as _,
        &columns.totals as _,
        &columns.probabilities as _,
        &columns.limits as _,
        &columns.medians as _,
        &columns.earliest as _,
        &columns.latest as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The forecasts as one array per column, for `unnest`.
#[derive(Default)]
struct Columns {
    ids: Vec<i64>,
    models: Vec<&'static str>,
    model_versions: Vec<i32>,
    seeds: Vec<i64>,
    first_days: Vec<NaiveDate>,
    history_days: Vec<i32>,
    redemptions_seen: Vec<i64>,
    points: Vec<Json<Vec<StoredDay>>>,
    totals: Vec<Json<StoredPoint>>,
    probabilities: Vec<Option<f64>>,
    limits: Vec<Option<&'static str>>,
    medians: Vec<Option<NaiveDate>>,
    earliest: Vec<Option<NaiveDate>>,
    latest: Vec<Option<NaiveDate>>,
}

impl Columns {
    fn of(forecasts: &[NewForecast]) -> Columns {
        let mut columns = Columns::default();
        for NewForecast { offer_id, forecast, redemptions_seen } in forecasts {
            let run_out = forecast.run_out.as_ref();
            columns.ids.push(*offer_id);
            columns.models.push(forecast.model.name());
            columns.model_versions.push(forecast.model_version.cast_signed());
            columns.seeds.push(forecast.seed.cast_signed());
            columns.first_days.push(forecast.first_day);
            columns.history_days.push(i32::try_from(forecast.history_days).unwrap_or(i32::MAX));
            columns.redemptions_seen.push(*redemptions_seen);
            columns.points.push(Json(forecast.points.iter().map(StoredDay::from).collect()));
            columns.totals.push(Json(forecast.total.into()));
            columns.probabilities.push(run_out.map(|run_out| run_out.probability));
            columns.limits.push(run_out.and_then(|run_out| run_out.limit).map(Limit::name));
            columns.medians.push(run_out.and_then(|run_out| run_out.median));
            columns.earliest.push(run_out.and_then(|run_out| run_out.earliest));
            columns.latest.push(run_out.and_then(|run_out| run_out.latest));
        }
        columns
    }
}

/// Returns when these offers run out according to their stored forecasts. Omits offers without a reachable limit and
/// offers edited since their forecast.
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
        let dates = [row.median, row.earliest, row.latest];
        (row.offer_id, run_out(row.probability, row.limit.as_deref(), dates))
    });
    Ok(run_outs.collect())
}

pub(crate) fn run_out(probability: f64, limit: Option<&str>, dates: [Option<NaiveDate>; 3]) -> RunOut {
    let [median, earliest, latest] = dates;
    RunOut { probability, limit: limit.and_then(Limit::parse), median, earliest, latest }
}
