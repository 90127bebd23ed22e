use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

const SHOWN_FOR: Duration = Duration::from_secs(7);

/// Short messages about what was just done, over whatever page comes next.
#[derive(Clone, Copy)]
pub struct Notices(RwSignal<Option<Notice>>);

#[derive(Clone)]
struct Notice {
    text: String,
    action: Option<(&'static str, Action)>,
}

/// Not a `Callback`, which would be gone with the row or the page that it was made on.
type Action = Arc<dyn Fn() + Send + Sync>;

impl Notices {
    pub fn provide() {
        provide_context(Notices(RwSignal::new(None)));
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn say(self, text: impl Into<String>) {
        self.show(Notice { text: text.into(), action: None });
    }

    /// With a way to take back what was done.
    pub fn offer(
        self,
        text: impl Into<String>,
        label: &'static str,
        action: impl Fn() + Send + Sync + 'static,
    ) {
        self.show(Notice { text: text.into(), action: Some((label, Arc::new(action))) });
    }

    fn show(self, notice: Notice) {
        let text = notice.text.clone();
        self.0.set(Some(notice));
        // A later message stays its own time.
        let hide = move || {
            if self.0.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.text == text)) {
                self.0.set(None);
            }
        };
        set_timeout(hide, SHOWN_FOR);
    }
}

#[component]
pub fn NoticeBoard() -> impl IntoView {
    let Notices(shown) = Notices::expect();
    view! {
        <div class="notices" role="status" aria-live="polite" data-testid="notice">
            {move || shown.get().map(|Notice { text, action }| view! {
                <div class="notice">
                    <p>{text}</p>
                    {action.map(|(label, action)| view! { <Take label action shown /> })}
                </div>
            })}
        </div>
    }
}

#[component]
fn Take(label: &'static str, action: Action, shown: RwSignal<Option<Notice>>) -> impl IntoView {
    let take = move |_| {
        shown.set(None);
        action();
    };
    view! { <button type="button" class="notice-action" data-testid="notice-action" on:click=take>{label}</button> }
}
