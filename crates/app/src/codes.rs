//! Issuing, counting and listing unique codes. `redemption` redeems them.

mod cipher;
mod keys;

use chrono::{DateTime, Utc};
use offercast_domain::{CodeSpace, CodesDraft, CodesOrder, OfferRef, UniqueCode};
use offercast_storage::codes::{self, CodeBatch, CodeUse};
use offercast_storage::idempotency::StoredResponse;
use offercast_storage::{Tx, offers};

use crate::access::Caller;
use crate::audit::{self, Record, change};
use crate::idempotency::{self, IdempotentRequest, IdempotentResponse};
use crate::{App, Error, StorageError};

use cipher::CodeCipher;
pub(crate) use keys::CodeCiphers;
pub use keys::CodeKey;

/// Codes that were issued together.
#[derive(Debug, Clone)]
pub struct IssuedCodes {
    pub offer_id: i64,
    pub order: CodesOrder,
    /// The serial of the first; the others follow.
    pub first_serial: i64,
    pub issued_at: DateTime<Utc>,
    /// One guess in `2^guess_bits` hits a code of this prefix and length.
    pub guess_bits: u32,
    /// The codes themselves, unless there are more than a response holds.
    pub codes: Option<Vec<UniqueCode>>,
}

/// Codes per response. The client downloads more.
const MAX_IN_RESPONSE: i64 = 1_000;

/// The answer to a request for codes.
#[derive(Debug, Clone)]
pub enum CodesAnswer {
    Issued(IssuedCodes),
    /// The response to an earlier copy of the request.
    Replayed(IssuedCodes),
    /// The response that version 0.1 stored, which stored it whole.
    Stored(IdempotentResponse),
}

/// Issues codes by reserving their serials. The time does not depend on their number.
pub async fn issue_codes(
    app: &App,
    offer: &OfferRef,
    draft: &CodesDraft,
    request: Option<IdempotentRequest>,
    caller: &Caller,
) -> Result<CodesAnswer, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    let meaning = format!("issue codes\n{}", order.fingerprint());
    let request = request.map(|request| request.with_meaning(meaning));
    let ciphers = app.code_ciphers().await?;
    let cipher = ciphers.newest()?;
    let mut tx = app.pool.begin().await?;
    let locked = offers::lock_counters(&mut tx, offer).await?;
    let (offer_id, _) = locked.ok_or(Error::OfferNotFound)?;
    let now = app.clock.now();
    if let Some(first) = idempotency::find_or_claim(app, &mut tx, offer_id, request.as_ref(), now).await? {
        let replayed = replay(&mut tx, ciphers, offer_id, first).await?;
        tx.commit().await?;
        return Ok(replayed);
    }
    let first_serial = codes::next_serial(&mut tx, offer_id).await?;
    let alike = codes::codes_alike(&mut tx, offer_id, &order.prefix, order.length).await?;
    CodeSpace::check(&order, offer_id, first_serial, alike).map_err(|error| Error::Invalid(vec![error]))?;
    codes::insert_code_batch(&mut tx, offer_id, first_serial, &order, cipher.key_id(), now).await?;
    let range = IssuedRange {
        first_serial,
        guess_bits: CodeSpace::new(order.length).guess_bits(alike.of_all + order.count),
    };
    idempotency::store(&mut tx, offer_id, request.as_ref(), range.to_response()).await?;
    let stored = offers::find_offer(&mut tx, &OfferRef::Id(offer_id)).await?.ok_or(Error::OfferNotFound)?;
    let changes = change("count", None::<i64>, Some(order.count)).into_iter().collect();
    let record = Record::of_offer("codes.issued", offer_id, &stored.offer.terms, changes);
    audit::record(&mut tx, caller, now, record).await?;
    tx.commit().await?;
    tracing::info!(offer_id, codes = order.count, "issued unique codes");
    metrics::counter!("offercast_codes_issued_total").increment(order.count.unsigned_abs());
    Ok(CodesAnswer::Issued(range.codes(cipher, offer_id, order, now)))
}

/// What is stored of a response under its idempotency key. The codes themselves are never stored.
struct IssuedRange {
    first_serial: i64,
    guess_bits: u32,
}

impl IssuedRange {
    fn to_response(&self) -> StoredResponse {
        let body = format!("{} {}", self.first_serial, self.guess_bits);
        StoredResponse { status: 201, headers: Vec::new(), body }
    }

    fn parse(body: &str) -> Option<IssuedRange> {
        let (first_serial, guess_bits) = body.split_once(' ')?;
        Some(IssuedRange { first_serial: first_serial.parse().ok()?, guess_bits: guess_bits.parse().ok()? })
    }

    fn codes(
        &self,
        cipher: &CodeCipher,
        offer_id: i64,
        order: CodesOrder,
        issued_at: DateTime<Utc>,
    ) -> IssuedCodes {
        let codes = (order.count <= MAX_IN_RESPONSE)
            .then(|| encrypt_all(cipher, offer_id, self.first_serial, &order));
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

/// Rebuilds the first response from the serials that it reserved.
async fn replay(
    tx: &mut Tx,
    ciphers: &CodeCiphers,
    offer_id: i64,
    first: IdempotentResponse,
) -> Result<CodesAnswer, Error> {
    let Some(range) = IssuedRange::parse(&first.response.body) else { return Ok(CodesAnswer::Stored(first)) };
    let batches = codes::code_batches(tx, offer_id, range.first_serial, range.first_serial + 1).await?;
    let missing =
        || StorageError::Unreadable(format!("no codes were issued from serial {}", range.first_serial));
    let batch = batches.into_iter().next().ok_or_else(missing)?;
    let cipher = ciphers.get(batch.key_id)?;
    let order = CodesOrder { count: batch.codes, prefix: batch.prefix, length: batch.length };
    Ok(CodesAnswer::Replayed(range.codes(cipher, offer_id, order, batch.issued_at)))
}

fn encrypt_all(cipher: &CodeCipher, offer_id: i64, first: i64, order: &CodesOrder) -> Vec<UniqueCode> {
    let serials = first..first + order.count;
    serials.filter_map(|serial| cipher.encrypt(offer_id, serial, &order.prefix, order.length)).collect()
}

/// Numbers of codes of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCounts {
    pub offer_id: i64,
    pub issued: i64,
    pub used: i64,
}

pub async fn count_codes(app: &App, offer: &OfferRef) -> Result<CodeCounts, Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offers::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let offer_id = stored.offer.id;
    let issued = codes::next_serial(&mut tx, offer_id).await?;
    let used = codes::used_codes(&mut tx, offer_id).await?;
    tx.commit().await?;
    Ok(CodeCounts { offer_id, issued, used })
}

/// An issued code, and its use.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedCode {
    pub code: UniqueCode,
    pub issued_at: DateTime<Utc>,
    pub used: Option<CodeUse>,
}

/// The codes of an offer with serials in the range `from..before`, in order. Exports read all codes range by range.
pub async fn codes_between(
    app: &App,
    offer_id: i64,
    from: i64,
    before: i64,
) -> Result<Vec<ListedCode>, Error> {
    let mut tx = app.pool.snapshot().await?;
    let batches = codes::code_batches(&mut tx, offer_id, from, before).await?;
    let uses = codes::code_uses(&mut tx, offer_id, from, before).await?;
    tx.commit().await?;
    let ciphers = app.code_ciphers().await?.clone();
    // A blocking thread, because this takes some milliseconds.
    let listing = tokio::task::spawn_blocking(move || list(&ciphers, offer_id, from..before, &batches, uses));
    listing.await.map_err(|error| StorageError::Unreadable(error.to_string()))?
}

fn list(
    ciphers: &CodeCiphers,
    offer_id: i64,
    serials: std::ops::Range<i64>,
    batches: &[CodeBatch],
    uses: Vec<CodeUse>,
) -> Result<Vec<ListedCode>, Error> {
    let mut uses = uses.into_iter().peekable();
    let mut listed = Vec::new();
    for batch in batches {
        let cipher = ciphers.get(batch.key_id)?;
        let from = batch.first_serial.max(serials.start);
        let before = (batch.first_serial + batch.codes).min(serials.end);
        for serial in from..before {
            let Some(code) = cipher.encrypt(offer_id, serial, &batch.prefix, batch.length) else { continue };
            let used = uses.next_if(|used| used.serial == serial);
            listed.push(ListedCode { code, issued_at: batch.issued_at, used });
        }
    }
    Ok(listed)
}
