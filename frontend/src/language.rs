//! In which language the page speaks: the browser's, unless the reader chose otherwise on this device.

use leptos::prelude::*;

use crate::components::{Segment, Segments};
use crate::words::{Language, common as words, speak, spoken};

/// Where the choice is kept; index.html reads it too, and marks the page with the language before the app starts.
const KEY: &str = "language";

/// Speaks the language that the page is marked with.
pub fn speak_as_chosen() {
    let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
    speak(Language::parse(&tag.unwrap_or_default()));
}

/// Words are said once, where they are needed: another language starts the page anew, which takes no download.
fn choose(language: Language) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that keeps nothing goes on in its own language.
        let _ = storage.set_item(KEY, language.tag());
    }
    // Fails where the reader stays with what they typed.
    let _ = window().location().reload();
}

#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let option = |value: Language, label| Segment { value, word: value.tag(), label, symbol: None };
    let options = vec![option(Language::English, "EN"), option(Language::German, "DE")];
    view! {
        <div class="language">
            <Segments name="language" label=words::language() options value=Signal::stored(spoken()) choose />
        </div>
    }
}
