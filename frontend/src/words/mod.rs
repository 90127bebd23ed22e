//! Everything that the page says, in each language side by side. A word that lacks one does not compile.
//!
//! Pure: which language is spoken is set once, when the page starts; see [`crate::language`].

#[macro_use]
mod tell;

pub mod charts;
pub mod common;
pub mod dashboard;
pub mod form;
pub mod list;
pub mod overview;

use std::cell::Cell;

pub use tell::{fill, one_or_many};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    German,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// As HTML names it.
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
    // Of a thread, which the browser has one of: tests speak several at once.
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

pub fn speak(language: Language) {
    SPOKEN.set(language);
}

pub fn spoken() -> Language {
    SPOKEN.get()
}

/// What is said in German, for tests.
#[cfg(test)]
pub fn in_german<T>(told: impl FnOnce() -> T) -> T {
    speak(Language::German);
    let told = told();
    speak(Language::English);
    told
}

pub fn pick<T>(english: T, german: T) -> T {
    match spoken() {
        Language::English => english,
        Language::German => german,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text leaves open, in alphabetical order.
    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn languages_leave_open_the_same() {
        let all = [charts::ALL, common::ALL, dashboard::ALL, form::ALL, list::ALL, overview::ALL];
        for (name, parts, english, german) in all.into_iter().flatten() {
            let mut parts: Vec<&str> = parts.split(", ").filter(|part| !part.is_empty()).collect();
            parts.sort_unstable();
            assert_eq!((places(english), places(german)), (parts.clone(), parts), "{name}");
        }
    }

    #[test]
    fn what_is_no_language_of_ours_is_english() {
        assert_eq!(Language::ALL.map(|language| Language::parse(language.tag())), Language::ALL);
        assert_eq!(Language::parse("fr"), Language::English);
    }
}
