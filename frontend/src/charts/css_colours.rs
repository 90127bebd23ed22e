use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::theme::Theme;

/// The colours of the charts. A canvas cannot use custom properties, so they are read from the style sheet, again after
/// each change of the theme.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Palette {
    /// The background of a chart that is saved as an image.
    pub ground: String,
    pub muted: String,
    pub rule: String,
    pub surface: String,
    pub accent: String,
    pub accent_soft: String,
    pub trend: String,
    pub money: String,
    pub money_soft: String,
    pub limit: String,
    pub before: String,
    pub refused: String,
    pub band: String,
    pub band_outer: String,
}

impl Palette {
    fn from_style_sheet() -> Option<Palette> {
        // The value of a property depends on the theme. Only the computed style of an element that uses it has it.
        let probe: HtmlElement = document().create_element("i").ok()?.unchecked_into();
        document().body()?.append_child(&probe).ok()?;
        let style = window().get_computed_style(&probe).ok()??;
        let colour = |name: &str| {
            // The property name is valid, so this cannot fail.
            let _ = probe.style().set_property("color", &format!("var(--chart-{name})"));
            style.get_property_value("color").unwrap_or_default()
        };
        let palette = Palette {
            ground: colour("ground"),
            muted: colour("muted"),
            rule: colour("rule"),
            surface: colour("surface"),
            accent: colour("accent"),
            accent_soft: colour("accent-soft"),
            trend: colour("trend"),
            money: colour("money"),
            money_soft: colour("money-soft"),
            limit: colour("limit"),
            before: colour("before"),
            refused: colour("refused"),
            band: colour("band"),
            band_outer: colour("band-outer"),
        };
        probe.remove();
        Some(palette)
    }
}

/// The palette of the current theme, updated when the user or the system changes it.
pub fn follow_theme(theme: Signal<Theme>) -> Signal<Palette> {
    let palette = RwSignal::new(Palette::default());
    let update = move || palette.set(Palette::from_style_sheet().unwrap_or_default());
    Effect::new(move |_| {
        theme.track();
        update();
    });
    if let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") {
        let listener = Closure::<dyn Fn()>::new(update);
        dark.set_onchange(Some(listener.as_ref().unchecked_ref()));
        // Never freed: the palette is used as long as the page is open.
        listener.forget();
        StoredValue::new_local(dark);
    }
    palette.into()
}
