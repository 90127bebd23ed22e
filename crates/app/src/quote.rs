use offercast_domain::{Currency, OfferRef, OfferService, Order, OrderDraft};
use offercast_storage::{Entry, Tx};
use rust_decimal::Decimal;

use crate::{App, Error, ORDER_ALREADY_REDEEMED};

/// What redeeming would answer right now.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    pub currency: Currency,
    /// What would be given; nothing where it would be refused.
    pub discount: Decimal,
    /// What the terms give an order of this amount.
    pub discount_asked: Decimal,
    /// The codes of everything that speaks against it, in the order in which it is told.
    pub reasons: Vec<&'static str>,
}

/// Says what redeeming would answer, and changes nothing: it reads a snapshot and waits for nobody.
pub async fn quote(app: &App, offer: &OfferRef, draft: &OrderDraft) -> Result<Quote, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let standing = standing(&mut tx, stored.offer.id, &order).await?;
    tx.commit().await?;
    let today = stored.offer.terms.zone.day_of(app.clock.now());
    let service = OfferService { offer: &stored.offer, totals: stored.totals, today };
    Ok(answer(&service, &order, standing.as_ref()))
}

/// The redemption that stands for the order, if it names one that has been redeemed.
async fn standing(tx: &mut Tx, offer_id: i64, order: &Order) -> Result<Option<Entry>, Error> {
    let Some(order_id) = &order.order_id else { return Ok(None) };
    let orders = offercast_storage::standing_orders(tx, offer_id, std::slice::from_ref(order_id)).await?;
    let ids: Vec<i64> = orders.into_iter().map(|(_, id)| id).collect();
    Ok(offercast_storage::entries(tx, offer_id, &ids).await?.pop())
}

fn answer(service: &OfferService<'_>, order: &Order, standing: Option<&Entry>) -> Quote {
    let quote = service.quote(order.order_amount);
    let reasons = quote.reasons.iter().map(|refusal| refusal.code());
    let (discount, reasons) = match standing {
        // Redeeming would give the first answer again.
        Some(entry) if is_same(entry, order) => (entry.discount, Vec::new()),
        Some(_) => (Decimal::ZERO, std::iter::once(ORDER_ALREADY_REDEEMED).chain(reasons).collect()),
        None => (quote.discount, reasons.collect()),
    };
    let currency = service.offer.terms.currency;
    Quote { currency, discount, discount_asked: quote.discount_asked, reasons }
}

fn is_same(standing: &Entry, order: &Order) -> bool {
    standing.customer_id == order.customer_id && standing.order_amount == order.order_amount
}
