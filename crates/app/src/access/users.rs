use chrono::{DateTime, TimeDelta, Utc};
use offercast_domain::FieldError;
use offercast_domain::access::{Email, PersonDraft, Role, person_name};
use offercast_storage::Tx;
use offercast_storage::access::links::LinkPurpose;
use offercast_storage::access::sessions::{self, Ended};
use offercast_storage::access::users::{self as storage, StoredUser};
use offercast_storage::access::{links as stored_links, second_factor};

use super::caller::Caller;
use super::links::{self, NewLink};
use super::sign_in::DEVICE_DAYS;
use crate::audit::{self, Change, Record, change};
use crate::{App, Error};

/// What to change about a person. `None` keeps the value.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub disabled: Option<bool>,
}

/// All people, by address.
pub async fn list_users(app: &App) -> Result<Vec<StoredUser>, Error> {
    let mut tx = app.pool.snapshot().await?;
    let users = storage::list_users(&mut tx).await?;
    tx.commit().await?;
    Ok(users)
}

/// The person with an e-mail address.
pub async fn user_named(app: &App, email: &str) -> Result<StoredUser, Error> {
    let email = Email::parse("email", email).map_err(|fault| Error::Invalid(vec![fault]))?;
    let mut tx = app.pool.snapshot().await?;
    let user = storage::find_by_email(&mut tx, &email).await?;
    tx.commit().await?;
    user.ok_or(Error::UserNotFound)
}

/// Adds a person, who accepts by choosing a password.
pub async fn invite(app: &App, draft: &PersonDraft, caller: &Caller) -> Result<(StoredUser, NewLink), Error> {
    caller.check_unlimited()?;
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let user = insert(&mut tx, draft, caller, now).await?;
    let link = links::create(&mut tx, user.id, LinkPurpose::Invitation, now).await?;
    tx.commit().await?;
    Ok((user, link))
}

/// Inserts a person without a password.
pub(super) async fn insert(
    tx: &mut Tx,
    draft: &PersonDraft,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<StoredUser, Error> {
    let (email, name, role) = draft.check().map_err(Error::Invalid)?;
    caller.check_has(role.scopes())?;
    let id = storage::insert_user(tx, &email, &name, role, now).await?.ok_or_else(|| {
        Error::Invalid(vec![FieldError::new("email", "taken", "is the address of another person")])
    })?;
    let changes =
        [change("name", None::<&str>, Some(name)), change("role", None::<&str>, Some(role.as_str()))];
    let changes = changes.into_iter().flatten().collect();
    audit::record(tx, caller, now, Record::of_user("user.invited", id, email.as_str(), changes)).await?;
    storage::find_user(tx, id).await?.ok_or(Error::UserNotFound)
}

/// Changes a person. Disabling ends the person's sessions; another role takes effect with the next request.
pub async fn update_user(
    app: &App,
    id: i64,
    changed: &UserChange,
    caller: &Caller,
) -> Result<StoredUser, Error> {
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    storage::lock_users(&mut tx).await?;
    let before = managed(&mut tx, id, caller).await?;
    let after = apply(&before, changed, now)?;
    caller.check_has(after.role.scopes())?;
    storage::update_user(&mut tx, &after).await?;
    check_has_owner(&mut tx).await?;
    if after.disabled_at.is_some() || after.role != before.role {
        sessions::end_sessions(&mut tx, id, Ended::All).await?;
    }
    let changes = user_changes(&before, &after);
    if !changes.is_empty() {
        audit::record(&mut tx, caller, now, Record::of_user("user.updated", id, &after.email, changes))
            .await?;
    }
    tx.commit().await?;
    app.access.refresh().await;
    Ok(after)
}

/// A person whom the caller may manage.
async fn managed(tx: &mut Tx, id: i64, caller: &Caller) -> Result<StoredUser, Error> {
    caller.check_unlimited()?;
    let user = storage::find_user(tx, id).await?.ok_or(Error::UserNotFound)?;
    caller.check_has(user.role.scopes())?;
    Ok(user)
}

fn apply(before: &StoredUser, changed: &UserChange, now: DateTime<Utc>) -> Result<StoredUser, Error> {
    let name = match &changed.name {
        Some(name) => person_name(Some(name)).map_err(|fault| Error::Invalid(vec![fault]))?,
        None => before.name.clone(),
    };
    let disabled_at = match changed.disabled {
        Some(true) => before.disabled_at.or(Some(now)),
        Some(false) => None,
        None => before.disabled_at,
    };
    Ok(StoredUser { name, role: changed.role.unwrap_or(before.role), disabled_at, ..before.clone() })
}

fn user_changes(before: &StoredUser, after: &StoredUser) -> Vec<Change> {
    let disabled = |user: &StoredUser| Some(user.disabled_at.is_some());
    [
        change("name", Some(&before.name), Some(&after.name)),
        change("role", Some(before.role.as_str()), Some(after.role.as_str())),
        change("disabled", disabled(before), disabled(after)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Somebody must be able to administer.
async fn check_has_owner(tx: &mut Tx) -> Result<(), Error> {
    let users = storage::list_users(tx).await?;
    let can_administer = |user: &StoredUser| {
        user.role == Role::Owner && user.disabled_at.is_none() && (user.has_password || user.has_identity)
    };
    if users.iter().any(can_administer) { Ok(()) } else { Err(Error::LastOwner) }
}

/// Removes a person with all sessions. The audit log keeps the name.
pub async fn remove_user(app: &App, id: i64, caller: &Caller) -> Result<(), Error> {
    let mut tx = app.pool.begin().await?;
    storage::lock_users(&mut tx).await?;
    let user = managed(&mut tx, id, caller).await?;
    storage::delete_user(&mut tx, id).await?;
    check_has_owner(&mut tx).await?;
    let record = Record::of_user("user.removed", id, &user.email, Vec::new());
    audit::record(&mut tx, caller, app.clock.now(), record).await?;
    tx.commit().await?;
    app.access.refresh().await;
    Ok(())
}

/// A new invitation, or a link to reset the password.
pub async fn create_user_link(app: &App, id: i64, caller: &Caller) -> Result<(StoredUser, NewLink), Error> {
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let user = managed(&mut tx, id, caller).await?;
    let purpose = if user.has_password { LinkPurpose::PasswordReset } else { LinkPurpose::Invitation };
    let link = links::create(&mut tx, id, purpose, now).await?;
    let record = Record::of_user("user.link_created", id, &user.email, Vec::new());
    audit::record(&mut tx, caller, now, record).await?;
    tx.commit().await?;
    Ok((user, link))
}

/// Removes the password and the second factor of a person, ends all sessions, and creates a link to choose a password.
/// For `offercast users reset`.
pub async fn reset_user(app: &App, id: i64, caller: &Caller) -> Result<(StoredUser, NewLink), Error> {
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let user = managed(&mut tx, id, caller).await?;
    second_factor::remove(&mut tx, id).await?;
    storage::remove_password(&mut tx, id).await?;
    stored_links::delete_links(&mut tx, id).await?;
    sessions::end_sessions(&mut tx, id, Ended::All).await?;
    let link = links::create(&mut tx, id, LinkPurpose::PasswordReset, now).await?;
    audit::record(&mut tx, caller, now, Record::of_user("user.reset", id, &user.email, Vec::new())).await?;
    tx.commit().await?;
    Ok((user, link))
}

/// Ends all sessions of a person, and returns how many.
pub async fn end_user_sessions(app: &App, id: i64, caller: &Caller) -> Result<i64, Error> {
    let mut tx = app.pool.snapshot().await?;
    managed(&mut tx, id, caller).await?;
    tx.commit().await?;
    super::account::end(app, id, Ended::All, caller).await
}

/// Deletes sessions and links that have ended, and devices that were not used for long.
pub async fn purge_ended_sessions(app: &App) -> Result<u64, Error> {
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let purged = sessions::purge_ended(&mut tx, now, now - TimeDelta::days(DEVICE_DAYS)).await?;
    tx.commit().await?;
    Ok(purged)
}
