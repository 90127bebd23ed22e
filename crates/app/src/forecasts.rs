use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use offercast_domain::{Analytics, CLAIMS_KEPT, Claim, Comparison, Day, ForecastService};
use offercast_storage::{NewForecast, OfferAnalyticsRepository, StoredOffer};

use crate::{App, Error};

/// What there is to know of an offer before its forecast is made.
struct Facts {
    stored: StoredOffer,
    days: Vec<Day>,
    /// Earlier forecasts whose days may be over by now.
    claims: Vec<Claim>,
}

/// What is to be stored of some offers.
#[derive(Default)]
struct Made {
    forecasts: Vec<NewForecast>,
    claims: Vec<(i64, Claim)>,
    comparisons: Vec<(i64, Comparison)>,
}

/// Makes and stores the forecasts of these offers, and holds earlier ones against what came; says how many
/// there were. Reads in one snapshot, and stores in one transaction that waits for no calculation.
pub async fn renew(app: &App, offer_ids: &[i64]) -> Result<usize, Error> {
    let service = ForecastService::default();
    let (facts, now) = read(app, service, offer_ids).await?;
    // Off the threads that keep the worker's heartbeat.
    let made = tokio::task::spawn_blocking(move || {
        let mut made = Made::default();
        facts.iter().for_each(|facts| made.add(service, facts, now));
        made
    })
    .await
    .map_err(|error| offercast_storage::Error::Unreadable(error.to_string()))?;
    store(app, service, &made, now).await?;
    Ok(made.forecasts.len())
}

/// What there is to know, and at what time it was so.
async fn read(
    app: &App,
    service: ForecastService,
    offer_ids: &[i64],
) -> Result<(Vec<Facts>, DateTime<Utc>), Error> {
    let mut tx = app.pool.snapshot().await?;
    // Once there is a connection: of two looks at an offer, the later one counts.
    let now = app.clock.now();
    let offers = offercast_storage::find_offers(&mut tx, offer_ids).await?;
    let days = OfferAnalyticsRepository::new(&mut tx).days_of(offer_ids).await?;
    // Nowhere is it later than tomorrow.
    let latest = now.date_naive() + Days::new(1);
    let claims = offercast_storage::open_claims(&mut tx, service.model.name(), offer_ids, latest).await?;
    tx.commit().await?;
    let mut days: HashMap<i64, Vec<Day>> = days.into_iter().collect();
    let mut claims_of: HashMap<i64, Vec<Claim>> = HashMap::new();
    for (id, claim) in claims {
        claims_of.entry(id).or_default().push(claim);
    }
    let facts = |stored: StoredOffer| {
        let id = stored.offer.id;
        let days = days.remove(&id).unwrap_or_default();
        Facts { stored, days, claims: claims_of.remove(&id).unwrap_or_default() }
    };
    Ok((offers.into_iter().map(facts).collect(), now))
}

impl Made {
    fn add(&mut self, service: ForecastService, facts: &Facts, now: DateTime<Utc>) {
        let Facts { stored, days, claims } = facts;
        let (offer, totals) = (&stored.offer, stored.totals);
        let today = offer.terms.zone.day_of(now);
        let analytics = Analytics { offer, totals, days, today };
        let forecast = service.forecast(&analytics);
        let compared = claims.iter().filter_map(|claim| claim.compare(days, today));
        self.comparisons.extend(compared.map(|comparison| (offer.id, comparison)));
        self.claims.extend(Claim::of(&forecast, &analytics).map(|claim| (offer.id, claim)));
        self.forecasts.push(NewForecast { offer_id: offer.id, forecast, redemptions_seen: totals.redeemed });
    }
}

async fn store(app: &App, service: ForecastService, made: &Made, now: DateTime<Utc>) -> Result<(), Error> {
    let model = service.model.name();
    let forget_before = now.date_naive().checked_sub_days(CLAIMS_KEPT).unwrap_or(NaiveDate::MIN);
    let mut tx = app.pool.begin().await?;
    offercast_storage::store_forecasts(&mut tx, &made.forecasts, now).await?;
    offercast_storage::store_comparisons(&mut tx, model, &made.comparisons).await?;
    offercast_storage::store_claims(&mut tx, model, &made.claims, forget_before).await?;
    tx.commit().await?;
    Ok(())
}
