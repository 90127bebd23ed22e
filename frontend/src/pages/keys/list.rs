use leptos::prelude::*;
use offercast_contract::{ApiKey, ApiKeyStatus};

use super::scopes::scope_name;
use super::{KeyActions, OpenDialog};
use crate::browser::{in_local_zone, now};
use crate::components::{Badge, Confirmation, Menu, MenuItem, Symbol};
use crate::format::{ago, moment};
use crate::i18n::{common, keys as texts};

/// More ids than this are only counted.
const MAX_IDS: usize = 5;

#[component]
pub fn KeyList(keys: Vec<ApiKey>, actions: KeyActions) -> impl IntoView {
    let rows = keys.into_iter().map(|key| view! { <Row key actions /> });
    view! {
        <div class="card">
            <table class="records" data-testid="keys">
                <thead>
                    <tr>
                        <th scope="col">{texts::key()}</th>
                        <th scope="col">{texts::scopes()}</th>
                        <th scope="col">{texts::limited_to()}</th>
                        <th scope="col">{texts::last_used()}</th>
                        <th scope="col">{texts::expires()}</th>
                        <th scope="col">{texts::status()}</th>
                        <th scope="col"><span class="visually-hidden">{common::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(key: ApiKey, actions: KeyActions) -> impl IntoView {
    let (tone, status) = status(key.status);
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope_name(*scope)).collect();
    let last_used = key.last_used_at.map_or_else(|| texts::never_used().to_owned(), |at| ago(now() - at));
    let expires = key.expires_at.map_or_else(|| texts::never().to_owned(), |at| moment(in_local_zone(at)));
    let limits = limits(&key).join(" · ");
    let menu = (key.status == ApiKeyStatus::Active).then(|| {
        let (label, hook) = (common::actions_for(&key.name), format!("menu-{}", key.prefix));
        view! { <Menu label hook items=items(&key, actions) /> }
    });
    view! {
        <tr data-testid=format!("key-{}", key.prefix)>
            <th scope="row" class="records-first"><b>{key.name.clone()}</b><small><code>{key.prefix.clone()}"…"</code></small></th>
            <td data-label=texts::scopes()>{scopes.join(", ")}</td>
            <td data-label=texts::limited_to()>{limits}</td>
            <td class="records-nowrap" data-label=texts::last_used()>{last_used}</td>
            <td data-label=texts::expires()>{expires}</td>
            <td><Badge tone text=status /></td>
            <td class="records-action">{menu}</td>
        </tr>
    }
}

fn items(key: &ApiKey, actions: KeyActions) -> Vec<MenuItem> {
    let (id, owned, done) = (key.id, key.clone(), texts::name_revoked(&key.name));
    let rotate = move || actions.dialog.set(Some(OpenDialog::Rotate(owned.clone())));
    let question = Confirmation::new(
        texts::revoke_name(&key.name),
        texts::revoke_note(),
        texts::revoke_now(),
        move || actions.revoke(id, done.clone()),
    );
    let revoke = move || actions.confirmation.set(Some(question.clone()));
    vec![
        MenuItem::new(Symbol::Reload, texts::rotate(), format!("rotate-{}", key.prefix), rotate),
        MenuItem::new(Symbol::Trash, texts::revoke(), format!("revoke-{}", key.prefix), revoke).destructive(),
    ]
}

fn status(status: ApiKeyStatus) -> (&'static str, &'static str) {
    match status {
        ApiKeyStatus::Active => ("good", texts::active()),
        ApiKeyStatus::Expired => ("quiet", texts::expired()),
        ApiKeyStatus::Revoked => ("quiet", texts::revoked()),
    }
}

/// The offers and networks that the key is limited to.
fn limits(key: &ApiKey) -> Vec<String> {
    let offers = key.offer_ids.as_ref().map(|ids| {
        if ids.len() > MAX_IDS {
            return texts::offer_count(i64::try_from(ids.len()).unwrap_or(i64::MAX));
        }
        texts::only_offers(&ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", "))
    });
    let networks = key.networks.as_ref().map(|networks| networks.join(", "));
    let limits: Vec<String> = offers.into_iter().chain(networks).collect();
    if limits.is_empty() { vec![texts::everything().to_owned()] } else { limits }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use offercast_contract::Scope;

    use super::*;

    fn key() -> ApiKey {
        ApiKey {
            id: 1,
            name: "Shop".to_owned(),
            prefix: "ofc_1".to_owned(),
            scopes: vec![Scope::OffersRead],
            offer_ids: None,
            networks: None,
            status: ApiKeyStatus::Active,
            created_by: "Ada".to_owned(),
            created_at: DateTime::default(),
            expires_at: None,
            last_used_at: None,
        }
    }

    #[test]
    fn limits_name_offers_and_networks() {
        assert_eq!(limits(&key()), ["No limits"]);
        let networks = Some(vec!["192.0.2.0/24".to_owned()]);
        let limited = ApiKey { offer_ids: Some(vec![3, 7]), networks, ..key() };
        assert_eq!(limits(&limited), ["Offers 3, 7", "192.0.2.0/24"]);
        assert_eq!(limits(&ApiKey { offer_ids: Some((1..=12).collect()), ..key() }), ["12 offers"]);
    }
}
