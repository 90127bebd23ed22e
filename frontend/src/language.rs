//! The language of the page: the browser's, unless the user chose another one on this device.

use leptos::prelude::*;

use crate::components::{Segment, Segments};
use crate::i18n::{Language, common as texts, current_language, set_language};

/// The key in local storage. index.html reads it too and sets the page's `lang` before the app starts.
const KEY: &str = "language";

/// Uses the language of the page's `lang` attribute.
pub fn apply_saved_language() {
    let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
    set_language(Language::parse(&tag.unwrap_or_default()));
}

/// Saves the choice and reloads the page, because texts are no signals. The reload comes from the cache.
fn choose(language: Language) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Without storage the browser's language stays.
        let _ = storage.set_item(KEY, language.tag());
    }
    // Fails if the user stays to keep unsaved changes.
    let _ = window().location().reload();
}

#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let option = |value: Language, label| Segment { value, key: value.tag(), label, symbol: None };
    let options = vec![option(Language::English, "EN"), option(Language::German, "DE")];
    view! {
        <div class="language">
            <Segments name="language" label=texts::language() options value=Signal::stored(current_language()) choose />
        </div>
    }
}
