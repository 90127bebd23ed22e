use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use offercast_domain::{
    Analytics, DateRange, Day, DeclinedByReason, DeclinedRedemptions, FieldError, ForecastAccuracy,
    ForecastDay, ForecastPoint, ForecastService, Kpis, OfferDraft, OfferForecast, OfferRef, OfferService,
    RunOut, TrendPoint, WhatIf,
};
use offercast_storage::analytics::OfferAnalyticsRepository;
use offercast_storage::analytics::OfferFacts;
use offercast_storage::forecasts::CachedForecast;

use crate::{App, Error, OfferView};

/// Maximum number of days of a dashboard.
const LONGEST_RANGE: i64 = 3_660;
/// Default number of days: the last ones of the offer.
const DEFAULT_RANGE: u64 = 366;

/// The dashboard of an offer at one moment.
#[derive(Debug, Clone)]
pub struct DashboardView {
    pub offer: OfferView,
    /// With the offset of the offer's zone.
    pub as_of: DateTime<FixedOffset>,
    pub range: DateRange,
    pub kpis: Kpis,
    pub daily: Vec<Day>,
    pub cumulative: Vec<Day>,
    pub moving_average: Vec<TrendPoint>,
    pub forecast: ForecastView,
    /// The input of the forecast.
    pub history: Vec<Day>,
    /// Declined redemptions on every day of the range, zeros included.
    pub refusals: Vec<(NaiveDate, i64)>,
    /// Declined redemptions of the range by reason, most frequent first.
    pub reasons: Vec<DeclinedByReason>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ForecastView {
    /// Whether the forecast is from the cache. Otherwise it was computed for this response.
    pub cached: bool,
    pub model: String,
    pub model_version: u32,
    pub seed: u64,
    pub computed_at: DateTime<Utc>,
    pub points: Vec<ForecastDay>,
    pub total: ForecastPoint,
    pub run_out: Option<RunOut>,
    /// Accuracy of earlier forecasts of the offer. `None` until the first of them is over.
    pub accuracy: Option<ForecastAccuracy>,
}

impl ForecastView {
    fn cached(cached: &CachedForecast, accuracy: Option<ForecastAccuracy>) -> ForecastView {
        ForecastView {
            cached: true,
            model: cached.model.clone(),
            model_version: cached.model_version,
            seed: cached.seed,
            computed_at: cached.computed_at,
            points: cached.points.clone(),
            total: cached.total,
            run_out: cached.run_out,
            accuracy,
        }
    }
}

/// An offer's data from the database, with the time of reading.
struct OfferData {
    read: OfferFacts,
    accuracy: Option<ForecastAccuracy>,
    now: DateTime<Utc>,
}

impl OfferData {
    async fn of(app: &App, offer: &OfferRef) -> Result<OfferData, Error> {
        let model = ForecastService::default().model.name();
        let read = loop {
            let mut connection = app.pool.connection().await?;
            match OfferAnalyticsRepository::new(&mut connection).facts(offer, model).await {
                Err(error) if connection.had_died(&error) => connection.discard(),
                read => break read?.ok_or(Error::OfferNotFound)?,
            }
        };
        let accuracy = ForecastAccuracy::of(&read.comparisons);
        Ok(OfferData { read, accuracy, now: app.clock.now() })
    }

    fn analytics(&self) -> Analytics<'_> {
        let OfferFacts { stored, days, .. } = &self.read;
        let today = stored.offer.terms.zone.day_of(self.now);
        Analytics { offer: &stored.offer, totals: stored.totals, days, today }
    }

    /// Returns the cached forecast if it is of today and the offer was not edited since.
    fn cached_forecast(&self) -> Option<ForecastView> {
        let today = self.analytics().today;
        let cached = self.read.forecast.as_ref()?;
        let is_current = cached.first_day == today && cached.computed_at >= self.read.stored.updated_at;
        is_current.then(|| ForecastView::cached(cached, self.accuracy))
    }

    /// Returns the cached forecast, or computes one for this response.
    async fn forecast(self, app: &App) -> Result<(OfferData, ForecastView), Error> {
        if let Some(cached) = self.cached_forecast() {
            return Ok((self, cached));
        }
        app.compute(move || {
            let forecast = self.computed(ForecastService::default().forecast(&self.analytics()));
            (self, forecast)
        })
        .await
    }

    fn computed(&self, forecast: OfferForecast) -> ForecastView {
        ForecastView {
            cached: false,
            model: forecast.model.name().to_owned(),
            model_version: forecast.model_version,
            seed: forecast.seed,
            computed_at: self.now,
            points: forecast.points,
            total: forecast.total,
            run_out: forecast.run_out,
            accuracy: self.accuracy,
        }
    }
}

/// Returns the dashboard of an offer for a range of days that ends today at the latest. If no current forecast is
/// cached, computes one and queues a job that will store one.
pub async fn dashboard(
    app: &App,
    offer: OfferRef,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<DashboardView, Error> {
    let reader = app.clone();
    app.run_on_main_runtime(async move { read_dashboard(&reader, &offer, from, to).await }).await
}

async fn read_dashboard(
    app: &App,
    offer: &OfferRef,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<DashboardView, Error> {
    let data = OfferData::of(app, offer).await?;
    let range = range(&data.analytics(), from, to)?;
    let (data, forecast) = data.forecast(app).await?;
    let analytics = data.analytics();
    let (daily, cumulative, moving_average) =
        (analytics.daily(range), analytics.cumulative(range), analytics.moving_average(range));
    let history = analytics.history();
    let declined = DeclinedRedemptions { days: &data.read.refusals, range };
    let (refusals, reasons) = (declined.daily(), declined.reasons());
    let offer = OfferView::at(data.now, data.read.stored.clone());
    let kpis = analytics.kpis(offer.remaining_budget);
    let as_of = data.read.stored.offer.terms.zone.at(data.now);
    queue_if_missing(app, data.read.stored.offer.id, &forecast).await;
    Ok(DashboardView {
        offer,
        as_of,
        range,
        kpis,
        daily,
        cumulative,
        moving_average,
        forecast,
        history,
        refusals,
        reasons,
    })
}

/// Returns the forecast of an offer, from the cache or computed.
pub async fn forecast(app: &App, offer: &OfferRef) -> Result<ForecastView, Error> {
    let (data, forecast) = OfferData::of(app, offer).await?.forecast(app).await?;
    queue_if_missing(app, data.read.stored.offer.id, &forecast).await;
    Ok(forecast)
}

/// Returns the forecast that an offer would have under other terms. `edit` changes a draft of the stored terms, which
/// is validated like an edit. Nothing is changed.
pub async fn what_if(
    app: &App,
    offer: &OfferRef,
    edit: impl FnOnce(OfferDraft) -> OfferDraft,
) -> Result<ForecastView, Error> {
    let data = OfferData::of(app, offer).await?;
    let analytics = data.analytics();
    let Analytics { offer, totals, today, .. } = analytics;
    let terms = edit(OfferDraft::from(&offer.terms)).check().map_err(Error::Invalid)?;
    // `true` has no effect: a history forbids changes of currency and time zone, which a what-if does not offer.
    OfferService { offer, totals, today }.check_edit(&terms, true).map_err(Error::Invalid)?;
    let what_if = WhatIf::from(&terms);
    app.compute(move || data.computed(ForecastService::default().what_if(&data.analytics(), &what_if))).await
}

/// Queues a forecast if none is cached. The response is complete without the job, so an error is only logged.
async fn queue_if_missing(app: &App, offer_id: i64, forecast: &ForecastView) {
    if forecast.cached {
        return;
    }
    if let Err(error) = crate::forecast_jobs::enqueue(&app.pool, &[offer_id]).await {
        tracing::warn!(offer_id, error = &error as &dyn std::error::Error, "could not queue a forecast");
    }
}

fn range(
    analytics: &Analytics<'_>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<DateRange, Error> {
    let whole = analytics.whole_range();
    // A range that starts after the offer's last day is valid: it is empty and ends on its start date or today.
    let default_to = from.map_or(whole.to, |from| whole.to.max(from));
    let to = to.unwrap_or(default_to).min(analytics.today);
    let latest_default = to.checked_sub_days(chrono::Days::new(DEFAULT_RANGE - 1)).unwrap_or(to);
    let from = from.unwrap_or_else(|| whole.from.max(latest_default).min(to));
    let invalid =
        |message: String| Err(Error::Invalid(vec![FieldError::new("from", "out_of_range", message)]));
    if from > to {
        return invalid(format!("must not be after {to}, the end of the range"));
    }
    if to.signed_duration_since(from).num_days() >= LONGEST_RANGE {
        return invalid(format!("must be less than {LONGEST_RANGE} days before {to}, the end of the range"));
    }
    Ok(DateRange { from, to })
}
