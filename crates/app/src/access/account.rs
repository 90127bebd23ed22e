//! A person's own account.

use std::time::Instant;

use offercast_domain::access::check_password;
use offercast_storage::access::links;
use offercast_storage::access::sessions::{self as storage, Ended, StoredSession};
use offercast_storage::access::users::{self, StoredUser};

use super::attempts::Account as AttemptedAccount;
use super::caller::Caller;
use crate::audit::{self, Record, change};
use crate::{App, Error};

/// The person who makes the request.
pub enum Account {
    Person(StoredUser),
    /// Access control is off.
    Everybody,
}

pub async fn show_account(app: &App, caller: &Caller) -> Result<Account, Error> {
    if !app.access.is_on() {
        return Ok(Account::Everybody);
    }
    Ok(Account::Person(person(app, caller).await?))
}

/// The person who makes the request. Keys have no account.
async fn person(app: &App, caller: &Caller) -> Result<StoredUser, Error> {
    let user_id = caller.principal.user_id().ok_or(Error::PersonOnly)?;
    let mut tx = app.pool.snapshot().await?;
    let user = users::find_user(&mut tx, user_id).await?;
    tx.commit().await?;
    user.ok_or(Error::Unauthenticated)
}

/// The person who makes the request, if the password is right. Wrong ones are delayed as at sign-in.
pub(super) async fn with_password(app: &App, password: &str, caller: &Caller) -> Result<StoredUser, Error> {
    let user = person(app, caller).await?;
    let client = caller.client();
    let account = AttemptedAccount::SignedIn(user.id);
    if let Some(wait) = app.access.attempts.wait(&account, client, Instant::now()) {
        return Err(Error::TooManyAttempts { wait });
    }
    app.access.attempts.failed(&account, client, Instant::now());
    let mut tx = app.pool.snapshot().await?;
    let hash = users::password_hash(&mut tx, user.id).await?;
    tx.commit().await?;
    match app.access.passwords.verify(password, hash).await {
        Ok(true) => app.access.attempts.succeeded(&account, client),
        Ok(false) => return Err(Error::WrongPassword),
        Err(error) => {
            app.access.attempts.take_back(&account, client);
            return Err(error);
        }
    }
    Ok(user)
}

/// Changes the password, and ends all other sessions of the person. Returns how many.
pub async fn change_password(app: &App, current: &str, new: &str, caller: &Caller) -> Result<i64, Error> {
    let user = with_password(app, current, caller).await?;
    check_password("new_password", new, &user.email, &user.name)
        .map_err(|fault| Error::Invalid(vec![fault]))?;
    let hash = app.access.passwords.hash(new).await?;
    let mut tx = app.pool.begin().await?;
    users::set_password_hash(&mut tx, user.id, &hash).await?;
    links::delete_links(&mut tx, user.id).await?;
    let kept = caller.principal.session_id().map_or(Ended::All, Ended::AllExcept);
    let ended = storage::end_sessions(&mut tx, user.id, kept).await?;
    let record = Record::of_user("user.password_set", user.id, &user.email, Vec::new());
    audit::record(&mut tx, caller, app.clock.now(), record).await?;
    tx.commit().await?;
    app.access.refresh().await;
    Ok(ended)
}

/// The sessions of the person who makes the request.
pub async fn list_sessions(app: &App, caller: &Caller) -> Result<Vec<StoredSession>, Error> {
    let user_id = caller.principal.user_id().ok_or(Error::PersonOnly)?;
    let mut tx = app.pool.snapshot().await?;
    let sessions = storage::list_sessions(&mut tx, user_id, app.clock.now()).await?;
    tx.commit().await?;
    Ok(sessions)
}

/// Ends one session of the person who makes the request, or all others.
pub async fn end_sessions(app: &App, only: Option<i64>, caller: &Caller) -> Result<i64, Error> {
    let user_id = caller.principal.user_id().ok_or(Error::PersonOnly)?;
    let current = caller.principal.session_id().unwrap_or_default();
    let which = only.map_or(Ended::AllExcept(current), Ended::Only);
    match end(app, user_id, which, caller).await? {
        0 if only.is_some() => Err(Error::SessionNotFound),
        ended => Ok(ended),
    }
}

/// Ends sessions of a person.
pub(super) async fn end(app: &App, user_id: i64, which: Ended, caller: &Caller) -> Result<i64, Error> {
    let mut tx = app.pool.begin().await?;
    let user = users::find_user(&mut tx, user_id).await?.ok_or(Error::UserNotFound)?;
    let ended = storage::end_sessions(&mut tx, user_id, which).await?;
    if ended > 0 {
        let changes = change("sessions", None::<i64>, Some(ended)).into_iter().collect();
        let record = Record::of_user("session.ended", user_id, &user.email, changes);
        audit::record(&mut tx, caller, app.clock.now(), record).await?;
    }
    tx.commit().await?;
    app.access.refresh().await;
    Ok(ended)
}
