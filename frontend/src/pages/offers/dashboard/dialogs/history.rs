use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{AuditEntry, Page};

use crate::api::{self, ApiError};
use crate::audit_words::{actor_in_words, in_words};
use crate::browser::in_local_zone;
use crate::components::Button;
use crate::format::moment;
use crate::i18n::{audit as texts, common};
use crate::query_string::query_string;

const PAGE_SIZE: &str = "20";

/// The pages that are loaded, and the cursor of the next one.
#[derive(Clone, Copy)]
struct Loaded {
    offer: i64,
    entries: RwSignal<Vec<AuditEntry>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiError>>,
}

impl Loaded {
    fn load(self) {
        let cursor = self.next.get_untracked().unwrap_or_default();
        let query = query_string([("cursor", cursor), ("limit", PAGE_SIZE.to_owned())]);
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::offer_history(self.offer, &query).await;
            // The page may be gone.
            if self.busy.try_set(false).is_none() {
                self.show(answer);
            }
        });
    }

    fn show(self, answer: Result<Page<AuditEntry>, ApiError>) {
        match answer {
            Ok(page) => {
                self.entries.update(|entries| entries.extend(page.data));
                self.next.set(page.meta.next_cursor);
                self.failure.set(None);
            }
            Err(error) => self.failure.set(Some(error)),
        }
    }

    /// Whether there is more to fetch, or fetching failed.
    fn has_more(self) -> bool {
        self.next.read().is_some() || self.failure.read().is_some()
    }
}

/// The changes of an offer, latest first.
#[component]
pub fn HistoryList(offer: i64) -> impl IntoView {
    let loaded = Loaded {
        offer,
        entries: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
    };
    loaded.load();
    let note = move || match (loaded.busy.get(), loaded.failure.get()) {
        (true, _) => Some(texts::loading_history().to_owned()),
        (false, Some(error)) => Some(error.message()),
        (false, None) => loaded.entries.read().is_empty().then(|| texts::no_changes().to_owned()),
    };
    let items = move || loaded.entries.read().iter().map(item).collect_view();
    let label =
        move || if loaded.failure.read().is_some() { common::try_again() } else { texts::show_older() };
    view! {
        <ol data-testid="history-entries">{items}</ol>
        <p class="quiet-note" role="status">{note}</p>
        <Show when=move || loaded.has_more()>
            <Button hook="history-older" disabled=loaded.busy press=move |()| loaded.load()>{label}</Button>
        </Show>
    }
}

fn item(entry: &AuditEntry) -> impl IntoView + use<> {
    let (words, who) = (in_words(entry), actor_in_words(entry));
    let at = moment(in_local_zone(entry.at));
    view! {
        <li>
            <b>{words}</b>
            <p class="hint"><time datetime=entry.at.to_rfc3339()>{texts::by_at(&who, &at)}</time></p>
        </li>
    }
}
