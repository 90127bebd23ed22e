use offercast_domain::OfferRef;
use offercast_storage::offers::StoredOffer;
use offercast_storage::redemption::ledger::LedgerRow;

use crate::{App, Error};

/// A page of the ledger, newest first.
#[derive(Debug, Clone)]
pub struct LedgerPage {
    pub rows: Vec<LedgerRow>,
    /// The next page starts before this id. `None` on the last page.
    pub next: Option<i64>,
}

/// Reads a page of an offer's ledger. `before`: the `next` of the previous page.
pub async fn ledger_page(
    app: &App,
    offer: &OfferRef,
    before: Option<i64>,
    limit: usize,
) -> Result<LedgerPage, Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::offers::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let mut rows =
        offercast_storage::redemption::ledger::ledger_page(&mut tx, stored.offer.id, before, wanted).await?;
    tx.commit().await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(LedgerPage { next: rows.last().map(|row| row.id).filter(|_| more), rows })
}

/// Reads up to `limit` ledger rows after an id, oldest first. For exports of the whole ledger.
pub async fn ledger_after(
    app: &App,
    offer: &StoredOffer,
    after: i64,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let mut tx = app.pool.snapshot().await?;
    let rows =
        offercast_storage::redemption::ledger::ledger_since(&mut tx, offer.offer.id, after, limit).await?;
    tx.commit().await?;
    Ok(rows)
}
