use chrono::{DateTime, Utc};
use offercast_domain::redemption::{Hold, Rejection};
use offercast_domain::{Currency, Held, OfferRef, OfferService, Order, OrderDraft};
use offercast_storage::Tx;
use offercast_storage::offers::StoredOffer;
use offercast_storage::redemption::prior::Entry;
use offercast_storage::redemption::reservations::ReservationFilter;
use rust_decimal::Decimal;

use crate::{App, Error};

/// The result that a redemption would have now.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    pub currency: Currency,
    /// The discount that would be given; 0 if the redemption would be declined.
    pub discount: Decimal,
    /// The discount by the terms.
    pub discount_asked: Decimal,
    /// Codes of all reasons to decline it, in the documented order.
    pub reasons: Vec<&'static str>,
}

/// Returns the result that a redemption would have now. Changes nothing: it reads a snapshot and takes no locks.
pub async fn quote(app: &App, offer: &OfferRef, draft: &OrderDraft) -> Result<Quote, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::offers::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let now = app.clock.now();
    let standing = standing(&mut tx, stored.offer.id, &order).await?;
    let expired = expired(&mut tx, &stored, now).await?;
    let uses = uses(&mut tx, &stored, &order.customer_id).await?;
    tx.commit().await?;
    // Redeeming would first release expired holds, so they do not count.
    let totals = expired.iter().fold(stored.totals, |totals, hold| totals.release(hold.discount));
    let own = expired.iter().filter(|hold| hold.order.customer_id == order.customer_id).count();
    let uses = uses - i64::try_from(own).unwrap_or(uses);
    let today = stored.offer.terms.zone.day_of(now);
    let service = OfferService { offer: &stored.offer, totals, today };
    Ok(answer(&service, &order, uses, standing.as_ref()))
}

/// Returns the redemption that counts for the order's `order_id`, if there is one.
async fn standing(tx: &mut Tx, offer_id: i64, order: &Order) -> Result<Option<Entry>, Error> {
    let Some(order_id) = &order.order_id else { return Ok(None) };
    let orders =
        offercast_storage::redemption::prior::redeemed_orders(tx, offer_id, std::slice::from_ref(order_id))
            .await?;
    let ids: Vec<i64> = orders.into_iter().map(|(_, id)| id).collect();
    Ok(offercast_storage::redemption::prior::entries(tx, offer_id, &ids).await?.pop())
}

async fn uses(tx: &mut Tx, stored: &StoredOffer, customer_id: &str) -> Result<i64, Error> {
    if stored.offer.terms.max_redemptions_per_customer.is_none() {
        return Ok(0);
    }
    let uses =
        offercast_storage::customer_usage::find_usage(tx, stored.offer.id, &[customer_id.to_owned()]).await?;
    Ok(uses.into_iter().map(|(_, uses)| uses).sum())
}

async fn expired(tx: &mut Tx, stored: &StoredOffer, now: DateTime<Utc>) -> Result<Vec<Hold>, Error> {
    if stored.totals.held == Held::default() {
        return Ok(Vec::new());
    }
    let only_expired = ReservationFilter::default();
    let expired = offercast_storage::redemption::reservations::find_reservations(
        tx,
        stored.offer.id,
        &only_expired,
        now,
    )
    .await?;
    Ok(expired.into_iter().map(|reservation| reservation.hold).collect())
}

fn answer(service: &OfferService<'_>, order: &Order, uses: i64, standing: Option<&Entry>) -> Quote {
    let quote = service.quote(order.order_amount, uses);
    let reasons = quote.reasons.iter().map(|refusal| refusal.code());
    let (discount, reasons) = match standing {
        // Redeeming would return the stored result of the first request.
        Some(entry) if entry.order.is_same(order) => (entry.discount, Vec::new()),
        Some(entry) => {
            let redeemed = Rejection::OrderAlreadyRedeemed(entry.id).code();
            (Decimal::ZERO, std::iter::once(redeemed).chain(reasons).collect())
        }
        None => (quote.discount, reasons.collect()),
    };
    let currency = service.offer.terms.currency;
    Quote { currency, discount, discount_asked: quote.discount_asked, reasons }
}
