use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::{Icon, Symbol};
use crate::browser::is_narrow;

/// An action in a menu.
#[derive(Clone)]
pub struct MenuItem {
    pub symbol: Symbol,
    pub label: String,
    pub hook: String,
    /// Cannot be undone.
    pub is_destructive: bool,
    /// Shown only where the navigation is a bar at the top, see `styles/shell.css`.
    pub is_for_narrow: bool,
    pub press: Callback<()>,
}

impl MenuItem {
    pub fn new(
        symbol: Symbol,
        label: impl Into<String>,
        hook: impl Into<String>,
        press: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let press = Callback::new(move |()| press());
        let (label, hook) = (label.into(), hook.into());
        MenuItem { symbol, label, hook, is_destructive: false, is_for_narrow: false, press }
    }

    pub fn destructive(self) -> Self {
        MenuItem { is_destructive: true, ..self }
    }

    pub fn for_narrow(self) -> Self {
        MenuItem { is_for_narrow: true, ..self }
    }
}

/// A menu behind a button, by default one with three dots. Arrow keys move through it, Escape closes it.
#[component]
pub fn Menu(
    #[prop(into)] label: String,
    #[prop(into, optional)] hook: String,
    items: Vec<MenuItem>,
    #[prop(default = "icon-button")] class: &'static str,
    /// The content of the button.
    #[prop(optional, into)]
    face: Option<AnyView>,
) -> impl IntoView {
    // The content of the button, which a label would have to repeat, is its name.
    let name = face.is_none().then(|| label.clone());
    let open = RwSignal::new(false);
    let panel = NodeRef::<Div>::new();
    focus_when_open(open, panel);
    let items = StoredValue::new(items);
    let shown = move || {
        let items = items.get_value().into_iter().filter(|item| !item.is_for_narrow || is_narrow());
        items.map(|item| view! { <Item item open /> }).collect_view()
    };
    view! {
        <div class="popover-box" on:focusout=move |event| close_when_left(open, &event) on:keydown=move |event| move_focus(open, panel, &event)>
            <button
                type="button"
                class=class
                data-testid=hook
                title=label
                aria-label=name
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {face.unwrap_or_else(|| view! { <Icon symbol=Symbol::More /> }.into_any())}
            </button>
            <Show when=move || open.get()>
                <div class="popover" role="menu" node_ref=panel>
                    {shown()}
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Item(item: MenuItem, open: RwSignal<bool>) -> impl IntoView {
    let MenuItem { symbol, label, hook, is_destructive, press, .. } = item;
    let choose = move |_| {
        open.set(false);
        press.run(());
    };
    view! {
        <button type="button" role="menuitem" tabindex="-1" class="menu-item" class:is-bad=is_destructive data-testid=hook on:click=choose>
            <Icon symbol />
            {label}
        </button>
    }
}

fn focus_when_open(open: RwSignal<bool>, panel: NodeRef<Div>) {
    Effect::new(move |_| {
        if let (true, Some(panel)) = (open.get(), panel.get()) {
            focus(panel.first_element_child());
        }
    });
}

/// Closes a popover when the focus leaves it.
pub fn close_when_left(open: RwSignal<bool>, event: &FocusEvent) {
    let inside = event.current_target().and_then(|target| target.dyn_into::<Node>().ok());
    let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    if !inside.is_some_and(|inside| inside.contains(to.as_ref())) {
        open.set(false);
    }
}

fn move_focus(open: RwSignal<bool>, panel: NodeRef<Div>, event: &KeyboardEvent) {
    let Some(panel) = panel.get_untracked().filter(|_| open.get_untracked()) else { return };
    let here = document().active_element();
    let to = match event.key().as_str() {
        "ArrowDown" => here.and_then(|here| here.next_element_sibling()).or(panel.first_element_child()),
        "ArrowUp" => here.and_then(|here| here.previous_element_sibling()).or(panel.last_element_child()),
        "Home" => panel.first_element_child(),
        "End" => panel.last_element_child(),
        "Escape" => {
            open.set(false);
            panel.previous_element_sibling()
        }
        _ => return,
    };
    event.prevent_default();
    focus(to);
}

fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // If the browser refuses, the focus stays where it is.
        let _ = element.focus();
    }
}
