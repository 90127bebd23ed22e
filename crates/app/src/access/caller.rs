use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use offercast_domain::Network;
use offercast_domain::access::{Actor, OfferScope, Scope, Scopes};
use offercast_storage::access::TokenHash;
use offercast_storage::access::users::StoredUser;

use crate::Error;

/// Who makes a request, and from where.
#[derive(Debug, Clone)]
pub struct Caller {
    pub principal: Principal,
    /// The address of the client. `None` for the command line.
    pub address: Option<IpAddr>,
    /// Empty for the command line.
    pub request_id: String,
}

impl Caller {
    /// The client that limits count by: an address, or for IPv6 its /64 network, because one client may use all of it.
    pub fn client(&self) -> IpAddr {
        match self.address.map(|address| address.to_canonical()) {
            Some(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
            Some(address) => address,
            None => Ipv4Addr::UNSPECIFIED.into(),
        }
    }

    /// Rejects keys that are limited to offers, networks or a time: they could create others without limits.
    pub(super) fn check_unlimited(&self) -> Result<(), Error> {
        if self.principal.is_limited() {
            return Err(Error::Forbidden(
                "A key that is limited to offers, networks or a time may not manage access",
            ));
        }
        Ok(())
    }

    /// Nobody may give away, or take over, what they do not have.
    pub(super) fn check_has(&self, scopes: Scopes) -> Result<(), Error> {
        if scopes.iter().all(|scope| self.principal.may(scope)) {
            return Ok(());
        }
        Err(Error::Forbidden("This needs every scope of the role or key concerned"))
    }

    /// The same request, by the person who has just proved who they are.
    pub(super) fn identified_as(&self, user: &StoredUser) -> Caller {
        let principal = Principal::new(
            Actor::User(user.id),
            &user.name,
            Credential::None,
            user.role.scopes(),
            OfferScope::All,
        );
        Caller { principal, ..self.clone() }
    }

    /// `offercast keys` and `offercast users`.
    pub fn command_line() -> Caller {
        Caller { principal: Principal::command_line(), address: None, request_id: String::new() }
    }
}

/// An API key, a person, or everybody if access control is off. Clones share it.
#[derive(Clone)]
pub struct Principal(Arc<Identity>);

struct Identity {
    actor: Actor,
    /// The actor as text.
    owner: String,
    name: String,
    scopes: Scopes,
    offers: OfferScope,
    credential: Credential,
}

enum Credential {
    None,
    Key {
        id: i64,
        token: TokenHash,
        networks: Option<Vec<Network>>,
        expires_at: Option<DateTime<Utc>>,
        used: Arc<AtomicI64>,
    },
    Session {
        id: i64,
        token: TokenHash,
        expires_at: DateTime<Utc>,
        used: Arc<AtomicI64>,
    },
}

/// A session ends after this time without a request.
pub(super) const IDLE_SECONDS: i64 = 12 * 60 * 60;

impl Principal {
    fn new(
        actor: Actor,
        name: &str,
        credential: Credential,
        scopes: Scopes,
        offers: OfferScope,
    ) -> Principal {
        let owner = actor.to_string();
        Principal(Arc::new(Identity { actor, owner, name: name.to_owned(), scopes, offers, credential }))
    }

    /// Every request if access control is off.
    pub fn everybody() -> Principal {
        static EVERYBODY: LazyLock<Principal> = LazyLock::new(|| {
            Principal::new(Actor::Anonymous, "", Credential::None, Scopes::all(), OfferScope::All)
        });
        EVERYBODY.clone()
    }

    /// A request without credentials.
    pub fn nobody() -> Principal {
        static NOBODY: LazyLock<Principal> = LazyLock::new(|| {
            Principal::new(Actor::Anonymous, "", Credential::None, Scopes::default(), OfferScope::All)
        });
        NOBODY.clone()
    }

    fn command_line() -> Principal {
        Principal::new(Actor::CommandLine, "", Credential::None, Scopes::all(), OfferScope::All)
    }

    /// `used`: the time of the last request in microseconds, shared with former states of the key.
    pub(super) fn key(key: offercast_storage::access::keys::UsableKey, used: Arc<AtomicI64>) -> Principal {
        let terms = key.terms;
        let credential = Credential::Key {
            id: key.id,
            token: key.token_hash,
            networks: terms.networks,
            expires_at: terms.expires_at,
            used,
        };
        Principal::new(Actor::Key(key.lineage), &terms.name, credential, terms.scopes, terms.offers)
    }

    pub(super) fn session(
        session: &offercast_storage::access::sessions::UsableSession,
        used: Arc<AtomicI64>,
    ) -> Principal {
        let credential = Credential::Session {
            id: session.id,
            token: session.token_hash,
            expires_at: session.expires_at,
            used,
        };
        let actor = Actor::User(session.user_id);
        Principal::new(actor, &session.name, credential, session.role.scopes(), OfferScope::All)
    }

    pub fn actor(&self) -> Actor {
        self.0.actor
    }

    /// The name of the key or person.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub fn scopes(&self) -> Scopes {
        self.0.scopes
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.0.scopes.contains(scope)
    }

    pub fn offers(&self) -> &OfferScope {
        &self.0.offers
    }

    /// Whether a key has limits besides its scopes.
    fn is_limited(&self) -> bool {
        let of_key = match &self.0.credential {
            Credential::Key { networks, expires_at, .. } => networks.is_some() || expires_at.is_some(),
            Credential::None | Credential::Session { .. } => false,
        };
        of_key || self.0.offers != OfferScope::All
    }

    /// The signed-in person.
    pub fn user_id(&self) -> Option<i64> {
        match self.0.actor {
            Actor::User(id) => Some(id),
            _ => None,
        }
    }

    pub fn session_id(&self) -> Option<i64> {
        match &self.0.credential {
            Credential::Session { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// The hash of the key or of the session's token.
    pub(super) fn token(&self) -> Option<&TokenHash> {
        match &self.0.credential {
            Credential::None => None,
            Credential::Key { token, .. } | Credential::Session { token, .. } => Some(token),
        }
    }

    pub(super) fn key_id(&self) -> Option<i64> {
        match &self.0.credential {
            Credential::Key { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// Whether the key or session may be used at this time and from this address.
    pub(super) fn is_usable(&self, address: IpAddr, now: DateTime<Utc>) -> bool {
        match &self.0.credential {
            Credential::None => true,
            Credential::Key { networks, expires_at, .. } => {
                expires_at.is_none_or(|end| now < end)
                    && networks.as_ref().is_none_or(|all| all.iter().any(|network| network.contains(address)))
            }
            Credential::Session { expires_at, used, .. } => {
                let idle = now.timestamp() - used.load(Ordering::Relaxed) / 1_000_000;
                now < *expires_at && idle < IDLE_SECONDS
            }
        }
    }

    pub(super) fn record_use(&self, now: DateTime<Utc>) {
        if let Some(used) = self.used() {
            used.store(now.timestamp_micros(), Ordering::Relaxed);
        }
    }

    pub(super) fn used(&self) -> Option<&Arc<AtomicI64>> {
        match &self.0.credential {
            Credential::None => None,
            Credential::Key { used, .. } | Credential::Session { used, .. } => Some(used),
        }
    }

    /// The actor as text, which names whose idempotency keys these are: equal for a key and its rotations, and for the
    /// sessions of a person.
    pub fn owner(&self) -> &str {
        &self.0.owner
    }
}

impl std::fmt::Debug for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Principal({})", self.0.actor)
    }
}
