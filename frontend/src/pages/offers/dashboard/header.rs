use leptos::prelude::*;
use offercast_contract::{Offer, Scope};

use super::super::actions::{OfferActions, StatusAction};
use super::super::edit_path;
use crate::browser::{print, use_navigate_to};
use crate::components::{Button, CopyText, Icon, Menu, MenuItem, RemovalDialog, StateBadge, Symbol};
use crate::format::{discount, period};
use crate::i18n::{common as texts, dashboard};
use crate::sign_in::may;

/// Name, state and terms of the offer, and its actions.
#[component]
pub fn Header(offer: Offer, codes_open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    view! {
        <div class="page-head offer-head">
            <div>
                <p class="crumb"><a href="/admin/offers"><Icon symbol=Symbol::Back />{texts::offers()}</a></p>
                <h1>{offer.name.clone()} " " <StateBadge state=offer.state /></h1>
                <p class="offer-facts">
                    <CopyText text=offer.code.clone() hook="copy-code" />
                    <span>{discount(&offer)}</span>
                    <span>{period(offer.start_date, offer.end_date)}</span>
                    <span>{offer.timezone.clone()}</span>
                </p>
            </div>
            <Actions offer codes_open reload />
        </div>
    }
}

#[component]
fn Actions(offer: Offer, codes_open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    let navigate = use_navigate_to();
    let actions = OfferActions::new(navigate, reload);
    let StatusAction { symbol, label, to, .. } = StatusAction::of(offer.status);
    let edit = edit_path(&offer.code);
    let print = MenuItem::new(Symbol::Print, texts::print(), "print-offer", print);
    if !may(Scope::OffersWrite) {
        let items = vec![print];
        return view! { <div class="head-actions"><Menu label=texts::more_actions() hook="menu-offer" items /></div> }
            .into_any();
    }
    let codes = move || codes_open.set(true);
    let codes = MenuItem::new(Symbol::Offer, dashboard::unique_codes_open(), "codes-offer", codes);
    let items = [actions.duplicate(&offer), codes, print];
    let items = items.into_iter().chain(actions.removal(&offer)).collect();
    let switch = move |()| actions.set_status(&offer, to);
    view! {
        <div class="head-actions">
            <a href=edit class="button" data-testid="edit-offer"><Icon symbol=Symbol::Pencil />{texts::edit()}</a>
            <Button symbol hook="switch-offer" press=switch>{label}</Button>
            <Menu label=texts::more_actions() hook="menu-offer" items />
        </div>
        <RemovalDialog target=actions.deleting done=move |()| navigate.run("/admin/offers".to_owned()) />
    }
    .into_any()
}
