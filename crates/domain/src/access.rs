//! Who may do what: scopes, roles, and the actors that changes are recorded with.

mod account_draft;
mod key_draft;

use std::fmt;
use std::sync::Arc;

pub use account_draft::{Email, MAX_EMAIL, MAX_PASSWORD, PersonDraft, check_password, person_name};
pub use key_draft::{KeyDraft, KeyTerms, MAX_KEY_OFFERS};

/// A permission. Every call needs at most one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    OffersRead,
    OffersWrite,
    RedemptionsRead,
    RedemptionsWrite,
    ReportsRead,
    Webhooks,
    Admin,
}

impl Scope {
    pub const ALL: [Scope; 7] = [
        Scope::OffersRead,
        Scope::OffersWrite,
        Scope::RedemptionsRead,
        Scope::RedemptionsWrite,
        Scope::ReportsRead,
        Scope::Webhooks,
        Scope::Admin,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Scope::OffersRead => "offers:read",
            Scope::OffersWrite => "offers:write",
            Scope::RedemptionsRead => "redemptions:read",
            Scope::RedemptionsWrite => "redemptions:write",
            Scope::ReportsRead => "reports:read",
            Scope::Webhooks => "webhooks",
            Scope::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    pub fn all() -> Scopes {
        Scope::ALL.into_iter().collect()
    }

    pub fn contains(self, scope: Scope) -> bool {
        self.0 & Scopes::bit(scope) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }

    fn bit(scope: Scope) -> u8 {
        1 << scope as u8
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Scopes {
        Scopes(scopes.into_iter().fold(0, |bits, scope| bits | Scopes::bit(scope)))
    }
}

/// The role of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Owner,
    Manager,
    Analyst,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Owner, Role::Manager, Role::Analyst];

    pub fn scopes(self) -> Scopes {
        match self {
            Role::Owner => Scopes::all(),
            Role::Manager => Scope::ALL.into_iter().filter(|scope| *scope != Scope::Admin).collect(),
            Role::Analyst => {
                [Scope::OffersRead, Scope::RedemptionsRead, Scope::ReportsRead].into_iter().collect()
            }
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Manager => "manager",
            Role::Analyst => "analyst",
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// Who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// An API key, by the id of the first key of its rotations, so that a rotated key is the same actor.
    Key(i64),
    User(i64),
    /// `offercast keys` and `offercast users`.
    CommandLine,
    /// A request without credentials: a failed attempt, or any request if access control is off.
    Anonymous,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Key(id) => write!(f, "key:{id}"),
            Actor::User(id) => write!(f, "user:{id}"),
            Actor::CommandLine => f.write_str("command_line"),
            Actor::Anonymous => f.write_str("anonymous"),
        }
    }
}

/// The offers that an actor may see. All others are treated as if they did not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OfferScope {
    #[default]
    All,
    /// Sorted ids.
    Only(Arc<[i64]>),
}

impl OfferScope {
    pub fn only(ids: &[i64]) -> OfferScope {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        OfferScope::Only(ids.into())
    }

    pub fn contains(&self, offer_id: i64) -> bool {
        match self {
            OfferScope::All => true,
            OfferScope::Only(ids) => ids.binary_search(&offer_id).is_ok(),
        }
    }

    /// The ids if the offers are limited.
    pub fn ids(&self) -> Option<&[i64]> {
        match self {
            OfferScope::All => None,
            OfferScope::Only(ids) => Some(ids),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_and_roles_are_read_as_they_are_written() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
            let only: Scopes = [scope].into_iter().collect();
            assert_eq!(only.iter().collect::<Vec<_>>(), [scope]);
        }
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!((Scope::parse("admin "), Role::parse("Owner")), (None, None));
    }

    #[test]
    fn each_role_may_do_less_than_the_one_before() {
        let scopes = |role: Role| role.scopes().iter().map(Scope::as_str).collect::<Vec<_>>();
        assert_eq!(scopes(Role::Owner).len(), Scope::ALL.len());
        assert_eq!(
            scopes(Role::Manager),
            [
                "offers:read",
                "offers:write",
                "redemptions:read",
                "redemptions:write",
                "reports:read",
                "webhooks"
            ]
        );
        assert_eq!(scopes(Role::Analyst), ["offers:read", "redemptions:read", "reports:read"]);
    }

    #[test]
    fn a_limit_to_offers_contains_only_those() {
        let limited = OfferScope::only(&[7, 3]);
        assert!(limited.contains(3) && limited.contains(7) && !limited.contains(5));
        assert!(OfferScope::All.contains(5));
    }
}
