use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{ForecastDay, ForecastPoint, OfferForecast};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Error;

/// A stored forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedForecast {
    pub model: String,
    pub computed_at: DateTime<Utc>,
    pub first_day: NaiveDate,
    pub points: Vec<ForecastDay>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredPoint {
    date: NaiveDate,
    mean: f64,
    lower_80: f64,
    upper_80: f64,
    lower_95: f64,
    upper_95: f64,
}

impl From<&ForecastDay> for StoredPoint {
    fn from(ForecastDay { date, point }: &ForecastDay) -> Self {
        StoredPoint {
            date: *date,
            mean: point.mean,
            lower_80: point.lower_80,
            upper_80: point.upper_80,
            lower_95: point.lower_95,
            upper_95: point.upper_95,
        }
    }
}

impl From<StoredPoint> for ForecastDay {
    fn from(stored: StoredPoint) -> Self {
        let point = ForecastPoint {
            mean: stored.mean,
            lower_80: stored.lower_80,
            upper_80: stored.upper_80,
            lower_95: stored.lower_95,
            upper_95: stored.upper_95,
        };
        ForecastDay { date: stored.date, point }
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
    let points: Vec<StoredPoint> = forecast.points.iter().map(StoredPoint::from).collect();
    sqlx::query!(
        r#"insert into offer_forecasts
               (offer_id, model, computed_at, first_day, history_days, redemptions_seen, points)
           select id, $2, $3, $4, $5, $6, $7 from offers where id = $1 for key share
           on conflict (offer_id) do update
           set model = excluded.model, computed_at = excluded.computed_at, first_day = excluded.first_day,
               history_days = excluded.history_days, redemptions_seen = excluded.redemptions_seen,
               points = excluded.points
           where offer_forecasts.computed_at <= excluded.computed_at"#,
        offer_id,
        forecast.model.name(),
        computed_at,
        forecast.first_day,
        i32::try_from(forecast.history_days).unwrap_or(i32::MAX),
        redemptions_seen,
        Json(points) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn load_forecast(
    connection: &mut PgConnection,
    offer_id: i64,
) -> Result<Option<CachedForecast>, Error> {
    let row = sqlx::query!(
        r#"select model, computed_at, first_day, points as "points: Json<Vec<StoredPoint>>"
           from offer_forecasts where offer_id = $1"#,
        offer_id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| CachedForecast {
        model: row.model,
        computed_at: row.computed_at,
        first_day: row.first_day,
        points: row.points.0.into_iter().map(ForecastDay::from).collect(),
    }))
}
