//! All texts of the dashboard, in each language side by side. A text without a translation does not compile.
//!
//! The language is set once, when the page starts; see [`crate::language`].

#[macro_use]
mod macros;

pub mod charts;
pub mod common;
pub mod dashboard;
pub mod form;
pub mod list;
mod numbers;
pub mod overview;

use std::cell::Cell;

pub use macros::{fill, plural};
pub use numbers::grouped;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    German,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// The language tag, as in HTML's `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    pub fn parse(tag: &str) -> Language {
        Language::ALL.into_iter().find(|language| language.tag() == tag).unwrap_or(Language::English)
    }
}

thread_local! {
    // The browser has one thread. Tests run in several, each with a language of its own.
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
}

pub fn set_language(language: Language) {
    CURRENT.set(language);
}

pub fn current_language() -> Language {
    CURRENT.get()
}

/// Runs `test` in German.
#[cfg(test)]
pub fn in_german<T>(test: impl FnOnce() -> T) -> T {
    set_language(Language::German);
    let result = test();
    set_language(Language::English);
    result
}

/// Returns the value for the current language.
pub fn pick<T>(english: T, german: T) -> T {
    match current_language() {
        Language::English => english,
        Language::German => german,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The placeholders of a text, sorted.
    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_translation_has_the_placeholders_of_its_text() {
        let all = [charts::TEXTS, common::TEXTS, dashboard::TEXTS, form::TEXTS, list::TEXTS, overview::TEXTS];
        for (name, parts, english, german) in all.into_iter().flatten() {
            let mut parts: Vec<&str> = parts.split(", ").filter(|part| !part.is_empty()).collect();
            parts.sort_unstable();
            assert_eq!((placeholders(english), placeholders(german)), (parts.clone(), parts), "{name}");
        }
    }

    #[test]
    fn every_singular_and_plural_has_the_number() {
        let all = [common::PLURALS, dashboard::PLURALS, overview::PLURALS];
        for (name, english, german) in all.into_iter().flatten() {
            for text in english.iter().chain(german) {
                assert_eq!(placeholders(text), ["number"], "{name}: {text}");
            }
        }
    }

    #[test]
    fn no_text_is_empty_or_has_double_spaces() {
        let texts =
            [charts::TEXTS, common::TEXTS, dashboard::TEXTS, form::TEXTS, list::TEXTS, overview::TEXTS];
        let texts = texts
            .into_iter()
            .flatten()
            .flat_map(|(name, _, english, german)| [(name, *english), (name, *german)]);
        let plurals = [common::PLURALS, dashboard::PLURALS, overview::PLURALS];
        let plurals = plurals
            .into_iter()
            .flatten()
            .flat_map(|(name, english, german)| english.iter().chain(german).map(move |text| (name, *text)));
        for (name, text) in texts.chain(plurals) {
            assert!(!text.trim().is_empty() && !text.contains("  "), "{name}: {text:?}");
        }
    }

    #[test]
    fn unknown_languages_are_english() {
        assert_eq!(Language::ALL.map(|language| Language::parse(language.tag())), Language::ALL);
        assert_eq!(Language::parse("fr"), Language::English);
    }
}
