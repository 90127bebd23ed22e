use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use offercast_contract::Scope;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::sign_in::may;

const ROWS: &str = ".offer-name";

/// Keyboard shortcuts: `/` focuses the search, `n` creates an offer, `j` and `k` move through the list.
pub fn listen(navigate: Callback<String>) {
    let may_create = may(Scope::OffersWrite);
    let listening = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing() {
            return;
        }
        match event.key().as_str() {
            "/" => focus(document().query_selector("input[type=search]").ok().flatten()),
            "n" if may_create => navigate.run("/admin/offers/new".to_owned()),
            "j" => focus(neighbour(1)),
            "k" => focus(neighbour(-1)),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listening.remove());
}

fn is_typing() -> bool {
    let here = document().active_element();
    here.is_some_and(|here| here.matches("input, select, textarea, dialog *").unwrap_or(false))
}

/// The row `step` rows below the focused one, or the first row if none is focused.
fn neighbour(step: i32) -> Option<Element> {
    let rows = document().query_selector_all(ROWS).ok()?;
    let place = |element: &Element| {
        (0..rows.length()).find(|place| rows.get(*place).is_some_and(|row| row.is_same_node(Some(element))))
    };
    let here = document().active_element().and_then(|here| place(&here));
    let next = here.map_or(Some(0), |here| here.checked_add_signed(step));
    rows.get(next?).and_then(|row| row.dyn_into().ok())
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // If the browser refuses, the focus stays where it is.
        let _ = element.focus();
    }
}
