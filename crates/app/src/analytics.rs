use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use offercast_domain::{
    Analytics, DateRange, Day, FieldError, ForecastAccuracy, ForecastDay, ForecastPoint, ForecastService,
    Kpis, OfferDraft, OfferForecast, OfferRef, OfferService, Reason, RunOut, TrendPoint, UnmetDemand, WhatIf,
};
use offercast_storage::{CachedForecast, OfferAnalyticsRepository, OfferFacts};

use crate::{App, Error, OfferView};

/// Days that a dashboard shows at most.
const LONGEST_RANGE: i64 = 3_660;
/// Days that it shows when none are asked for: the last ones of the offer.
const DEFAULT_RANGE: u64 = 366;

/// Everything on the dashboard of an offer, as it was at one moment.
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
    /// What a forecast is made from.
    pub history: Vec<Day>,
    /// Customers turned away on every day of the range, zeros included.
    pub refusals: Vec<(NaiveDate, i64)>,
    /// Why they were, over the range, the most frequent reason first.
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ForecastView {
    /// From the cache, or worked out for this answer.
    pub cached: bool,
    pub model: String,
    pub model_version: u32,
    pub seed: u64,
    pub computed_at: DateTime<Utc>,
    pub points: Vec<ForecastDay>,
    pub total: ForecastPoint,
    pub run_out: Option<RunOut>,
    /// How good earlier forecasts of the offer were; None before the first of them is over.
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

/// What the database says about an offer, and when it was asked.
struct Facts {
    read: OfferFacts,
    accuracy: Option<ForecastAccuracy>,
    now: DateTime<Utc>,
}

impl Facts {
    async fn of(app: &App, offer: &OfferRef) -> Result<Facts, Error> {
        let model = ForecastService::default().model.name();
        let read = loop {
            let mut connection = app.pool.connection().await?;
            match OfferAnalyticsRepository::new(&mut connection).facts(offer, model).await {
                Err(error) if connection.had_died(&error) => connection.discard(),
                read => break read?.ok_or(Error::OfferNotFound)?,
            }
        };
        let accuracy = ForecastAccuracy::of(&read.comparisons);
        Ok(Facts { read, accuracy, now: app.clock.now() })
    }

    fn analytics(&self) -> Analytics<'_> {
        let OfferFacts { stored, days, .. } = &self.read;
        let today = stored.offer.terms.zone.day_of(self.now);
        Analytics { offer: &stored.offer, totals: stored.totals, days, today }
    }

    /// The cached forecast, if it is one of today and of the offer as it is.
    fn cached_forecast(&self) -> Option<ForecastView> {
        let today = self.analytics().today;
        let cached = self.read.forecast.as_ref()?;
        let is_current = cached.first_day == today && cached.computed_at >= self.read.stored.updated_at;
        is_current.then(|| ForecastView::cached(cached, self.accuracy))
    }

    /// The cached forecast, else one that is computed for this answer.
    async fn forecast(self, app: &App) -> Result<(Facts, ForecastView), Error> {
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

/// The dashboard of an offer for a range of days; the end is at most today. When no current forecast is
/// cached, it carries one worked out on the fly, and a job is queued that will store one.
pub async fn dashboard(
    app: &App,
    offer: OfferRef,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<DashboardView, Error> {
    let reader = app.clone();
    app.aside(async move { read_dashboard(&reader, &offer, from, to).await }).await
}

async fn read_dashboard(
    app: &App,
    offer: &OfferRef,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<DashboardView, Error> {
    let facts = Facts::of(app, offer).await?;
    let range = range(&facts.analytics(), from, to)?;
    let (facts, forecast) = facts.forecast(app).await?;
    let analytics = facts.analytics();
    let (daily, cumulative, moving_average) =
        (analytics.daily(range), analytics.cumulative(range), analytics.moving_average(range));
    let history = analytics.history();
    let unmet = UnmetDemand { days: &facts.read.refusals, range };
    let (refusals, reasons) = (unmet.daily(), unmet.reasons());
    let offer = OfferView::at(facts.now, facts.read.stored.clone());
    let kpis = analytics.kpis(offer.remaining_budget);
    let as_of = facts.read.stored.offer.terms.zone.at(facts.now);
    queue_if_missing(app, facts.read.stored.offer.id, &forecast).await;
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

/// The forecast of an offer, cached or worked out on the fly.
pub async fn forecast(app: &App, offer: &OfferRef) -> Result<ForecastView, Error> {
    let (facts, forecast) = Facts::of(app, offer).await?.forecast(app).await?;
    queue_if_missing(app, facts.read.stored.offer.id, &forecast).await;
    Ok(forecast)
}

/// The forecast that an offer would have under other terms: `edit` turns the draft of what is stored into the
/// draft of what might be, by the rules of an edit. Nothing is changed.
pub async fn what_if(
    app: &App,
    offer: &OfferRef,
    edit: impl FnOnce(OfferDraft) -> OfferDraft,
) -> Result<ForecastView, Error> {
    let facts = Facts::of(app, offer).await?;
    let analytics = facts.analytics();
    let Analytics { offer, totals, today, .. } = analytics;
    let terms = edit(OfferDraft::from(&offer.terms)).check().map_err(Error::Invalid)?;
    // Nobody can ask for another currency or zone here, which is what a history forbids.
    OfferService { offer, totals, today }.check_edit(&terms, true).map_err(Error::Invalid)?;
    let what_if = WhatIf::from(&terms);
    app.compute(move || facts.computed(ForecastService::default().what_if(&facts.analytics(), &what_if)))
        .await
}

/// The answer is complete without the job, so a failure to queue it is logged and the answer given.
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
    // A range that begins after the offer's last day shows what there is: nothing, up to today.
    let default_to = from.map_or(whole.to, |from| whole.to.max(from));
    let to = to.unwrap_or(default_to).min(analytics.today);
    let latest_default = to.checked_sub_days(chrono::Days::new(DEFAULT_RANGE - 1)).unwrap_or(to);
    let from = from.unwrap_or_else(|| whole.from.max(latest_default).min(to));
    let invalid =
        |message: String| Err(Error::Invalid(vec![FieldError::new("from", "out_of_range", message)]));
    if from > to {
        return invalid(format!("has to be {to}, the end of the range, or an earlier day"));
    }
    if to.signed_duration_since(from).num_days() >= LONGEST_RANGE {
        return invalid(format!(
            "has to be less than {LONGEST_RANGE} days before the end of the range, {to}"
        ));
    }
    Ok(DateRange { from, to })
}
