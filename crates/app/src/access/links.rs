use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use offercast_domain::access::check_password;
use offercast_storage::access::TokenHash;
use offercast_storage::access::links::{self as storage, LinkPurpose, StoredLink};
use offercast_storage::access::sessions::{self, Ended};
use offercast_storage::access::users::{self, StoredUser};
use offercast_storage::{PgConnection, Tx};

use super::attempts::Account as AttemptedAccount;
use super::caller::Caller;
use super::second_factor::{self, SecondFactor};
use super::sign_in::{self, NewSession};
use super::token::{self, Token};
use crate::audit::{self, Record};
use crate::{App, Error};

/// How long links work.
const SIGN_IN_MINUTES: i64 = 15;
const INVITATION_DAYS: i64 = 7;
const RESET_HOURS: i64 = 24;

/// A link to hand over. The token is not stored.
pub struct NewLink {
    /// The path of the page, with the token in its fragment, which browsers do not send and servers do not log.
    pub path: String,
    pub expires_at: DateTime<Utc>,
}

/// What a link is for.
pub struct LinkView {
    pub user: StoredUser,
    pub is_invitation: bool,
    pub expires_at: DateTime<Utc>,
}

/// Creates a link for a person.
pub(super) async fn create(
    connection: &mut PgConnection,
    user_id: i64,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> Result<NewLink, Error> {
    let token = Token::random()?;
    let expires_at = now
        + match purpose {
            LinkPurpose::SignIn => TimeDelta::minutes(SIGN_IN_MINUTES),
            LinkPurpose::Invitation => TimeDelta::days(INVITATION_DAYS),
            LinkPurpose::PasswordReset => TimeDelta::hours(RESET_HOURS),
        };
    storage::insert_link(connection, &token.hash, StoredLink { user_id, purpose, expires_at }, now).await?;
    let path = match purpose {
        LinkPurpose::SignIn => format!("/login#once={}", token.text),
        LinkPurpose::Invitation | LinkPurpose::PasswordReset => format!("/welcome#token={}", token.text),
    };
    Ok(NewLink { path, expires_at })
}

/// A link that signs a person in once, for `offercast users sign-in-link`.
pub async fn sign_in_link(app: &App, user_id: i64, caller: &Caller) -> Result<NewLink, Error> {
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let user = users::find_user(&mut tx, user_id).await?.ok_or(Error::UserNotFound)?;
    let link = create(&mut tx, user_id, LinkPurpose::SignIn, now).await?;
    let record = Record::of_user("user.link_created", user_id, &user.email, Vec::new());
    audit::record(&mut tx, caller, now, record).await?;
    tx.commit().await?;
    Ok(link)
}

/// Shows what an invitation or a link to reset a password is for. It can still be used.
pub async fn show_link(app: &App, token: &str, caller: &Caller) -> Result<LinkView, Error> {
    let mut tx = app.pool.snapshot().await?;
    let (_, link, user) = find(app, &mut tx, token, caller).await?;
    tx.commit().await?;
    let is_invitation = match link.purpose {
        LinkPurpose::Invitation => true,
        LinkPurpose::PasswordReset => false,
        LinkPurpose::SignIn => return Err(Error::LinkInvalid),
    };
    Ok(LinkView { user, is_invitation, expires_at: link.expires_at })
}

/// Finds a link that works. Clients that try many others are slowed down.
async fn find(
    app: &App,
    tx: &mut Tx,
    text: &str,
    caller: &Caller,
) -> Result<(TokenHash, StoredLink, StoredUser), Error> {
    app.access.check_guesses(caller.client())?;
    match find_working(tx, text, app.clock.now()).await? {
        Some(found) => Ok(found),
        None => {
            app.access.count_guess(caller.client());
            Err(Error::LinkInvalid)
        }
    }
}

async fn find_working(
    tx: &mut Tx,
    text: &str,
    now: DateTime<Utc>,
) -> Result<Option<(TokenHash, StoredLink, StoredUser)>, Error> {
    let Some(hash) = token::parse(text) else { return Ok(None) };
    let Some(link) = storage::find_link(tx, &hash, now).await? else { return Ok(None) };
    let user = users::find_user(tx, link.user_id).await?.filter(|user| user.disabled_at.is_none());
    Ok(user.map(|user| (hash, link, user)))
}

pub(super) async fn use_sign_in_link(app: &App, token: &str, caller: &Caller) -> Result<StoredUser, Error> {
    let mut tx = app.pool.begin().await?;
    let (hash, link, user) = find(app, &mut tx, token, caller).await?;
    if link.purpose != LinkPurpose::SignIn || !storage::use_link(&mut tx, &hash).await? {
        return Err(Error::LinkInvalid);
    }
    tx.commit().await?;
    Ok(user)
}

/// Wrong codes are delayed as at sign-in, and recorded.
async fn check_second_factor(
    app: &App,
    tx: &mut Tx,
    user: &StoredUser,
    code: &str,
    caller: &Caller,
) -> Result<(), Error> {
    let (account, client) = (AttemptedAccount::Link(user.id), caller.client());
    if let Some(wait) = app.access.attempts.wait(&account, client, Instant::now()) {
        return Err(Error::TooManyAttempts { wait });
    }
    app.access.attempts.failed(&account, client, Instant::now());
    if second_factor::check(tx, user.id, &SecondFactor::parse(code), app.clock.now()).await? {
        app.access.attempts.succeeded(&account, client);
        return Ok(());
    }
    let failure = Error::SecondFactorFailed;
    sign_in::record_failure(app, &user.email, &failure, caller).await?;
    Err(failure)
}

/// A password that is chosen by a link.
pub struct ChosenPassword<'a> {
    pub token: &'a str,
    pub password: &'a str,
    /// Needed if the person uses two-step verification: whoever has the link may not be that person.
    pub second_factor: Option<&'a str>,
}

/// Sets the password of the person whose link it is, ends all other sessions of the person, and signs in.
pub async fn set_password_by_link(
    app: &App,
    chosen: &ChosenPassword<'_>,
    user_agent: &str,
    device: Option<&str>,
    caller: &Caller,
) -> Result<NewSession, Error> {
    let LinkView { user, .. } = show_link(app, chosen.token, caller).await?;
    check_password("password", chosen.password, &user.email, &user.name)
        .map_err(|fault| Error::Invalid(vec![fault]))?;
    let hashed = app.access.passwords.hash(chosen.password).await?;
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let (hash, _, user) = find(app, &mut tx, chosen.token, caller).await?;
    if user.has_second_factor {
        let code = chosen.second_factor.ok_or(Error::SecondFactorRequired)?;
        check_second_factor(app, &mut tx, &user, code, caller).await?;
    }
    if !storage::use_link(&mut tx, &hash).await? {
        return Err(Error::LinkInvalid);
    }
    users::set_password_hash(&mut tx, user.id, &hashed).await?;
    storage::delete_links(&mut tx, user.id).await?;
    sessions::end_sessions(&mut tx, user.id, Ended::All).await?;
    let record = Record::of_user("user.password_set", user.id, &user.email, Vec::new());
    audit::record(&mut tx, &caller.identified_as(&user), now, record).await?;
    tx.commit().await?;
    sign_in::start(app, StoredUser { has_password: true, ..user }, user_agent, device, caller).await
}
