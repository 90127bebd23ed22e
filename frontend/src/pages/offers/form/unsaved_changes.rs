use leptos::ev::{BeforeUnloadEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::state::FormState;
use crate::i18n::form::leave_without_saving;

/// Asks for confirmation before the page is left with unsaved changes, by closing it or by a link.
pub fn confirm_leaving(form: FormState) {
    let closing = window_event_listener(leptos::ev::beforeunload, move |event: BeforeUnloadEvent| {
        if form.is_dirty() {
            // The browser shows its own text.
            event.prevent_default();
        }
    });
    ask_before_links(move || form.is_dirty() && !confirmed());
    on_cleanup(move || closing.remove());
}

fn confirmed() -> bool {
    // Browsers without this dialog do not hold the user back.
    window().confirm_with_message(leave_without_saving()).unwrap_or(true)
}

/// Listens to clicks on the document: the router listens on the window, which receives them later.
fn ask_before_links(stays: impl Fn() -> bool + 'static) {
    let listener = StoredValue::new_local(Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        if is_link(&event) && stays() {
            event.prevent_default();
        }
    }));
    // Adding and removing a function as a listener cannot fail.
    listener.with_value(|listener| {
        _ = document().add_event_listener_with_callback("click", listener.as_ref().unchecked_ref());
    });
    on_cleanup(move || {
        listener.with_value(|listener| {
            _ = document().remove_event_listener_with_callback("click", listener.as_ref().unchecked_ref());
        });
    });
}

fn is_link(event: &MouseEvent) -> bool {
    let clicked = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    clicked.is_some_and(|element| element.closest("a[href]").is_ok_and(|link| link.is_some()))
}
