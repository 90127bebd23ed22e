use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

const SHOWN_FOR: Duration = Duration::from_secs(7);

/// Short messages about completed actions. They stay visible when the page changes.
#[derive(Clone, Copy)]
pub struct Notices(RwSignal<Option<Notice>>);

#[derive(Clone)]
struct Notice {
    text: String,
    action: Option<(&'static str, Action)>,
}

/// Not a `Callback`, which is disposed with the component that created it.
type Action = Arc<dyn Fn() + Send + Sync>;

impl Notices {
    pub fn provide() {
        provide_context(Notices(RwSignal::new(None)));
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn show(self, text: impl Into<String>) {
        self.replace(Notice { text: text.into(), action: None });
    }

    /// Shows a message with a button, such as undo.
    pub fn show_with_action(
        self,
        text: impl Into<String>,
        label: &'static str,
        action: impl Fn() + Send + Sync + 'static,
    ) {
        self.replace(Notice { text: text.into(), action: Some((label, Arc::new(action))) });
    }

    fn replace(self, notice: Notice) {
        let text = notice.text.clone();
        self.0.set(Some(notice));
        // Must not hide a later message early.
        let hide = move || {
            if self.0.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.text == text)) {
                self.0.set(None);
            }
        };
        set_timeout(hide, SHOWN_FOR);
    }
}

#[component]
pub fn NoticeArea() -> impl IntoView {
    let Notices(shown) = Notices::expect();
    view! {
        <div class="notices" role="status" aria-live="polite" data-testid="notice">
            {move || shown.get().map(|Notice { text, action }| view! {
                <div class="notice">
                    <p>{text}</p>
                    {action.map(|(label, action)| view! { <ActionButton label action shown /> })}
                </div>
            })}
        </div>
    }
}

#[component]
fn ActionButton(label: &'static str, action: Action, shown: RwSignal<Option<Notice>>) -> impl IntoView {
    let take = move |_| {
        shown.set(None);
        action();
    };
    view! { <button type="button" class="notice-action" data-testid="notice-action" on:click=take>{label}</button> }
}
