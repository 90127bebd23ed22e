//! The theme, light or dark: the system's, unless the user chose another one on this device.

use leptos::prelude::*;

use crate::components::{Segment, Segments, Symbol};
use crate::i18n::common as texts;

/// The key in local storage. index.html reads it too, before the first paint.
const KEY: &str = "theme";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn parse(name: &str) -> Theme {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.name() == name).unwrap_or(Theme::System)
    }
}

/// The chosen theme, provided as a context.
#[derive(Clone, Copy)]
pub struct ThemeSetting(RwSignal<Theme>);

impl ThemeSetting {
    pub fn provide() {
        let saved = document().document_element().and_then(|root| root.get_attribute("data-theme"));
        provide_context(ThemeSetting(RwSignal::new(Theme::parse(&saved.unwrap_or_default()))));
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn chosen(self) -> Signal<Theme> {
        self.0.into()
    }

    pub fn choose(self, theme: Theme) {
        if let Some(root) = document().document_element() {
            // The attribute name is valid, so this cannot fail.
            let _ = root.set_attribute("data-theme", theme.name());
        }
        if let Ok(Some(storage)) = window().local_storage() {
            // Without storage the choice lasts until the page is closed.
            let _ = storage.set_item(KEY, theme.name());
        }
        self.0.set(theme);
    }
}

#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let setting = ThemeSetting::expect();
    let option =
        |value: Theme, label, symbol| Segment { value, key: value.name(), label, symbol: Some(symbol) };
    let options = vec![
        option(Theme::System, texts::theme_system(), Symbol::System),
        option(Theme::Light, texts::theme_light(), Symbol::Light),
        option(Theme::Dark, texts::theme_dark(), Symbol::Dark),
    ];
    let choose = move |theme| setting.choose(theme);
    view! { <Segments name="theme" label=texts::theme() options value=setting.chosen() choose /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_themes_are_the_systems() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::parse(theme.name()), theme);
        }
        assert_eq!(Theme::parse("sepia"), Theme::System);
    }
}
