//! Who changed what. Each change writes its entry in its own transaction.

use chrono::{DateTime, Utc};
use offercast_domain::access::Actor;
use offercast_domain::{OfferDraft, OfferRef, OfferTerms};
use offercast_storage::audit::{self as storage, Filter, NewEntry};
use offercast_storage::{Tx, offers};

use crate::access::Caller;
use crate::{App, Error};

pub use offercast_storage::audit::{Change, Entry};

/// What was changed.
pub(crate) struct Record {
    pub action: &'static str,
    /// The kind and the id, such as `key:12`.
    pub subject: String,
    /// The name or code of it.
    pub name: String,
    pub offer_id: Option<i64>,
    pub changes: Vec<Change>,
}

impl Record {
    pub fn of_offer(action: &'static str, id: i64, terms: &OfferTerms, changes: Vec<Change>) -> Record {
        let (subject, name) = (format!("offer:{id}"), terms.code.to_string());
        Record { action, subject, name, offer_id: Some(id), changes }
    }

    pub fn of_user(action: &'static str, id: i64, email: &str, changes: Vec<Change>) -> Record {
        let (subject, name) = (Actor::User(id).to_string(), email.to_owned());
        Record { action, subject, name, offer_id: None, changes }
    }

    /// The id is that of the first key of its rotations, as in the actor.
    pub fn of_key(action: &'static str, lineage: i64, name: &str, changes: Vec<Change>) -> Record {
        let subject = Actor::Key(lineage).to_string();
        Record { action, subject, name: name.to_owned(), offer_id: None, changes }
    }
}

/// Writes an entry in the transaction of the change.
pub(crate) async fn record(
    tx: &mut Tx,
    caller: &Caller,
    now: DateTime<Utc>,
    record: Record,
) -> Result<(), Error> {
    let entry = NewEntry {
        offer_id: record.offer_id.unwrap_or(crate::idempotency::NO_OFFER),
        at: now,
        actor: caller.principal.actor().to_string(),
        actor_name: caller.principal.name().to_owned(),
        action: record.action,
        subject: record.subject,
        subject_name: record.name,
        changes: record.changes,
        address: caller.address.map(|address| address.to_string()).unwrap_or_default(),
        request_id: caller.request_id.clone(),
    };
    Ok(storage::insert(tx, &entry).await?)
}

/// A changed field. `None` if nothing has changed.
pub(crate) fn change(
    field: &str,
    before: Option<impl ToString>,
    after: Option<impl ToString>,
) -> Option<Change> {
    let text = |value: Option<String>| value.filter(|value| !value.is_empty());
    let before = text(before.map(|value| value.to_string()));
    let after = text(after.map(|value| value.to_string()));
    (before != after).then(|| Change { field: field.to_owned(), before, after })
}

/// The fields of an offer that differ. `None`: the offer did not exist before, or does not afterwards.
pub(crate) fn offer_changes(before: Option<&OfferTerms>, after: Option<&OfferTerms>) -> Vec<Change> {
    let fields = |terms: Option<&OfferTerms>| terms.map(|terms| OfferDraft::from(terms).fields());
    let (before, after) = (fields(before), fields(after));
    let names = before.iter().chain(&after).next().into_iter().flatten().map(|(name, _)| *name);
    let value = |fields: &Option<[(&'static str, String); 15]>, index: usize| {
        fields.as_ref().map(|fields| fields[index].1.clone())
    };
    names
        .enumerate()
        .filter_map(|(index, name)| change(name, value(&before, index), value(&after, index)))
        .collect()
}

/// Which entries to list.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// An actor such as `key:12`, or a part of a name.
    pub actor: Option<String>,
    /// An action such as `offer.updated`, or its first part.
    pub action: Option<String>,
    pub offer: Option<OfferRef>,
    pub from: Option<DateTime<Utc>>,
    /// Exclusive.
    pub until: Option<DateTime<Utc>>,
    /// The last entry of the page before.
    pub before: Option<i64>,
    pub limit: usize,
}

#[derive(Debug, Clone)]
pub struct AuditPage {
    pub entries: Vec<Entry>,
    /// The entry after which the next page starts. `None` on the last page.
    pub next: Option<i64>,
}

/// Lists entries, the newest first.
pub async fn audit_page(app: &App, query: AuditQuery) -> Result<AuditPage, Error> {
    let mut tx = app.pool.snapshot().await?;
    let offer_id = match &query.offer {
        None => None,
        Some(offer) => {
            let stored = offers::find_offer(&mut tx, offer).await?;
            Some(stored.ok_or(Error::OfferNotFound)?.offer.id)
        }
    };
    let filter = Filter {
        offer_id,
        actor: query.actor,
        action: query.action,
        from: query.from,
        until: query.until,
        before: query.before,
        limit: i64::try_from(query.limit + 1).unwrap_or(i64::MAX),
    };
    let mut entries = storage::list(&mut tx, &filter).await?;
    tx.commit().await?;
    let has_more = entries.len() > query.limit;
    entries.truncate(query.limit);
    let next = entries.last().map(|entry| entry.id).filter(|_| has_more);
    Ok(AuditPage { entries, next })
}
