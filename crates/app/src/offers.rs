use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use offercast_domain::access::OfferScope;
use offercast_domain::{
    DateRange, Day, OfferCode, OfferDraft, OfferRef, OfferService, OfferState, OfferStatus, OfferTerms,
    RunOut, fill_days, text,
};
use offercast_storage::Tx;
use offercast_storage::analytics::OfferAnalyticsRepository;
use offercast_storage::idempotency::StoredResponse;
use offercast_storage::offers::ListOffers;
use offercast_storage::offers::OfferSort;
use offercast_storage::offers::StoredOffer;
use rust_decimal::Decimal;

use crate::access::Caller;
use crate::audit::{self, Record};
use crate::idempotency::{self, IdempotentRequest, IdempotentResponse, NO_OFFER};
use crate::{App, Error};

/// An offer with its state at the time of reading.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferView {
    pub stored: StoredOffer,
    pub state: OfferState,
    pub remaining_budget: Option<Decimal>,
}

impl OfferView {
    fn new(app: &App, stored: StoredOffer) -> OfferView {
        OfferView::at(app.clock.now(), stored)
    }

    pub(crate) fn at(now: DateTime<Utc>, stored: StoredOffer) -> OfferView {
        let today = stored.offer.terms.zone.day_of(now);
        let service = OfferService { offer: &stored.offer, totals: stored.totals, today };
        let (state, remaining_budget) = (service.state(), service.remaining_budget());
        OfferView { stored, state, remaining_budget }
    }
}

/// Creates an offer.
///
/// `to_response` creates the response, which is stored under the idempotency key.
pub async fn create_offer(
    app: &App,
    draft: &OfferDraft,
    request: Option<IdempotentRequest>,
    caller: &Caller,
    to_response: impl FnOnce(&OfferView) -> StoredResponse,
) -> Result<IdempotentResponse, Error> {
    if caller.principal.offers().ids().is_some() {
        return Err(Error::Forbidden("A key that is limited to some offers cannot create others"));
    }
    let terms = draft.check().map_err(Error::Invalid)?;
    let request =
        request.map(|request| request.with_meaning(format!("create offer\n{}", terms.fingerprint())));
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    if let Some(first) = idempotency::find_or_claim(app, &mut tx, NO_OFFER, request.as_ref(), now).await? {
        tx.commit().await?;
        return Ok(first);
    }
    let id = offercast_storage::offers::insert_offer(&mut tx, &terms, now).await?;
    let stored = offercast_storage::offers::find_offer(&mut tx, &OfferRef::Id(id)).await?;
    let view = OfferView::new(app, stored.ok_or(Error::OfferNotFound)?);
    let changes = audit::offer_changes(None, Some(&terms));
    audit::record(&mut tx, caller, now, Record::of_offer("offer.created", id, &terms, changes)).await?;
    let response = idempotency::store(&mut tx, NO_OFFER, request.as_ref(), to_response(&view)).await?;
    tx.commit().await?;
    Ok(response)
}

pub async fn show_offer(app: &App, offer: &OfferRef) -> Result<OfferView, Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::offers::find_offer(&mut tx, offer).await?;
    tx.commit().await?;
    Ok(OfferView::new(app, stored.ok_or(Error::OfferNotFound)?))
}

/// Edits an offer. `edit` changes a draft of the stored terms.
///
/// `version` is the version that the client read. `None` edits any version.
pub async fn update_offer(
    app: &App,
    offer: &OfferRef,
    version: Option<i64>,
    caller: &Caller,
    edit: impl Fn(OfferDraft) -> OfferDraft,
) -> Result<OfferView, Error> {
    let mut tx = app.pool.begin().await?;
    let counted = count_usage_before(&mut tx, offer, &edit).await?;
    let stored = offercast_storage::offers::lock_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    if version.is_some_and(|version| version != stored.version) {
        return Err(Error::Stale { current: stored.version });
    }
    let old = &stored.offer.terms;
    let terms = edit(OfferDraft::from(old)).check_edit(old).map_err(Error::Invalid)?;
    let has_history = offercast_storage::offers::has_history(&mut tx, stored.offer.id).await?;
    service(app, &stored).check_edit(&terms, has_history).map_err(Error::Invalid)?;
    let updated = write(app, &mut tx, &stored, &terms, counted).await?;
    let changes = audit::offer_changes(Some(old), Some(&terms));
    if !changes.is_empty() {
        let record = Record::of_offer("offer.updated", stored.offer.id, &terms, changes);
        audit::record(&mut tx, caller, app.clock.now(), record).await?;
    }
    tx.commit().await?;
    app.notifier.changed(updated.offer.id);
    delete_usage_after(app, &stored, &updated).await;
    Ok(OfferView::new(app, updated))
}

fn limits_customers(terms: &OfferTerms) -> bool {
    terms.max_redemptions_per_customer.is_some()
}

/// If the edit introduces a limit per customer, counts the earlier redemptions of all customers. Returns the last
/// ledger entry counted. This happens before the offer is locked, so that redemptions continue however long the ledger
/// is.
async fn count_usage_before(
    tx: &mut Tx,
    offer: &OfferRef,
    edit: &impl Fn(OfferDraft) -> OfferDraft,
) -> Result<Option<i64>, Error> {
    let stored = offercast_storage::offers::find_offer(tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let will_limit = edit(OfferDraft::from(&stored.offer.terms))
        .check_edit(&stored.offer.terms)
        .is_ok_and(|terms| limits_customers(&terms));
    if !will_limit || limits_customers(&stored.offer.terms) {
        return Ok(None);
    }
    let id = stored.offer.id;
    offercast_storage::customer_usage::lock_usage(tx, id).await?;
    // Another edit may have set the limit while this one waited.
    match offercast_storage::offers::find_offer(tx, &OfferRef::Id(id)).await? {
        Some(stored) if !limits_customers(&stored.offer.terms) => {
            Ok(Some(offercast_storage::customer_usage::count_usage(tx, id).await?))
        }
        _ => Ok(None),
    }
}

/// Deletes the redemptions per customer if the edit removed the limit. An error is only logged: leftovers are not read
/// and are deleted before the next count.
async fn delete_usage_after(app: &App, before: &StoredOffer, after: &StoredOffer) {
    if !limits_customers(&before.offer.terms) || limits_customers(&after.offer.terms) {
        return;
    }
    if let Err(error) = delete_usage(app, after.offer.id).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(offer_id = after.offer.id, error, "could not delete the redemptions per customer");
    }
}

async fn delete_usage(app: &App, offer_id: i64) -> Result<(), Error> {
    let mut tx = app.pool.begin().await?;
    offercast_storage::customer_usage::lock_usage(&mut tx, offer_id).await?;
    let stored = offercast_storage::offers::find_offer(&mut tx, &OfferRef::Id(offer_id)).await?;
    if stored.is_some_and(|stored| !limits_customers(&stored.offer.terms)) {
        offercast_storage::customer_usage::delete_usage(&mut tx, offer_id).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn write(
    app: &App,
    tx: &mut offercast_storage::Tx,
    stored: &StoredOffer,
    terms: &OfferTerms,
    counted: Option<i64>,
) -> Result<StoredOffer, Error> {
    let id = stored.offer.id;
    if *terms == stored.offer.terms {
        // Saving unchanged terms is not an edit and does not change the version.
        return Ok(stored.clone());
    }
    offercast_storage::offers::update_offer(tx, id, terms, app.clock.now()).await?;
    if !limits_customers(&stored.offer.terms) && limits_customers(terms) {
        // There is no count if another edit removed the limit after this one had checked for it.
        let counted = counted.ok_or(Error::Busy("the offer is being edited by somebody else"))?;
        offercast_storage::customer_usage::add_usage_since(tx, id, counted).await?;
    }
    offercast_storage::offers::find_offer(tx, &OfferRef::Id(id)).await?.ok_or(Error::OfferNotFound)
}

fn service<'a>(app: &App, stored: &'a StoredOffer) -> OfferService<'a> {
    let today = stored.offer.terms.zone.day_of(app.clock.now());
    OfferService { offer: &stored.offer, totals: stored.totals, today }
}

/// How an offer was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    Deleted,
    Archived,
}

/// Deletes an offer that was never redeemed or reserved, and archives any other, so that no history is lost.
pub async fn remove_offer(app: &App, offer: &OfferRef, caller: &Caller) -> Result<(i64, Removal), Error> {
    let mut tx = app.pool.begin().await?;
    let stored = offercast_storage::offers::lock_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let id = stored.offer.id;
    let (removal, action) = if !offercast_storage::offers::has_history(&mut tx, id).await? {
        offercast_storage::offers::delete_offer(&mut tx, id).await?;
        (Removal::Deleted, "offer.deleted")
    } else {
        let terms = OfferTerms { status: OfferStatus::Archived, ..stored.offer.terms.clone() };
        write(app, &mut tx, &stored, &terms, None).await?;
        (Removal::Archived, "offer.archived")
    };
    let record = Record::of_offer(action, id, &stored.offer.terms, Vec::new());
    audit::record(&mut tx, caller, app.clock.now(), record).await?;
    tx.commit().await?;
    app.notifier.changed(id);
    Ok((id, removal))
}

/// The parameters of a list of offers.
#[derive(Debug, Clone)]
pub struct OfferQuery {
    pub search: String,
    pub state: Option<OfferState>,
    pub sort: OfferSort,
    pub after: Option<(String, i64)>,
    pub limit: usize,
    /// The offers that may be listed.
    pub scope: OfferScope,
}

#[derive(Debug, Clone)]
pub struct OfferPage {
    pub offers: Vec<ListedOffer>,
    /// Sort key and id after which the next page starts. `None` on the last page.
    pub next: Option<(String, i64)>,
}

/// An offer in a list, with its recent days.
#[derive(Debug, Clone)]
pub struct ListedOffer {
    pub view: OfferView,
    /// The last [`RECENT_DAYS`] days, including today and days without redemptions.
    pub daily: Vec<Day>,
    /// From the stored forecast.
    pub run_out: Option<RunOut>,
}

/// Number of recent days in a list.
const RECENT_DAYS: u64 = 14;

/// Rows per read when filtering by state: in the first read, and at most.
const FIRST_READ: i64 = 500;
const LARGEST_READ: i64 = 10_000;

/// Lists a page of offers.
pub async fn list_offers(app: &App, query: OfferQuery) -> Result<OfferPage, Error> {
    let reader = app.clone();
    // Filtering by state may read all offers for one page, so these requests are limited.
    let permit = if query.state.is_some() { Some(app.scan().await?) } else { None };
    app.run_on_main_runtime(async move {
        let page = read_page(&reader, &query).await;
        drop(permit);
        page
    })
    .await
}

async fn read_page(app: &App, query: &OfferQuery) -> Result<OfferPage, Error> {
    let mut tx = app.pool.snapshot().await?;
    let now = app.clock.now();
    let mut found = find(&mut tx, query, now).await?;
    let more = found.len() > query.limit;
    found.truncate(query.limit);
    let next = found.last().map(|(key, view)| (key.clone(), view.stored.offer.id)).filter(|_| more);
    let offers = with_outlook(&mut tx, found.into_iter().map(|(_, view)| view).collect(), now).await?;
    // A snapshot needs no commit; dropping it does not delay the response.
    drop(tx);
    Ok(OfferPage { offers, next })
}

/// Returns the offers of a page with their sort keys, and one more if there is one. The state is computed by the rules,
/// not by SQL, so filtering by state reads until the page is full. Each read sorts all offers, so the reads get larger.
async fn find(
    tx: &mut Tx,
    query: &OfferQuery,
    now: DateTime<Utc>,
) -> Result<Vec<(String, OfferView)>, Error> {
    let wanted = query.limit + 1;
    let mut found: Vec<(String, OfferView)> = Vec::new();
    let mut list = ListOffers {
        search: text::pasted(&query.search),
        search_code: OfferCode::part(&query.search),
        sort: query.sort,
        after: query.after.clone(),
        only: query.scope.ids().map(<[i64]>::to_vec),
        limit: if query.state.is_some() { FIRST_READ } else { i64::try_from(wanted).unwrap_or(FIRST_READ) },
    };
    loop {
        let rows = offercast_storage::offers::list_offers(tx, &list).await?;
        let last = rows.last().map(|(key, row)| (key.clone(), row.offer.id));
        let was_full = i64::try_from(rows.len()).is_ok_and(|count| count == list.limit);
        let views = rows.into_iter().map(|(key, row)| (key, OfferView::at(now, row)));
        found.extend(views.filter(|(_, view)| query.state.is_none_or(|state| view.state == state)));
        if found.len() >= wanted || !was_full {
            return Ok(found);
        }
        list.after = last;
        list.limit = (list.limit * 4).min(LARGEST_READ);
    }
}

/// Adds the recent days and the run-out dates.
async fn with_outlook(
    tx: &mut Tx,
    views: Vec<OfferView>,
    now: DateTime<Utc>,
) -> Result<Vec<ListedOffer>, Error> {
    let range = |view: &OfferView| {
        let today = view.stored.offer.terms.zone.day_of(now);
        DateRange { from: today.checked_sub_days(Days::new(RECENT_DAYS - 1)).unwrap_or(today), to: today }
    };
    let since: Vec<_> = views.iter().map(|view| (view.stored.offer.id, range(view).from)).collect();
    let mut days: HashMap<i64, Vec<Day>> = HashMap::new();
    for (offer_id, day) in OfferAnalyticsRepository::new(tx).days_since(&since).await? {
        days.entry(offer_id).or_default().push(day);
    }
    let ids: Vec<i64> = views.iter().map(|view| view.stored.offer.id).collect();
    let mut run_outs = offercast_storage::forecasts::run_outs(tx, &ids).await?;
    let listed = views.into_iter().map(|view| {
        let id = view.stored.offer.id;
        let days = days.remove(&id).unwrap_or_default();
        ListedOffer { daily: fill_days(&days, range(&view)), run_out: run_outs.remove(&id), view }
    });
    Ok(listed.collect())
}
