use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use offercast_domain::{
    DateRange, Day, OfferCode, OfferDraft, OfferRef, OfferService, OfferState, OfferStatus, OfferTerms,
    RunOut, fill_days, text,
};
use offercast_storage::{KeptAnswer, ListOffers, OfferAnalyticsRepository, OfferSort, StoredOffer, Tx};
use rust_decimal::Decimal;

use crate::kept::{self, Kept, Keyed, NO_OFFER};
use crate::{App, Error};

/// An offer as it stands at the moment of reading.
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

/// `tell` makes the answer, which is kept under the key.
pub async fn create_offer(
    app: &App,
    draft: &OfferDraft,
    keyed: Option<Keyed>,
    tell: impl FnOnce(&OfferView) -> KeptAnswer,
) -> Result<Kept, Error> {
    let terms = draft.check().map_err(Error::Invalid)?;
    let keyed = keyed.map(|keyed| keyed.meaning(format!("create offer\n{}", terms.fingerprint())));
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    if let Some(first) = kept::first_answer(&mut tx, NO_OFFER, keyed.as_ref(), now).await? {
        tx.commit().await?;
        return Ok(first);
    }
    let id = offercast_storage::insert_offer(&mut tx, &terms, now).await?;
    let stored = offercast_storage::find_offer(&mut tx, &OfferRef::Id(id)).await?;
    let view = OfferView::new(app, stored.ok_or(Error::OfferNotFound)?);
    let kept = kept::keep(&mut tx, NO_OFFER, keyed.as_ref(), tell(&view)).await?;
    tx.commit().await?;
    Ok(kept)
}

pub async fn show_offer(app: &App, offer: &OfferRef) -> Result<OfferView, Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::find_offer(&mut tx, offer).await?;
    tx.commit().await?;
    Ok(OfferView::new(app, stored.ok_or(Error::OfferNotFound)?))
}

/// Edits an offer: `edit` turns the draft of what is stored into the draft of what shall be.
///
/// `version` is what the editor had read; None edits whatever is there.
pub async fn update_offer(
    app: &App,
    offer: &OfferRef,
    version: Option<i64>,
    edit: impl Fn(OfferDraft) -> OfferDraft,
) -> Result<OfferView, Error> {
    let mut tx = app.pool.begin().await?;
    let counted = count_uses_before(&mut tx, offer, &edit).await?;
    let stored = offercast_storage::lock_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    if version.is_some_and(|version| version != stored.version) {
        return Err(Error::Stale { current: stored.version });
    }
    let old = &stored.offer.terms;
    let terms = edit(OfferDraft::from(old)).check_edit(old).map_err(Error::Invalid)?;
    let has_history = offercast_storage::has_history(&mut tx, stored.offer.id).await?;
    service(app, &stored).check_edit(&terms, has_history).map_err(Error::Invalid)?;
    let updated = write(app, &mut tx, &stored, &terms, counted).await?;
    tx.commit().await?;
    app.news.changed(updated.offer.id);
    delete_uses_after(app, &stored, &updated).await;
    Ok(OfferView::new(app, updated))
}

fn limits_customers(terms: &OfferTerms) -> bool {
    terms.max_redemptions_per_customer.is_some()
}

/// Where an edit will limit the uses of customers, counts what they have redeemed before: without the offer's lock, so
/// that redemptions go on however long the ledger is. The last entry that was counted, if any was.
async fn count_uses_before(
    tx: &mut Tx,
    offer: &OfferRef,
    edit: &impl Fn(OfferDraft) -> OfferDraft,
) -> Result<Option<i64>, Error> {
    let stored = offercast_storage::find_offer(tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let will_limit = edit(OfferDraft::from(&stored.offer.terms))
        .check_edit(&stored.offer.terms)
        .is_ok_and(|terms| limits_customers(&terms));
    if !will_limit || limits_customers(&stored.offer.terms) {
        return Ok(None);
    }
    let id = stored.offer.id;
    offercast_storage::lock_uses(tx, id).await?;
    // Another edit may have set the limit while this one waited.
    match offercast_storage::find_offer(tx, &OfferRef::Id(id)).await? {
        Some(stored) if !limits_customers(&stored.offer.terms) => {
            Ok(Some(offercast_storage::count_uses(tx, id).await?))
        }
        _ => Ok(None),
    }
}

/// Nobody reads them any more. What cannot be deleted now does no harm: it is deleted before they are counted again.
async fn delete_uses_after(app: &App, before: &StoredOffer, after: &StoredOffer) {
    if !limits_customers(&before.offer.terms) || limits_customers(&after.offer.terms) {
        return;
    }
    if let Err(error) = delete_uses(app, after.offer.id).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(offer_id = after.offer.id, error, "could not delete the uses of customers");
    }
}

async fn delete_uses(app: &App, offer_id: i64) -> Result<(), Error> {
    let mut tx = app.pool.begin().await?;
    offercast_storage::lock_uses(&mut tx, offer_id).await?;
    let stored = offercast_storage::find_offer(&mut tx, &OfferRef::Id(offer_id)).await?;
    if stored.is_some_and(|stored| !limits_customers(&stored.offer.terms)) {
        offercast_storage::delete_uses(&mut tx, offer_id).await?;
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
        // Saving what is there already is no edit, and outdates nobody's.
        return Ok(stored.clone());
    }
    offercast_storage::update_offer(tx, id, terms, app.clock.now()).await?;
    if !limits_customers(&stored.offer.terms) && limits_customers(terms) {
        // Else the limit was taken away after this edit had looked.
        let counted = counted.ok_or(Error::Busy("the offer is being edited by somebody else"))?;
        offercast_storage::add_uses_since(tx, id, counted).await?;
    }
    offercast_storage::find_offer(tx, &OfferRef::Id(id)).await?.ok_or(Error::OfferNotFound)
}

fn service<'a>(app: &App, stored: &'a StoredOffer) -> OfferService<'a> {
    let today = stored.offer.terms.zone.day_of(app.clock.now());
    OfferService { offer: &stored.offer, totals: stored.totals, today }
}

/// What became of an offer that was to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    Deleted,
    Archived,
}

/// Deletes an offer without redemptions, archives one that has some: history is never lost.
pub async fn remove_offer(app: &App, offer: &OfferRef) -> Result<(i64, Removal), Error> {
    let mut tx = app.pool.begin().await?;
    let stored = offercast_storage::lock_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let id = stored.offer.id;
    let removal = if !offercast_storage::has_history(&mut tx, id).await? {
        offercast_storage::delete_offer(&mut tx, id).await?;
        Removal::Deleted
    } else {
        let terms = OfferTerms { status: OfferStatus::Archived, ..stored.offer.terms.clone() };
        write(app, &mut tx, &stored, &terms, None).await?;
        Removal::Archived
    };
    tx.commit().await?;
    app.news.changed(id);
    Ok((id, removal))
}

/// Which offers to list.
#[derive(Debug, Clone)]
pub struct OfferQuery {
    pub search: String,
    pub state: Option<OfferState>,
    pub sort: OfferSort,
    pub after: Option<(String, i64)>,
    pub limit: usize,
}

#[derive(Debug, Clone)]
pub struct OfferPage {
    pub offers: Vec<ListedOffer>,
    /// Where the next page begins; None on the last one.
    pub next: Option<(String, i64)>,
}

/// An offer with what a list shows of its last days.
#[derive(Debug, Clone)]
pub struct ListedOffer {
    pub view: OfferView,
    /// The last [`RECENT_DAYS`] days, the unfinished one included, zeros too.
    pub daily: Vec<Day>,
    /// By the stored forecast.
    pub run_out: Option<RunOut>,
}

/// Days of an offer that a list shows.
const RECENT_DAYS: u64 = 14;

/// Rows that are read first when a state is asked for, and at most.
const STRETCH: i64 = 500;
const LONGEST_STRETCH: i64 = 10_000;

/// A page of offers.
pub async fn list_offers(app: &App, query: OfferQuery) -> Result<OfferPage, Error> {
    let reader = app.clone();
    // A filter by state may read all offers for one page.
    let permit = if query.state.is_some() { Some(app.scan().await?) } else { None };
    app.aside(async move {
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
    // Nobody waits for the end of a snapshot.
    drop(tx);
    Ok(OfferPage { offers, next })
}

/// One offer more than the page has, if there is one, each with its sort key. The state is that of the rules,
/// which SQL does not know: a filter by state reads on until the page is full, in longer and longer stretches,
/// since each of them sorts all offers.
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
        limit: if query.state.is_some() { STRETCH } else { i64::try_from(wanted).unwrap_or(STRETCH) },
    };
    loop {
        let rows = offercast_storage::list_offers(tx, &list).await?;
        let last = rows.last().map(|(key, row)| (key.clone(), row.offer.id));
        let was_full = i64::try_from(rows.len()).is_ok_and(|count| count == list.limit);
        let views = rows.into_iter().map(|(key, row)| (key, OfferView::at(now, row)));
        found.extend(views.filter(|(_, view)| query.state.is_none_or(|state| view.state == state)));
        if found.len() >= wanted || !was_full {
            return Ok(found);
        }
        list.after = last;
        list.limit = (list.limit * 4).min(LONGEST_STRETCH);
    }
}

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
    let mut run_outs = offercast_storage::run_outs(tx, &ids).await?;
    let listed = views.into_iter().map(|view| {
        let id = view.stored.offer.id;
        let days = days.remove(&id).unwrap_or_default();
        ListedOffer { daily: fill_days(&days, range(&view)), run_out: run_outs.remove(&id), view }
    });
    Ok(listed.collect())
}
