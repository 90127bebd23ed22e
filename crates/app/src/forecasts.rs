use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use offercast_domain::{Analytics, Comparison, Day, ForecastService, ForecastSnapshot, SNAPSHOTS_KEPT};
use offercast_storage::analytics::OfferAnalyticsRepository;
use offercast_storage::forecasts::NewForecast;
use offercast_storage::offers::StoredOffer;

use crate::{App, Error};

/// The input of a forecast.
struct ForecastInput {
    stored: StoredOffer,
    days: Vec<Day>,
    /// Earlier forecasts whose days may be over by now.
    snapshots: Vec<ForecastSnapshot>,
}

/// The results to store for a set of offers.
#[derive(Default)]
struct ForecastResults {
    forecasts: Vec<NewForecast>,
    snapshots: Vec<(i64, ForecastSnapshot)>,
    comparisons: Vec<(i64, Comparison)>,
}

/// Computes and stores the forecasts of these offers, and compares earlier ones with the actual redemptions. Returns
/// the number of forecasts. Reads in one database snapshot and stores in one transaction, with no transaction open
/// while computing.
pub async fn renew(app: &App, offer_ids: &[i64]) -> Result<usize, Error> {
    let service = ForecastService::default();
    let (inputs, now) = read(app, service, offer_ids).await?;
    // A blocking thread, so that the worker's heartbeat is not delayed.
    let results = tokio::task::spawn_blocking(move || {
        let mut results = ForecastResults::default();
        inputs.iter().for_each(|input| results.add(service, input, now));
        results
    })
    .await
    .map_err(|error| offercast_storage::Error::Unreadable(error.to_string()))?;
    store(app, service, &results, now).await?;
    Ok(results.forecasts.len())
}

/// Reads the inputs and returns them with the time of reading.
async fn read(
    app: &App,
    service: ForecastService,
    offer_ids: &[i64],
) -> Result<(Vec<ForecastInput>, DateTime<Utc>), Error> {
    let mut tx = app.pool.snapshot().await?;
    // Taken after waiting for a connection: of two forecasts, the one with the later time is kept.
    let now = app.clock.now();
    let offers = offercast_storage::offers::find_offers(&mut tx, offer_ids).await?;
    let days = OfferAnalyticsRepository::new(&mut tx).days_of(offer_ids).await?;
    // The latest date in any time zone is at most tomorrow's date in UTC.
    let latest = now.date_naive() + Days::new(1);
    let model = service.model.name();
    let snapshots =
        offercast_storage::forecast_accuracy::pending_forecast_snapshots(&mut tx, model, offer_ids, latest)
            .await?;
    tx.commit().await?;
    let mut days: HashMap<i64, Vec<Day>> = days.into_iter().collect();
    let mut snapshots_by_offer: HashMap<i64, Vec<ForecastSnapshot>> = HashMap::new();
    for (id, snapshot) in snapshots {
        snapshots_by_offer.entry(id).or_default().push(snapshot);
    }
    let input = |stored: StoredOffer| {
        let id = stored.offer.id;
        let days = days.remove(&id).unwrap_or_default();
        ForecastInput { stored, days, snapshots: snapshots_by_offer.remove(&id).unwrap_or_default() }
    };
    Ok((offers.into_iter().map(input).collect(), now))
}

impl ForecastResults {
    fn add(&mut self, service: ForecastService, input: &ForecastInput, now: DateTime<Utc>) {
        let ForecastInput { stored, days, snapshots } = input;
        let (offer, totals) = (&stored.offer, stored.totals);
        let today = offer.terms.zone.day_of(now);
        let analytics = Analytics { offer, totals, days, today };
        let forecast = service.forecast(&analytics);
        let compared = snapshots.iter().filter_map(|snapshot| snapshot.compare(days, today));
        self.comparisons.extend(compared.map(|comparison| (offer.id, comparison)));
        self.snapshots
            .extend(ForecastSnapshot::of(&forecast, &analytics).map(|snapshot| (offer.id, snapshot)));
        self.forecasts.push(NewForecast { offer_id: offer.id, forecast, redemptions_seen: totals.redeemed });
    }
}

async fn store(
    app: &App,
    service: ForecastService,
    results: &ForecastResults,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let model = service.model.name();
    let delete_before = now.date_naive().checked_sub_days(SNAPSHOTS_KEPT).unwrap_or(NaiveDate::MIN);
    let mut tx = app.pool.begin().await?;
    offercast_storage::forecasts::store_forecasts(&mut tx, &results.forecasts, now).await?;
    offercast_storage::forecast_accuracy::store_comparisons(&mut tx, model, &results.comparisons).await?;
    offercast_storage::forecast_accuracy::store_forecast_snapshots(
        &mut tx,
        model,
        &results.snapshots,
        delete_before,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
