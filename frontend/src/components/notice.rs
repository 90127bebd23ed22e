use std::time::Duration;

use leptos::prelude::*;

const SHOWN_FOR: Duration = Duration::from_secs(6);

/// Short messages about what was just done, over whatever page comes next.
#[derive(Clone, Copy)]
pub struct Notices(RwSignal<Option<String>>);

impl Notices {
    pub fn provide() {
        provide_context(Notices(RwSignal::new(None)));
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn say(self, text: impl Into<String>) {
        let text = text.into();
        self.0.set(Some(text.clone()));
        // A later message stays its own time.
        let hide = move || {
            if self.0.with_untracked(|shown| shown.as_deref() == Some(&*text)) {
                self.0.set(None);
            }
        };
        set_timeout(hide, SHOWN_FOR);
    }
}

#[component]
pub fn NoticeBoard() -> impl IntoView {
    let Notices(text) = Notices::expect();
    view! {
        <div class="notices" role="status" aria-live="polite" data-testid="notice">
            {move || text.get().map(|text| view! { <p class="notice">{text}</p> })}
        </div>
    }
}
