//! Who makes a request, and the use cases of keys, people and sessions.
//!
//! Every request is checked against the keys and sessions in memory ([`Access::authenticate`]), which other processes'
//! changes reach within a second.

mod account;
mod attempts;
mod caller;
mod first_start;
mod keys;
mod links;
mod passwords;
mod refresh;
mod second_factor;
mod sign_in;
mod snapshot;
mod token;
mod users;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::not_found_limiter::NotFoundLimiter;
use crate::{Clock, Error, Pool};

pub use offercast_domain::access::{KeyDraft, OfferScope, PersonDraft, Role, Scope};

pub use account::{Account, change_password, end_sessions, list_sessions, show_account};
pub use caller::{Caller, Principal};
pub use first_start::{FirstCredentials, create_first_owner, has_users};
pub use keys::{KeyStatus, NewKey, create_key, key_status, list_keys, revoke_key, rotate_key};
pub use links::{ChosenPassword, LinkView, NewLink, set_password_by_link, show_link, sign_in_link};
pub use second_factor::{
    SecondFactorSecret, confirm_second_factor, remove_second_factor, set_up_second_factor,
};
pub use sign_in::{NewSession, SignIn, sign_in, sign_in_by_link, sign_out};
pub use users::{
    UserChange, create_user_link, end_user_sessions, invite, list_users, purge_ended_sessions, remove_user,
    reset_user, update_user, user_named,
};

use attempts::Attempts;
use passwords::Passwords;
use refresh::Refresher;

/// The credentials of a request, as they were sent.
#[derive(Debug, Clone, Copy)]
pub enum Credentials<'a> {
    /// An API key.
    Key(&'a str),
    /// The token of a session.
    Session(&'a str),
    None,
}

/// Access control. Clones share its state.
#[derive(Clone)]
pub struct Access {
    /// `None`: access control is off, and everybody may do everything.
    refresher: Option<Refresher>,
    unknown: Arc<NotFoundLimiter>,
    attempts: Arc<Attempts>,
    passwords: Passwords,
}

impl Access {
    /// Everybody may do everything.
    pub(crate) fn off() -> Access {
        Access {
            refresher: None,
            unknown: Arc::default(),
            attempts: Arc::default(),
            passwords: Passwords::new(),
        }
    }

    /// Must be called in the runtime that lives as long as the program, where keys and sessions are read.
    pub(crate) fn on(pool: Pool, clock: Clock) -> Access {
        Access { refresher: Some(Refresher::start(pool, clock)), ..Access::off() }
    }

    pub fn is_on(&self) -> bool {
        self.refresher.is_some()
    }

    /// Who sent the credentials, from an exact address. Unknown ones are limited per `client`, which may be a network.
    pub fn authenticate(
        &self,
        credentials: Credentials<'_>,
        address: IpAddr,
        client: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<Principal, Error> {
        let Some(refresher) = &self.refresher else { return Ok(Principal::everybody()) };
        let found = match credentials {
            Credentials::None => return Err(Error::Unauthenticated),
            Credentials::Key(text) => token::parse_key(text).map(|hash| refresher.key(&hash)),
            Credentials::Session(text) => token::parse(text).map(|hash| refresher.session(&hash)),
        };
        match found.transpose()?.flatten().filter(|principal| principal.is_usable(address, now)) {
            Some(principal) => {
                principal.record_use(now);
                Ok(principal)
            }
            None => Err(self.unknown_credentials(client)),
        }
    }

    fn unknown_credentials(&self, client: IpAddr) -> Error {
        match self.check_guesses(client) {
            Err(error) => error,
            Ok(()) => {
                self.count_guess(client);
                Error::Unauthenticated
            }
        }
    }

    /// Rejects a client that has sent too many unknown keys, sessions or links.
    fn check_guesses(&self, client: IpAddr) -> Result<(), Error> {
        match self.unknown.wait(client, Instant::now()) {
            Some(wait) => Err(Error::TooManyMisses { wait }),
            None => Ok(()),
        }
    }

    fn count_guess(&self, client: IpAddr) {
        self.unknown.miss(client, Instant::now());
    }

    /// Waits until keys and sessions have been read for the first time, for at most this time.
    pub async fn ready(&self, at_most: Duration) {
        if let Some(refresher) = &self.refresher {
            // Without a database, requests are answered as busy.
            let _ = tokio::time::timeout(at_most, refresher.ready()).await;
        }
    }

    /// Whether a request of this key or session would still be accepted.
    pub fn still_accepts(&self, principal: &Principal, address: IpAddr, now: DateTime<Utc>) -> bool {
        let Some(refresher) = &self.refresher else { return true };
        let current = match principal.token() {
            Some(token) if principal.session_id().is_some() => refresher.session(token),
            Some(token) => refresher.key(token),
            None => return true,
        };
        current.is_ok_and(|current| {
            current.is_some_and(|current| {
                current.scopes() == principal.scopes() && current.is_usable(address, now)
            })
        })
    }

    /// Reads the keys and sessions again, so that this process knows its own change at once.
    pub(crate) async fn refresh(&self) {
        if let Some(refresher) = &self.refresher {
            refresher.refresh().await;
        }
    }
}
