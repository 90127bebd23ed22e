use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use offercast_domain::{
    Concern, Currency, DateRange, FieldError, Figure, OfferService, OfferState, Outcome, Periods, RunOut,
    Signs, Sums, TURNED_AWAY_DAYS, TurnedAway,
};
use offercast_storage::{OfferSums, OverviewRepository, StoredOffer, Tx};
use rust_decimal::Decimal;

use crate::{App, Error, OfferView};

/// Days that an overview shows when none are asked for, and at most.
const DEFAULT_RANGE: u64 = 30;
const LONGEST_RANGE: i64 = 366;
/// Offers in the list of the most redeemed ones.
const TOP: usize = 10;
/// Concerns that are listed; whoever has more has to begin somewhere.
const MOST_CONCERNS: usize = 50;
/// How old the forecasts may be whose outcome is of concern: the horizon and a few days more.
const OUTCOMES_OF: u64 = 20;
/// How far ahead of UTC the zone is where each day begins.
const FIRST_ZONE: TimeDelta = TimeDelta::hours(14);

/// All offers together, from one snapshot.
#[derive(Debug, Clone)]
pub struct OverviewView {
    pub as_of: DateTime<Utc>,
    pub periods: Periods,
    pub redemptions: Figure<i64>,
    /// Each currency of its own, the most redeemed first: amounts of different ones are never added up.
    pub discounts: Vec<(Currency, Figure<Decimal>)>,
    /// Every day of the range, zeros included.
    pub daily: Vec<(NaiveDate, i64)>,
    /// The offers that were redeemed most in the range.
    pub top: Vec<TopOffer>,
    /// What calls for attention, the most urgent first.
    pub concerns: Vec<(OfferView, Concern)>,
    /// How many there are, also those that are not listed.
    pub concerns_in_all: usize,
    pub states: States,
}

#[derive(Debug, Clone)]
pub struct TopOffer {
    pub offer: OfferView,
    pub redemptions: Figure<i64>,
    pub discount: Decimal,
}

/// Offers by what they do right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct States {
    pub active: usize,
    pub scheduled: usize,
    pub exhausted: usize,
}

/// All offers over a range of days, each day on the wall clock of the offer's own zone.
pub async fn overview(
    app: &App,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<OverviewView, Error> {
    let reader = app.clone();
    app.aside(async move { read(&reader, from, to).await }).await
}

async fn read(app: &App, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<OverviewView, Error> {
    let now = app.clock.now();
    let range = range(now, from, to)?;
    let mut tx = app.pool.snapshot().await?;
    let open = Open::read(&mut tx, now).await?;
    let mut repository = OverviewRepository::new(&mut tx);
    let periods = Periods::new(range, open.first_unfinished_day());
    let sums = repository.sums(&periods).await?;
    let by_day = repository.redemptions_by_day(range).await?;
    let top = top(&mut repository, &sums, now).await?;
    // Nobody waits for the end of a snapshot.
    drop(tx);
    let mut concerns = open.concerns();
    let concerns_in_all = concerns.len();
    concerns.truncate(MOST_CONCERNS);
    let days = range.from.iter_days().take_while(|day| *day <= range.to);
    Ok(OverviewView {
        as_of: now,
        periods,
        redemptions: sums.iter().map(|offer| offer.sums).sum::<Sums>().redemptions(),
        discounts: discounts(&sums),
        daily: days.map(|day| (day, by_day.get(&day).copied().unwrap_or_default())).collect(),
        top,
        concerns,
        concerns_in_all,
        states: open.states(),
    })
}

/// The end is at most the day that has begun somewhere.
fn range(now: DateTime<Utc>, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<DateRange, Error> {
    let latest = (now + FIRST_ZONE).date_naive();
    let to = to.unwrap_or_else(|| now.date_naive()).min(latest);
    let from = from.or_else(|| to.checked_sub_days(Days::new(DEFAULT_RANGE - 1))).unwrap_or(to);
    if from > to || to.signed_duration_since(from).num_days() >= LONGEST_RANGE {
        let message =
            format!("has to be {to}, the end of the range, or up to {} days earlier", LONGEST_RANGE - 1);
        return Err(Error::Invalid(vec![FieldError::new("from", "out_of_range", message)]));
    }
    Ok(DateRange { from, to })
}

/// What is known of the offers that are open.
struct Open {
    now: DateTime<Utc>,
    offers: Vec<OfferView>,
    run_outs: HashMap<i64, RunOut>,
    outcomes: HashMap<i64, Outcome>,
    turned_away: HashMap<i64, TurnedAway>,
}

impl Open {
    async fn read(tx: &mut Tx, now: DateTime<Utc>) -> Result<Open, Error> {
        let mut repository = OverviewRepository::new(tx);
        let stored = repository.open_offers(now).await?;
        let offers: Vec<OfferView> = stored.into_iter().map(|stored| OfferView::at(now, stored)).collect();
        let ids: Vec<i64> = offers.iter().map(|view| view.stored.offer.id).collect();
        let since = now.date_naive() - Days::new(OUTCOMES_OF);
        let outcomes = repository.outcomes(&ids, since).await?;
        let since = now.date_naive() - Days::new(TURNED_AWAY_DAYS - 1);
        let turned_away = repository.turned_away(&ids, since).await?;
        let run_outs = offercast_storage::run_outs(tx, &ids).await?;
        Ok(Open { now, offers, run_outs, outcomes, turned_away })
    }

    fn today(&self, view: &OfferView) -> NaiveDate {
        view.stored.offer.terms.zone.day_of(self.now)
    }

    /// Where the day begins last; in UTC if no offer is open.
    fn first_unfinished_day(&self) -> NaiveDate {
        let days = self.offers.iter().map(|view| self.today(view));
        days.min().unwrap_or_else(|| self.now.date_naive())
    }

    /// The most urgent first.
    fn concerns(&self) -> Vec<(OfferView, Concern)> {
        let mut concerns = Vec::new();
        for view in &self.offers {
            let StoredOffer { offer, totals, .. } = &view.stored;
            let signs = Signs {
                service: OfferService { offer, totals: *totals, today: self.today(view) },
                run_out: self.run_outs.get(&offer.id).copied(),
                outcome: self.outcomes.get(&offer.id).copied(),
                turned_away: self.turned_away.get(&offer.id).copied(),
            };
            concerns.extend(signs.concerns().into_iter().map(|concern| (view.clone(), concern)));
        }
        concerns.sort_by_key(|(view, concern)| (concern.urgency(), view.stored.offer.id));
        concerns
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

/// The offers with the most redemptions in the range.
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
