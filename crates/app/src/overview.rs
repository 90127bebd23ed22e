use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use offercast_domain::access::OfferScope;
use offercast_domain::{
    Alert, AlertInputs, Currency, DateRange, FieldError, Figure, OfferService, OfferState, Outcome, Periods,
    RunOut, Sums, TURNED_AWAY_DAYS, TurnedAway,
};
use offercast_storage::Tx;
use offercast_storage::offers::StoredOffer;
use offercast_storage::overview::OfferSums;
use offercast_storage::overview::OverviewRepository;
use rust_decimal::Decimal;

use crate::{App, Error, OfferView};

/// Default and maximum number of days of an overview.
const DEFAULT_RANGE: u64 = 30;
const LONGEST_RANGE: i64 = 366;
/// Offers in the list of the most redeemed ones.
const TOP: usize = 10;
/// Maximum number of alerts in the list.
const MAX_ALERTS: usize = 50;
/// Maximum age in days of the forecasts whose outcome can raise an alert: the horizon and a few days more.
const OUTCOMES_OF: u64 = 20;
/// Offset of the time zone in which each day starts first.
const FIRST_ZONE: TimeDelta = TimeDelta::hours(14);

/// The overview of all offers, read from one database snapshot.
#[derive(Debug, Clone)]
pub struct OverviewView {
    pub as_of: DateTime<Utc>,
    pub periods: Periods,
    pub redemptions: Figure<i64>,
    /// By currency, the most redeemed first. Amounts in different currencies are never added up.
    pub discounts: Vec<(Currency, Figure<Decimal>)>,
    /// Every day of the range, zeros included.
    pub daily: Vec<(NaiveDate, i64)>,
    /// The offers with the most redemptions in the range.
    pub top: Vec<TopOffer>,
    /// Most urgent first, at most [`MAX_ALERTS`].
    pub alerts: Vec<(OfferView, Alert)>,
    /// Number of alerts, including those that are not listed.
    pub alerts_total: usize,
    pub states: States,
}

#[derive(Debug, Clone)]
pub struct TopOffer {
    pub offer: OfferView,
    pub redemptions: Figure<i64>,
    pub discount: Decimal,
}

/// Number of offers by their current state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct States {
    pub active: usize,
    pub scheduled: usize,
    pub exhausted: usize,
}

/// Returns the overview of all offers for a range of days. Days are those of each offer's time zone.
pub async fn overview(
    app: &App,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    scope: &OfferScope,
) -> Result<OverviewView, Error> {
    let (reader, scope) = (app.clone(), scope.clone());
    app.run_on_main_runtime(async move { read(&reader, from, to, &scope).await }).await
}

async fn read(
    app: &App,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    scope: &OfferScope,
) -> Result<OverviewView, Error> {
    let now = app.clock.now();
    let range = range(now, from, to)?;
    let mut tx = app.pool.snapshot().await?;
    let open = OpenOffers::read(&mut tx, now, scope).await?;
    let mut repository = OverviewRepository::new(&mut tx, scope);
    let periods = Periods::new(range, open.first_unfinished_day());
    let sums = repository.sums(&periods).await?;
    let by_day = repository.redemptions_by_day(range).await?;
    let top = top(&mut repository, &sums, now).await?;
    // A snapshot needs no commit; dropping it does not delay the response.
    drop(tx);
    let mut alerts = open.alerts();
    let alerts_total = alerts.len();
    alerts.truncate(MAX_ALERTS);
    let days = range.from.iter_days().take_while(|day| *day <= range.to);
    Ok(OverviewView {
        as_of: now,
        periods,
        redemptions: sums.iter().map(|offer| offer.sums).sum::<Sums>().redemptions(),
        discounts: discounts(&sums),
        daily: days.map(|day| (day, by_day.get(&day).copied().unwrap_or_default())).collect(),
        top,
        alerts,
        alerts_total,
        states: open.states(),
    })
}

/// Validates the range. Its end is at most the latest date in any time zone.
fn range(now: DateTime<Utc>, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<DateRange, Error> {
    let latest = (now + FIRST_ZONE).date_naive();
    let to = to.unwrap_or_else(|| now.date_naive()).min(latest);
    let from = from.or_else(|| to.checked_sub_days(Days::new(DEFAULT_RANGE - 1))).unwrap_or(to);
    if from > to || to.signed_duration_since(from).num_days() >= LONGEST_RANGE {
        let message = format!(
            "must not be after {to}, the end of the range, nor more than {} days before it",
            LONGEST_RANGE - 1
        );
        return Err(Error::Invalid(vec![FieldError::new("from", "out_of_range", message)]));
    }
    Ok(DateRange { from, to })
}

/// The open offers with the inputs of their alerts.
struct OpenOffers {
    now: DateTime<Utc>,
    offers: Vec<OfferView>,
    run_outs: HashMap<i64, RunOut>,
    outcomes: HashMap<i64, Outcome>,
    turned_away: HashMap<i64, TurnedAway>,
}

impl OpenOffers {
    async fn read(tx: &mut Tx, now: DateTime<Utc>, scope: &OfferScope) -> Result<OpenOffers, Error> {
        let mut repository = OverviewRepository::new(tx, scope);
        let stored = repository.open_offers(now).await?;
        let offers: Vec<OfferView> = stored.into_iter().map(|stored| OfferView::at(now, stored)).collect();
        let ids: Vec<i64> = offers.iter().map(|view| view.stored.offer.id).collect();
        let since = now.date_naive() - Days::new(OUTCOMES_OF);
        let outcomes = repository.outcomes(&ids, since).await?;
        let since = now.date_naive() - Days::new(TURNED_AWAY_DAYS - 1);
        let turned_away = repository.turned_away(&ids, since).await?;
        let run_outs = offercast_storage::forecasts::run_outs(tx, &ids).await?;
        Ok(OpenOffers { now, offers, run_outs, outcomes, turned_away })
    }

    fn today(&self, view: &OfferView) -> NaiveDate {
        view.stored.offer.terms.zone.day_of(self.now)
    }

    /// Returns the earliest current day in the time zones of the offers; in UTC if no offer is open.
    fn first_unfinished_day(&self) -> NaiveDate {
        let days = self.offers.iter().map(|view| self.today(view));
        days.min().unwrap_or_else(|| self.now.date_naive())
    }

    /// Returns the alerts, most urgent first.
    fn alerts(&self) -> Vec<(OfferView, Alert)> {
        let mut alerts = Vec::new();
        for view in &self.offers {
            let StoredOffer { offer, totals, .. } = &view.stored;
            let inputs = AlertInputs {
                service: OfferService { offer, totals: *totals, today: self.today(view) },
                run_out: self.run_outs.get(&offer.id).copied(),
                outcome: self.outcomes.get(&offer.id).copied(),
                turned_away: self.turned_away.get(&offer.id).copied(),
            };
            alerts.extend(inputs.alerts().into_iter().map(|alert| (view.clone(), alert)));
        }
        alerts.sort_by_key(|(view, alert)| (alert.urgency(), view.stored.offer.id));
        alerts
    }

    fn states(&self) -> States {
        let mut states = States::default();
        for view in &self.offers {
            match view.state {
                OfferState::Active => states.active += 1,
                OfferState::Scheduled => states.scheduled += 1,
                OfferState::BudgetExhausted | OfferState::RedemptionsExhausted => states.exhausted += 1,
                OfferState::Paused | OfferState::Expired | OfferState::Archived => {}
            }
        }
        states
    }
}

fn discounts(offers: &[OfferSums]) -> Vec<(Currency, Figure<Decimal>)> {
    let mut by_currency: HashMap<Currency, Sums> = HashMap::new();
    for offer in offers {
        *by_currency.entry(offer.currency).or_default() += offer.sums;
    }
    let mut all: Vec<_> = by_currency.into_iter().filter(|(_, sums)| sums.range.redemptions > 0).collect();
    all.sort_by_key(|(currency, sums)| (Reverse(sums.range.redemptions), currency.code()));
    all.into_iter().map(|(currency, sums)| (currency, sums.discount())).collect()
}

/// Returns the offers with the most redemptions in the range.
async fn top(
    repository: &mut OverviewRepository<'_>,
    sums: &[OfferSums],
    now: DateTime<Utc>,
) -> Result<Vec<TopOffer>, Error> {
    let redeemed = |offer: &&OfferSums| offer.sums.range.redemptions;
    let mut top: Vec<&OfferSums> = sums.iter().filter(|offer| redeemed(offer) > 0).collect();
    top.sort_by_key(|offer| (Reverse(redeemed(offer)), offer.offer_id));
    top.truncate(TOP);
    let ids: Vec<i64> = top.iter().map(|sum| sum.offer_id).collect();
    let stored = repository.offers(&ids).await?;
    let mut stored: HashMap<i64, StoredOffer> =
        stored.into_iter().map(|stored| (stored.offer.id, stored)).collect();
    let offers = top.into_iter().filter_map(|sum| {
        Some(TopOffer {
            offer: OfferView::at(now, stored.remove(&sum.offer_id)?),
            redemptions: sum.sums.redemptions(),
            discount: sum.sums.range.discount,
        })
    });
    Ok(offers.collect())
}
