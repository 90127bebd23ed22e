//! Unique codes: issuing them, and listing those that there are. They are redeemed in the lane of their offer.

mod seal;

use chrono::{DateTime, Utc};
use offercast_domain::{CodeSpace, CodesDraft, CodesOrder, OfferRef, UniqueCode};
use offercast_storage::{CodeBatch, CodeUse, KeptAnswer, Tx};

use crate::kept::{self, Kept, Keyed};
use crate::{App, Error, StorageError};

pub(crate) use seal::Seal;

/// Codes that were issued together.
#[derive(Debug, Clone)]
pub struct IssuedCodes {
    pub offer_id: i64,
    pub order: CodesOrder,
    /// The serial of the first of them; the others follow.
    pub first_serial: i64,
    pub issued_at: DateTime<Utc>,
    /// One guess in two to this power hits a code of this prefix and length.
    pub guess_bits: u32,
    /// The codes themselves, unless there are many.
    pub codes: Option<Vec<UniqueCode>>,
}

/// Codes that are told at once; more are fetched.
const TOLD_AT_ONCE: i64 = 1_000;

/// The answer to a request for codes.
#[derive(Debug, Clone)]
pub enum CodesAnswer {
    Issued(IssuedCodes),
    /// The same request was answered before.
    Replayed(IssuedCodes),
    /// It was answered by version 0.1, which kept the whole answer.
    Stored(Kept),
}

/// Issues codes: takes serials that no code had or will have. How long that takes does not depend on their number.
pub async fn issue_codes(
    app: &App,
    offer: &OfferRef,
    draft: &CodesDraft,
    keyed: Option<Keyed>,
) -> Result<CodesAnswer, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    let keyed = keyed.map(|keyed| keyed.meaning(format!("issue codes\n{}", order.fingerprint())));
    let seal = app.seal().await?;
    let mut tx = app.pool.begin().await?;
    let locked = offercast_storage::lock_counters(&mut tx, offer).await?;
    let (offer_id, _) = locked.ok_or(Error::OfferNotFound)?;
    let now = app.clock.now();
    if let Some(first) = kept::first_answer(&mut tx, offer_id, keyed.as_ref(), now).await? {
        let answer = replay(&mut tx, seal, offer_id, first).await?;
        tx.commit().await?;
        return Ok(answer);
    }
    let first_serial = offercast_storage::next_serial(&mut tx, offer_id).await?;
    let alike = offercast_storage::codes_alike(&mut tx, offer_id, &order.prefix, order.length).await?;
    CodeSpace::check(&order, offer_id, first_serial, alike).map_err(|error| Error::Invalid(vec![error]))?;
    offercast_storage::insert_code_batch(&mut tx, offer_id, first_serial, &order, now).await?;
    let range = IssuedRange {
        first_serial,
        guess_bits: CodeSpace::new(order.length).guess_bits(alike.of_all + order.count),
    };
    kept::keep(&mut tx, offer_id, keyed.as_ref(), range.to_store()).await?;
    tx.commit().await?;
    tracing::info!(offer_id, codes = order.count, "issued unique codes");
    metrics::counter!("offercast_codes_issued_total").increment(order.count.unsigned_abs());
    Ok(CodesAnswer::Issued(range.codes(seal, offer_id, order, now)))
}

/// What is stored of an answer under its key: the codes themselves are never stored.
struct IssuedRange {
    first_serial: i64,
    guess_bits: u32,
}

impl IssuedRange {
    fn to_store(&self) -> KeptAnswer {
        let body = format!("{} {}", self.first_serial, self.guess_bits);
        KeptAnswer { status: 201, headers: Vec::new(), body }
    }

    fn parse(body: &str) -> Option<IssuedRange> {
        let (first_serial, guess_bits) = body.split_once(' ')?;
        Some(IssuedRange { first_serial: first_serial.parse().ok()?, guess_bits: guess_bits.parse().ok()? })
    }

    fn codes(&self, seal: &Seal, offer_id: i64, order: CodesOrder, issued_at: DateTime<Utc>) -> IssuedCodes {
        let codes = (order.count <= TOLD_AT_ONCE).then(|| all_of(seal, offer_id, self.first_serial, &order));
        IssuedCodes {
            offer_id,
            first_serial: self.first_serial,
            issued_at,
            guess_bits: self.guess_bits,
            codes,
            order,
        }
    }
}

/// The first answer again, worked out from the serials that it took.
async fn replay(tx: &mut Tx, seal: &Seal, offer_id: i64, first: Kept) -> Result<CodesAnswer, Error> {
    let Some(range) = IssuedRange::parse(&first.answer.body) else { return Ok(CodesAnswer::Stored(first)) };
    let batches =
        offercast_storage::code_batches(tx, offer_id, range.first_serial, range.first_serial + 1).await?;
    let missing = || StorageError::Unreadable(format!("no codes were issued from {} on", range.first_serial));
    let batch = batches.into_iter().next().ok_or_else(missing)?;
    let order = CodesOrder { count: batch.codes, prefix: batch.prefix, length: batch.length };
    Ok(CodesAnswer::Replayed(range.codes(seal, offer_id, order, batch.issued_at)))
}

fn all_of(seal: &Seal, offer_id: i64, first: i64, order: &CodesOrder) -> Vec<UniqueCode> {
    let serials = first..first + order.count;
    serials.filter_map(|serial| seal.code(offer_id, serial, &order.prefix, order.length)).collect()
}

/// How many codes an offer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCounts {
    pub offer_id: i64,
    pub issued: i64,
    pub used: i64,
}

pub async fn count_codes(app: &App, offer: &OfferRef) -> Result<CodeCounts, Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let offer_id = stored.offer.id;
    let issued = offercast_storage::next_serial(&mut tx, offer_id).await?;
    let used = offercast_storage::used_codes(&mut tx, offer_id).await?;
    tx.commit().await?;
    Ok(CodeCounts { offer_id, issued, used })
}

/// A code that was issued, and its use.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedCode {
    pub code: UniqueCode,
    pub issued_at: DateTime<Utc>,
    pub used: Option<CodeUse>,
}

/// The codes of an offer from a serial on and before another, in their order: for exports, which go through all of
/// them in stretches.
pub async fn codes_between(
    app: &App,
    offer_id: i64,
    from: i64,
    before: i64,
) -> Result<Vec<ListedCode>, Error> {
    app.seal().await?;
    let mut tx = app.pool.snapshot().await?;
    let batches = offercast_storage::code_batches(&mut tx, offer_id, from, before).await?;
    let uses = offercast_storage::code_uses(&mut tx, offer_id, from, before).await?;
    tx.commit().await?;
    let app = app.clone();
    // Off the threads that answer others: a stretch of codes is worked out for some milliseconds.
    let listing = tokio::task::spawn_blocking(move || {
        app.seal.get().map(|seal| list(seal, offer_id, from..before, &batches, uses))
    });
    let listed = listing.await.map_err(|error| StorageError::Unreadable(error.to_string()))?;
    Ok(listed.unwrap_or_default())
}

fn list(
    seal: &Seal,
    offer_id: i64,
    serials: std::ops::Range<i64>,
    batches: &[CodeBatch],
    uses: Vec<CodeUse>,
) -> Vec<ListedCode> {
    let mut uses = uses.into_iter().peekable();
    let mut listed = Vec::new();
    for batch in batches {
        let from = batch.first_serial.max(serials.start);
        let before = (batch.first_serial + batch.codes).min(serials.end);
        for serial in from..before {
            let Some(code) = seal.code(offer_id, serial, &batch.prefix, batch.length) else { continue };
            let used = uses.next_if(|used| used.serial == serial);
            listed.push(ListedCode { code, issued_at: batch.issued_at, used });
        }
    }
    listed
}
