use offercast_domain::OfferRef;
use offercast_storage::{LedgerRow, StoredOffer};

use crate::{App, Error};

/// A page of the ledger, newest first.
#[derive(Debug, Clone)]
pub struct LedgerPage {
    pub rows: Vec<LedgerRow>,
    /// The id before which the next page begins; None on the last one.
    pub next: Option<i64>,
}

pub async fn ledger_page(
    app: &App,
    offer: &OfferRef,
    before: Option<i64>,
    limit: usize,
) -> Result<LedgerPage, Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = offercast_storage::ledger_page(&mut tx, stored.offer.id, before, wanted).await?;
    tx.commit().await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(LedgerPage { next: rows.last().map(|row| row.id).filter(|_| more), rows })
}

/// A stretch of the ledger, oldest first, after an id: for exports, which go through all of it.
pub async fn ledger_after(
    app: &App,
    offer: &StoredOffer,
    after: i64,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let mut tx = app.pool.snapshot().await?;
    let rows = offercast_storage::ledger_since(&mut tx, offer.offer.id, after, limit).await?;
    tx.commit().await?;
    Ok(rows)
}
