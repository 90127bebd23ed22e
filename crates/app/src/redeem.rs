use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Currency, Desk, Grant, OfferRef, OfferService, Order, OrderDraft, Refusal};
use offercast_storage::{NewRedemptions, Tx};
use rust_decimal::Decimal;

use crate::lanes::{Unserved, Work};
use crate::{App, Clock, Error, Pool};

/// The forecast follows a redemption after this time, so that a burst leads to one job and not to many.
const FORECAST_DELAY: Duration = Duration::from_secs(3);

/// An accepted redemption.
#[derive(Debug, Clone, PartialEq)]
pub struct Redemption {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
    pub total_redemptions: i64,
    pub remaining_budget: Option<Decimal>,
}

impl Redemption {
    /// `after`: the offer as it stands after this redemption.
    fn new(id: i64, after: &OfferService<'_>, grant: Grant, redeemed_at: DateTime<Utc>) -> Redemption {
        Redemption {
            id,
            offer_id: after.offer.id,
            currency: after.offer.terms.currency,
            discount: grant.discount,
            redeemed_at,
            redemption_date: after.today,
            total_redemptions: grant.totals.redeemed,
            remaining_budget: after.remaining_budget(),
        }
    }
}

/// Redeems an offer for an order, in the lane of the offer.
pub async fn redeem(app: &App, offer: &OfferRef, draft: &OrderDraft) -> Result<Redemption, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    app.lanes.ask(offer.clone(), order).await.unwrap_or_else(|unserved| Err(unserved.into()))
}

impl From<Unserved> for Error {
    fn from(unserved: Unserved) -> Self {
        match unserved {
            Unserved::QueueFull => Error::Busy("too many redemptions of this offer are waiting"),
            Unserved::WaitedTooLong => Error::Busy("the redemption's turn did not come in time"),
            Unserved::Lost => Error::OutcomeUnknown(None),
        }
    }
}

/// Redeems batches, each in one transaction that touches one offer.
pub(crate) struct Redeemer {
    pub pool: Pool,
    pub clock: Clock,
}

impl Work for Redeemer {
    type Lane = OfferRef;
    type Request = Order;
    type Answer = Result<Redemption, Error>;

    /// What fails, fails for all of them: nothing of a batch is done without the rest of it.
    async fn serve(&self, offer: &OfferRef, batch: Vec<Order>) -> Vec<Self::Answer> {
        let done = self.redeem(offer, &batch).await;
        done.unwrap_or_else(|error| batch.iter().map(|_| Err(error.clone())).collect())
    }
}

impl Redeemer {
    /// Decided and recorded under the lock of the offer's counters, so that no two redemptions of it are
    /// decided on the same totals. A batch that waits for the lock is decided by the time at which it
    /// gets it.
    async fn redeem(
        &self,
        offer: &OfferRef,
        orders: &[Order],
    ) -> Result<Vec<Result<Redemption, Error>>, Error> {
        let mut tx = self.pool.begin().await?;
        let stored = offercast_storage::lock_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
        let now = self.clock.now();
        let today = stored.offer.terms.zone.day_of(now);
        let service = OfferService { offer: &stored.offer, totals: stored.totals, today };
        let mut desk = Desk::new(service);
        let decisions: Vec<_> = orders.iter().map(|order| desk.decide(order)).collect();
        let new = NewRedemptions {
            offer_id: stored.offer.id,
            redeemed_at: now,
            redemption_date: today,
            budget: stored.offer.terms.budget,
            accepted: accepted(orders, &decisions),
            totals: desk.totals(),
        };
        let mut ids = record(&mut tx, &new).await?.into_iter();
        let mut answer = |grant: Grant| {
            let id = ids.next().expect("the database gives one id a row");
            Redemption::new(id, &OfferService { totals: grant.totals, ..service }, grant, now)
        };
        let answers =
            decisions.into_iter().map(|decision| decision.map(&mut answer).map_err(Error::from)).collect();
        tx.commit().await?;
        Ok(answers)
    }
}

fn accepted<'a>(orders: &'a [Order], decisions: &[Result<Grant, Refusal>]) -> Vec<(&'a Order, Grant)> {
    let both = orders.iter().zip(decisions);
    both.filter_map(|(order, decision)| decision.ok().map(|grant| (order, grant))).collect()
}

/// The ids of what was accepted, in its order. A batch of refusals writes nothing.
async fn record(tx: &mut Tx, new: &NewRedemptions<'_>) -> Result<Vec<i64>, Error> {
    if new.accepted.is_empty() {
        return Ok(Vec::new());
    }
    let ids = offercast_storage::record_redemptions(tx, new).await?;
    offercast_storage::jobs::enqueue_forecast(tx, new.offer_id, FORECAST_DELAY).await?;
    Ok(ids)
}
