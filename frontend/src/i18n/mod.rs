//! All texts of the dashboard, in each language side by side. A text without a translation does not compile.
//!
//! The language is set once, when the page starts; see [`crate::language`].

#[macro_use]
mod macros;

pub mod access;
pub mod account;
pub mod audit;
pub mod charts;
pub mod common;
pub mod dashboard;
pub mod form;
pub mod keys;
pub mod list;
mod numbers;
pub mod overview;
pub mod people;
pub mod sign_in;

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

/// A text without placeholders.
pub type Text = fn() -> &'static str;

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

/// Messages that start with a lower-case letter ("is required") are predicates: the label becomes their subject.
pub fn sentence(label: &str, message: &str) -> String {
    let subject = if message.starts_with(char::is_lowercase) { format!("{label} ") } else { String::new() };
    format!("{subject}{}.", message.trim_end_matches('.'))
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

    type TestedText = (&'static str, &'static str, &'static str, &'static str);
    type Plural = (&'static str, [&'static str; 2], [&'static str; 2]);

    fn texts() -> Vec<TestedText> {
        let modules = [
            access::TEXTS,
            account::TEXTS,
            audit::TEXTS,
            charts::TEXTS,
            common::TEXTS,
            dashboard::TEXTS,
            form::TEXTS,
            keys::TEXTS,
            list::TEXTS,
            overview::TEXTS,
            people::TEXTS,
            sign_in::TEXTS,
        ];
        modules.concat()
    }

    fn plurals() -> Vec<Plural> {
        [
            account::PLURALS,
            audit::PLURALS,
            common::PLURALS,
            dashboard::PLURALS,
            keys::PLURALS,
            overview::PLURALS,
        ]
        .concat()
    }

    #[test]
    fn every_translation_has_the_placeholders_of_its_text() {
        for (name, parts, english, german) in texts() {
            let mut parts: Vec<&str> = parts.split(", ").filter(|part| !part.is_empty()).collect();
            parts.sort_unstable();
            assert_eq!((placeholders(english), placeholders(german)), (parts.clone(), parts), "{name}");
        }
    }

    #[test]
    fn every_singular_and_plural_has_the_number() {
        for (name, english, german) in plurals() {
            for text in english.iter().chain(&german) {
                assert_eq!(placeholders(text), ["number"], "{name}: {text}");
            }
        }
    }

    #[test]
    fn no_text_is_empty_or_has_double_spaces() {
        let texts =
            texts().into_iter().flat_map(|(name, _, english, german)| [(name, english), (name, german)]);
        let plurals = plurals().into_iter().flat_map(|(name, english, german)| {
            english.into_iter().chain(german).map(move |text| (name, text))
        });
        for (name, text) in texts.chain(plurals) {
            assert!(!text.trim().is_empty() && !text.contains("  "), "{name}: {text:?}");
        }
    }

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("Name", "is required"), "Name is required.");
        assert_eq!(sentence("Name", "Choose another name."), "Choose another name.");
    }

    #[test]
    fn unknown_languages_are_english() {
        assert_eq!(Language::ALL.map(|language| Language::parse(language.tag())), Language::ALL);
        assert_eq!(Language::parse("fr"), Language::English);
    }
}
