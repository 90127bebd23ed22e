use chrono::{DateTime, TimeDelta, Utc};
use offercast_domain::FieldError;
use offercast_domain::access::{KeyDraft, KeyTerms, OfferScope, Scope, Scopes};
use offercast_storage::Tx;
use offercast_storage::access::keys::{self as storage, StoredKey};
use offercast_storage::offers;

use super::caller::Caller;
use super::token::Token;
use crate::audit::{self, Change, Record, change};
use crate::{App, Error};

/// A new key with its secret, which is not stored.
pub struct NewKey {
    pub key: StoredKey,
    pub secret: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    Active,
    Expired,
    Revoked,
}

pub fn key_status(key: &StoredKey, now: DateTime<Utc>) -> KeyStatus {
    match (key.revoked_at, key.terms.expires_at) {
        (Some(_), _) => KeyStatus::Revoked,
        (None, Some(end)) if end <= now => KeyStatus::Expired,
        _ => KeyStatus::Active,
    }
}

/// How long a rotated key still works if the request does not say so.
const DEFAULT_OVERLAP: i64 = 24 * 60 * 60;
/// The longest time that it may be asked to work.
const MAX_OVERLAP: i64 = 30 * 24 * 60 * 60;

/// Creates a key. Nobody can give it a scope that they do not have.
pub async fn create_key(app: &App, draft: &KeyDraft, caller: &Caller) -> Result<NewKey, Error> {
    caller.check_unlimited()?;
    let now = app.clock.now();
    let terms = draft.check(now).map_err(Error::Invalid)?;
    check_scopes(terms.scopes, caller)?;
    let mut tx = app.pool.begin().await?;
    check_offers(&mut tx, &terms.offers).await?;
    let new = insert_recorded(&mut tx, &terms, caller, now).await?;
    tx.commit().await?;
    app.access.refresh().await;
    Ok(new)
}

fn check_scopes(scopes: Scopes, caller: &Caller) -> Result<(), Error> {
    match scopes.iter().find(|scope| !caller.principal.may(*scope)) {
        None => Ok(()),
        Some(scope) => {
            let message = format!("must not contain {}, which you do not have", scope.as_str());
            Err(Error::Invalid(vec![FieldError::new("scopes", "forbidden", message)]))
        }
    }
}

async fn check_offers(tx: &mut Tx, offers: &OfferScope) -> Result<(), Error> {
    let Some(ids) = offers.ids() else { return Ok(()) };
    match offers::missing_ids(tx, ids).await?.first() {
        None => Ok(()),
        Some(missing) => {
            let message = format!("must have ids of offers; there is no offer {missing}");
            Err(Error::Invalid(vec![FieldError::new("offer_ids", "unknown", message)]))
        }
    }
}

/// Inserts the first key of a lineage.
pub(super) async fn insert_recorded(
    tx: &mut Tx,
    terms: &KeyTerms,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<NewKey, Error> {
    let new = insert(tx, terms, None, caller, now).await?;
    let record = Record::of_key("key.created", new.key.lineage, &terms.name, key_changes(terms));
    audit::record(tx, caller, now, record).await?;
    Ok(new)
}

async fn insert(
    tx: &mut Tx,
    terms: &KeyTerms,
    lineage: Option<i64>,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<NewKey, Error> {
    let token = Token::random_key()?;
    let created_by = match caller.principal.name() {
        "" => caller.principal.actor().to_string(),
        name => name.to_owned(),
    };
    let new = storage::NewKey {
        token_hash: &token.hash,
        prefix: token.shown(),
        terms,
        lineage,
        created_by: &created_by,
        now,
    };
    let id = storage::insert_key(tx, &new).await?;
    let key = storage::lock_key(tx, id).await?.ok_or(Error::KeyNotFound)?;
    Ok(NewKey { key, secret: token.text })
}

fn key_changes(terms: &KeyTerms) -> Vec<Change> {
    let scopes: Vec<&str> = terms.scopes.iter().map(Scope::as_str).collect();
    let list = |values: Vec<String>| values.join(", ");
    let offers = terms.offers.ids().map(|ids| list(ids.iter().map(ToString::to_string).collect()));
    let networks = terms.networks.as_ref().map(|all| list(all.iter().map(ToString::to_string).collect()));
    let expires_at = terms.expires_at.map(|end| end.to_rfc3339());
    [
        change("scopes", None::<&str>, Some(scopes.join(" "))),
        change("offer_ids", None::<&str>, offers),
        change("networks", None::<&str>, networks),
        change("expires_at", None::<&str>, expires_at),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// All keys, the newest first.
pub async fn list_keys(app: &App) -> Result<Vec<StoredKey>, Error> {
    let mut tx = app.pool.snapshot().await?;
    let keys = storage::list_keys(&mut tx).await?;
    tx.commit().await?;
    Ok(keys)
}

/// Creates a key with the same rights. The former one ends after `former_valid_seconds`.
pub async fn rotate_key(
    app: &App,
    id: i64,
    former_valid_seconds: Option<i64>,
    caller: &Caller,
) -> Result<NewKey, Error> {
    caller.check_unlimited()?;
    let overlap = former_valid_seconds.unwrap_or(DEFAULT_OVERLAP);
    if !(0..=MAX_OVERLAP).contains(&overlap) {
        let message = format!("must be from 0 to {MAX_OVERLAP}");
        return Err(Error::Invalid(vec![FieldError::new("former_valid_seconds", "out_of_range", message)]));
    }
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let former = storage::lock_key(&mut tx, id).await?.ok_or(Error::KeyNotFound)?;
    if key_status(&former, now) != KeyStatus::Active {
        return Err(Error::KeyEnded);
    }
    caller.check_has(former.terms.scopes)?;
    let new = insert(&mut tx, &former.terms, Some(former.lineage), caller, now).await?;
    let end = now + TimeDelta::seconds(overlap);
    storage::end_key_at(&mut tx, id, end).await?;
    let changes = change("former_valid_until", None::<&str>, Some(end.to_rfc3339())).into_iter().collect();
    let record = Record::of_key("key.rotated", former.lineage, &former.terms.name, changes);
    audit::record(&mut tx, caller, now, record).await?;
    tx.commit().await?;
    app.access.refresh().await;
    Ok(new)
}

/// Ends a key for good. Other processes reject it within two seconds.
pub async fn revoke_key(app: &App, id: i64, caller: &Caller) -> Result<StoredKey, Error> {
    caller.check_unlimited()?;
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let key = storage::lock_key(&mut tx, id).await?.ok_or(Error::KeyNotFound)?;
    if key.revoked_at.is_none() {
        storage::revoke_key(&mut tx, id, now).await?;
        let record = Record::of_key("key.revoked", key.lineage, &key.terms.name, Vec::new());
        audit::record(&mut tx, caller, now, record).await?;
    }
    tx.commit().await?;
    app.access.refresh().await;
    Ok(StoredKey { revoked_at: key.revoked_at.or(Some(now)), ..key })
}
