//! Light or dark: as the system has it, unless the reader chose otherwise on this device.

use leptos::prelude::*;

/// Where the choice is kept; index.html reads it too, before anything is painted.
const KEY: &str = "theme";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn parse(word: &str) -> Theme {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.word() == word).unwrap_or(Theme::System)
    }
}

/// The choice, for whoever shows or changes it.
#[derive(Clone, Copy)]
pub struct Themes(RwSignal<Theme>);

impl Themes {
    pub fn provide() {
        let kept = document().document_element().and_then(|root| root.get_attribute("data-theme"));
        provide_context(Themes(RwSignal::new(Theme::parse(&kept.unwrap_or_default()))));
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn chosen(self) -> Signal<Theme> {
        self.0.into()
    }

    pub fn choose(self, theme: Theme) {
        if let Some(root) = document().document_element() {
            // Fails for no valid attribute name.
            let _ = root.set_attribute("data-theme", theme.word());
        }
        if let Ok(Some(storage)) = window().local_storage() {
            // A browser that keeps nothing shows the choice until the page is left.
            let _ = storage.set_item(KEY, theme.word());
        }
        self.0.set(theme);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_theme_is_the_systems() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::parse(theme.word()), theme);
        }
        assert_eq!(Theme::parse("sepia"), Theme::System);
    }
}
