use offercast_domain::access::{KeyTerms, OfferScope, PersonDraft, Role, Scopes};
use offercast_storage::access::links::LinkPurpose;
use offercast_storage::access::users as storage;

use super::caller::Caller;
use super::links::{self, NewLink};
use super::token::Token;
use super::{keys, users};
use crate::{App, Error};

/// What the first owner signs in with, and a key with every scope.
pub struct FirstCredentials {
    pub email: String,
    pub password: String,
    pub api_key: String,
}

/// Creates the first owner and a key, unless there is a person already. `store` stores the credentials before they are
/// valid; if it fails, nothing is created. Returns a link to sign in.
pub async fn create_first_owner<E: From<Error>>(
    app: &App,
    email: &str,
    store: impl FnOnce(&FirstCredentials) -> Result<(), E>,
) -> Result<Option<NewLink>, E> {
    let password = Token::random().map_err(E::from)?.text;
    let hash = app.access.passwords.hash(&password).await.map_err(E::from)?;
    let mut tx = app.pool.begin().await.map_err(Error::from)?;
    storage::lock_table(&mut tx).await.map_err(Error::from)?;
    if storage::has_users(&mut tx).await.map_err(Error::from)? {
        return Ok(None);
    }
    let (now, caller) = (app.clock.now(), Caller::command_line());
    let owner = PersonDraft {
        email: Some(email.to_owned()),
        name: Some("First owner".to_owned()),
        role: Some(Role::Owner),
    };
    let user = users::insert(&mut tx, &owner, &caller, now).await?;
    storage::set_password_hash(&mut tx, user.id, &hash).await.map_err(Error::from)?;
    let terms = KeyTerms {
        name: "First key".to_owned(),
        scopes: Scopes::all(),
        offers: OfferScope::All,
        networks: None,
        expires_at: None,
    };
    let key = keys::insert_recorded(&mut tx, &terms, &caller, now).await?;
    let link = links::create(&mut tx, user.id, LinkPurpose::SignIn, now).await?;
    store(&FirstCredentials { email: user.email, password, api_key: key.secret })?;
    tx.commit().await.map_err(Error::from)?;
    app.access.refresh().await;
    Ok(Some(link))
}

/// Whether anybody can sign in.
pub async fn has_users(app: &App) -> Result<bool, Error> {
    let mut tx = app.pool.snapshot().await?;
    let has_users = storage::has_users(&mut tx).await?;
    tx.commit().await?;
    Ok(has_users)
}
