use chrono::{DateTime, Utc};

use super::{OfferScope, Scope, Scopes};
use crate::{FieldError, Network, text};

/// Most offers that a key may be limited to.
pub const MAX_KEY_OFFERS: usize = 1_000;
const MAX_NETWORKS: usize = 50;
const MAX_NAME: usize = 100;

/// An API key to create, unchecked.
#[derive(Debug, Clone, Default)]
pub struct KeyDraft {
    pub name: Option<String>,
    pub scopes: Option<Vec<Scope>>,
    pub offer_ids: Option<Vec<i64>>,
    pub networks: Option<Vec<String>>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// What an API key may do, from where, and until when.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyTerms {
    pub name: String,
    pub scopes: Scopes,
    pub offers: OfferScope,
    /// `None`: from anywhere.
    pub networks: Option<Vec<Network>>,
    /// `None`: it does not expire.
    pub expires_at: Option<DateTime<Utc>>,
}

impl KeyDraft {
    pub fn check(&self, now: DateTime<Utc>) -> Result<KeyTerms, Vec<FieldError>> {
        let mut faults = Vec::new();
        let terms = KeyTerms {
            name: keep(
                &mut faults,
                text::line("name", self.name.as_deref().unwrap_or_default().trim(), MAX_NAME),
            ),
            scopes: keep(&mut faults, self.scopes()),
            offers: keep(&mut faults, self.offers()),
            networks: keep(&mut faults, self.networks()),
            expires_at: keep(&mut faults, self.expiry(now)),
        };
        if faults.is_empty() { Ok(terms) } else { Err(faults) }
    }

    fn scopes(&self) -> Result<Scopes, FieldError> {
        let scopes: Scopes = self.scopes.iter().flatten().copied().collect();
        if scopes.is_empty() { Err(FieldError::required("scopes")) } else { Ok(scopes) }
    }

    fn offers(&self) -> Result<OfferScope, FieldError> {
        let Some(ids) = &self.offer_ids else { return Ok(OfferScope::All) };
        if !(1..=MAX_KEY_OFFERS).contains(&ids.len()) {
            let message = format!("must have 1 to {MAX_KEY_OFFERS} ids, or be left out for all offers");
            return Err(FieldError::new("offer_ids", "length", message));
        }
        Ok(OfferScope::only(ids))
    }

    fn networks(&self) -> Result<Option<Vec<Network>>, FieldError> {
        let Some(networks) = &self.networks else { return Ok(None) };
        if !(1..=MAX_NETWORKS).contains(&networks.len()) {
            let message = format!("must have 1 to {MAX_NETWORKS} networks, or be left out for any address");
            return Err(FieldError::new("networks", "length", message));
        }
        let networks: Result<Vec<Network>, String> =
            networks.iter().map(|text| text.trim().parse()).collect();
        networks.map(Some).map_err(|message| FieldError::new("networks", "invalid", message))
    }

    fn expiry(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, FieldError> {
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(FieldError::new("expires_at", "in_the_past", "must be in the future"));
        }
        Ok(self.expires_at)
    }
}

/// The value, or its default if it is invalid. Then the fault is collected.
fn keep<T: Default>(faults: &mut Vec<FieldError>, checked: Result<T, FieldError>) -> T {
    checked.unwrap_or_else(|fault| {
        faults.push(fault);
        T::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn valid() -> KeyDraft {
        KeyDraft {
            name: Some("Shop".into()),
            scopes: Some(vec![Scope::RedemptionsWrite]),
            ..KeyDraft::default()
        }
    }

    #[test]
    fn a_key_without_limits_may_be_used_everywhere() {
        let terms = valid().check(now()).unwrap();
        assert_eq!((terms.offers, terms.networks, terms.expires_at), (OfferScope::All, None, None));
        assert!(terms.scopes.contains(Scope::RedemptionsWrite) && !terms.scopes.contains(Scope::Admin));
    }

    #[test]
    fn every_fault_of_a_key_is_named() {
        let faults = KeyDraft {
            scopes: Some(vec![]),
            offer_ids: Some(vec![]),
            networks: Some(vec!["10.0.0.0/99".into()]),
            expires_at: Some(now()),
            ..KeyDraft::default()
        };
        let fields: Vec<_> = faults.check(now()).unwrap_err().iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "scopes", "offer_ids", "networks", "expires_at"]);
    }
}
