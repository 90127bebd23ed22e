use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use offercast_domain::FieldError;
use offercast_domain::access::{Email, MAX_EMAIL, MAX_PASSWORD};
use offercast_storage::Tx;
use offercast_storage::access::sessions::{self, Ended};
use offercast_storage::access::users::{self, StoredUser};

use super::attempts::Account as AttemptedAccount;
use super::caller::Caller;
use super::links::use_sign_in_link;
use super::second_factor::{self, SecondFactor};
use super::token::{self, Token};
use crate::audit::{self, Record};
use crate::{App, Error};

/// An attempt to sign in.
pub struct SignIn<'a> {
    pub email: &'a str,
    pub password: &'a str,
    /// The code of an authenticator app, or a recovery code.
    pub second_factor: Option<&'a str>,
    /// The token of a device on which somebody has signed in before.
    pub device: Option<&'a str>,
    pub user_agent: &'a str,
}

/// A session that has started. The tokens are not stored.
pub struct NewSession {
    pub user: StoredUser,
    pub token: String,
    /// The token that the browser keeps, to be known next time.
    pub device: String,
    pub started_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A session ends after this time at the latest.
const MAX_DAYS: i64 = 7;
/// A device is known for this time after the last sign-in.
pub(super) const DEVICE_DAYS: i64 = 180;
/// Characters of a second factor, with spaces or hyphens.
const MAX_SECOND_FACTOR: usize = 32;
/// Characters of a `User-Agent` that are kept.
const MAX_USER_AGENT: usize = 200;

/// Signs in by password. A wrong address, a wrong password and a disabled person get the same error after the same time.
pub async fn sign_in(app: &App, attempt: &SignIn<'_>, caller: &Caller) -> Result<NewSession, Error> {
    check_lengths(attempt)?;
    let client = caller.client();
    let user = find(app, attempt.email).await?;
    let account = attempted_account(app, user.as_ref(), attempt).await?;
    if let Some(wait) = app.access.attempts.wait(&account, client, Instant::now()) {
        return Err(Error::TooManyAttempts { wait });
    }
    // Counted before the check, so that many attempts at the same time are not all free.
    app.access.attempts.failed(&account, client, Instant::now());
    match check(app, user, attempt).await {
        Ok(user) => {
            app.access.attempts.succeeded(&account, client);
            start(app, user, attempt.user_agent, attempt.device, caller).await
        }
        Err(error) => {
            if !matches!(error, Error::SignInFailed | Error::SecondFactorFailed) {
                // Asking for the code, or being busy, is no failure of the person. Earlier failures still count.
                app.access.attempts.take_back(&account, client);
            }
            record_failure(app, attempt.email, &error, caller).await?;
            Err(error)
        }
    }
}

fn check_lengths(attempt: &SignIn<'_>) -> Result<(), Error> {
    let check = |field, text: &str, most: usize| {
        let is_long = text.chars().count() > most;
        is_long.then(|| FieldError::new(field, "too_long", format!("must have at most {most} characters")))
    };
    let faults = [
        check("email", attempt.email, MAX_EMAIL),
        check("password", attempt.password, MAX_PASSWORD),
        check("second_factor", attempt.second_factor.unwrap_or_default(), MAX_SECOND_FACTOR),
    ];
    let faults: Vec<FieldError> = faults.into_iter().flatten().collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

async fn find(app: &App, email: &str) -> Result<Option<StoredUser>, Error> {
    let Ok(email) = Email::parse("email", email) else { return Ok(None) };
    let mut tx = app.pool.snapshot().await?;
    let user = users::find_by_email(&mut tx, &email).await?;
    tx.commit().await?;
    Ok(user)
}

/// What the attempt counts for: the device if the person is known on it, else the address that was entered.
async fn attempted_account(
    app: &App,
    user: Option<&StoredUser>,
    attempt: &SignIn<'_>,
) -> Result<AttemptedAccount, Error> {
    if let (Some(user), Some(device)) = (user, attempt.device.and_then(token::parse)) {
        let mut tx = app.pool.snapshot().await?;
        let is_known = sessions::is_known_device(&mut tx, user.id, &device).await?;
        tx.commit().await?;
        if is_known {
            return Ok(AttemptedAccount::Device(user.id, device));
        }
    }
    Ok(AttemptedAccount::Email(attempt.email.trim().to_lowercase()))
}

async fn check(app: &App, user: Option<StoredUser>, attempt: &SignIn<'_>) -> Result<StoredUser, Error> {
    let mut tx = app.pool.begin().await?;
    let user = user.filter(|user| user.disabled_at.is_none());
    let hash = match &user {
        Some(user) => users::password_hash(&mut tx, user.id).await?,
        None => None,
    };
    // No connection is held while the password is checked.
    tx.commit().await?;
    let is_right = app.access.passwords.verify(attempt.password, hash).await?;
    let user = user.filter(|_| is_right).ok_or(Error::SignInFailed)?;
    if user.has_second_factor {
        let code = attempt.second_factor.ok_or(Error::SecondFactorRequired)?;
        let mut tx = app.pool.begin().await?;
        let factor = SecondFactor::parse(code);
        if !second_factor::check(&mut tx, user.id, &factor, app.clock.now()).await? {
            return Err(Error::SecondFactorFailed);
        }
        tx.commit().await?;
    }
    Ok(user)
}

/// Records a failed attempt, and that a password was right although the second step is missing.
pub(super) async fn record_failure(
    app: &App,
    email: &str,
    error: &Error,
    caller: &Caller,
) -> Result<(), Error> {
    let action = match error {
        Error::SignInFailed | Error::SecondFactorFailed => "session.failed",
        Error::SecondFactorRequired => "session.second_factor_asked",
        _ => return Ok(()),
    };
    let mut tx = app.pool.begin().await?;
    let email: String = email.chars().filter(|character| !character.is_control()).collect();
    let record =
        Record { action, subject: "user".to_owned(), name: email, offer_id: None, changes: Vec::new() };
    audit::record(&mut tx, caller, app.clock.now(), record).await?;
    Ok(tx.commit().await?)
}

/// Signs in by a link that works once.
pub async fn sign_in_by_link(
    app: &App,
    link: &str,
    user_agent: &str,
    device: Option<&str>,
    caller: &Caller,
) -> Result<NewSession, Error> {
    let user = use_sign_in_link(app, link, caller).await?;
    start(app, user, user_agent, device, caller).await
}

/// Starts a session with a new token.
pub(super) async fn start(
    app: &App,
    user: StoredUser,
    user_agent: &str,
    device: Option<&str>,
    caller: &Caller,
) -> Result<NewSession, Error> {
    let mut tx = app.pool.begin().await?;
    let session = insert(&mut tx, app.clock.now(), user, user_agent, device, caller).await?;
    tx.commit().await?;
    app.access.refresh().await;
    Ok(session)
}

async fn insert(
    tx: &mut Tx,
    now: DateTime<Utc>,
    user: StoredUser,
    user_agent: &str,
    device: Option<&str>,
    caller: &Caller,
) -> Result<NewSession, Error> {
    let token = Token::random()?;
    let expires_at = now + TimeDelta::days(MAX_DAYS);
    let user_agent: String = user_agent.chars().take(MAX_USER_AGENT).collect();
    let address = caller.address.map(|address| address.to_string()).unwrap_or_default();
    let new = sessions::NewSession {
        user_id: user.id,
        token_hash: &token.hash,
        user_agent: &user_agent,
        address: &address,
        now,
        expires_at,
    };
    let id = sessions::insert_session(tx, &new).await?;
    let device = known_or_new(device)?;
    sessions::insert_device(tx, user.id, &device.hash, now).await?;
    let mut record = Record::of_user("session.started", user.id, &user.email, Vec::new());
    record.changes.extend(audit::change("session", None::<i64>, Some(id)));
    audit::record(tx, &caller.identified_as(&user), now, record).await?;
    Ok(NewSession { user, token: token.text, device: device.text, started_at: now, expires_at })
}

fn known_or_new(device: Option<&str>) -> Result<Token, Error> {
    match device.and_then(|text| Some((text, token::parse(text)?))) {
        Some((text, hash)) => Ok(Token { text: text.to_owned(), hash }),
        None => Token::random(),
    }
}

/// Ends the session of the request.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<i64, Error> {
    let (Some(user_id), Some(session_id)) = (caller.principal.user_id(), caller.principal.session_id())
    else {
        return Ok(0);
    };
    super::account::end(app, user_id, Ended::Only(session_id), caller).await
}
