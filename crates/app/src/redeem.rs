use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Currency, OfferRef, OfferService, OrderDraft};
use offercast_storage::NewRedemption;
use rust_decimal::Decimal;

use crate::{App, Error};

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

/// Redeems an offer for an order: decided and recorded under the lock of the offer's counters, so that no
/// two redemptions of it are decided on the same totals. Whoever waits for the lock is decided by the
/// time at which it gets it.
pub async fn redeem(app: &App, offer: &OfferRef, draft: &OrderDraft) -> Result<Redemption, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    let mut tx = app.pool.begin().await?;
    let stored = offercast_storage::lock_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let redeemed_at = app.clock.now();
    let today = stored.offer.terms.zone.day_of(redeemed_at);
    let service = OfferService { offer: &stored.offer, totals: stored.totals, today };
    let grant = service.redeem(order.order_amount)?;
    let offer_id = stored.offer.id;
    let new = NewRedemption { offer_id, order: &order, grant, redeemed_at, redemption_date: today };
    let id = offercast_storage::record_redemption(&mut tx, &new).await?;
    offercast_storage::jobs::enqueue_forecast(&mut tx, offer_id, FORECAST_DELAY).await?;
    tx.commit().await?;
    Ok(Redemption {
        id,
        offer_id,
        currency: stored.offer.terms.currency,
        discount: grant.discount,
        redeemed_at,
        redemption_date: today,
        total_redemptions: grant.totals.redeemed,
        remaining_budget: OfferService { totals: grant.totals, ..service }.remaining_budget(),
    })
}
