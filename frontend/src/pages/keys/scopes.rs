//! Scopes in words.

use offercast_contract::Scope;

use crate::i18n::{Text, keys as texts};

/// The scopes in groups, for the form.
pub const GROUPS: [(Text, &[Scope]); 4] = [
    (texts::redemptions, &[Scope::RedemptionsWrite, Scope::RedemptionsRead]),
    (texts::offers, &[Scope::OffersRead, Scope::OffersWrite]),
    (texts::reports, &[Scope::ReportsRead]),
    (texts::administration, &[Scope::Webhooks, Scope::Admin]),
];

/// What the scope allows.
pub fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::OffersRead => texts::offers_read(),
        Scope::OffersWrite => texts::offers_write(),
        Scope::RedemptionsRead => texts::redemptions_read(),
        Scope::RedemptionsWrite => texts::redemptions_write(),
        Scope::ReportsRead => texts::reports_read(),
        Scope::Webhooks => texts::webhooks(),
        Scope::Admin => texts::admin(),
    }
}

pub fn scope_hint(scope: Scope) -> &'static str {
    match scope {
        Scope::OffersRead => texts::offers_read_hint(),
        Scope::OffersWrite => texts::offers_write_hint(),
        Scope::RedemptionsRead => texts::redemptions_read_hint(),
        Scope::RedemptionsWrite => texts::redemptions_write_hint(),
        Scope::ReportsRead => texts::reports_read_hint(),
        Scope::Webhooks => texts::webhooks_hint(),
        Scope::Admin => texts::admin_hint(),
    }
}

/// The scope as in the API.
pub fn scope_key(scope: Scope) -> &'static str {
    match scope {
        Scope::OffersRead => "offers:read",
        Scope::OffersWrite => "offers:write",
        Scope::RedemptionsRead => "redemptions:read",
        Scope::RedemptionsWrite => "redemptions:write",
        Scope::ReportsRead => "reports:read",
        Scope::Webhooks => "webhooks",
        Scope::Admin => "admin",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_scope_is_offered_once() {
        let offered: Vec<Scope> = GROUPS.iter().flat_map(|(_, scopes)| scopes.iter().copied()).collect();
        let names: HashSet<_> =
            offered.iter().map(|scope| (scope_name(*scope), scope_hint(*scope))).collect();
        assert_eq!((offered.len(), names.len()), (7, 7));
        for scope in offered {
            assert_eq!(serde_json::to_string(&scope).unwrap(), format!("\"{}\"", scope_key(scope)));
        }
    }
}
