use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::theme::Theme;

/// The colours of the charts. ECharts draws on a canvas, where custom properties don't reach: they are
/// read from the style sheet once, and again when the theme changes.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Palette {
    /// What a picture of a chart stands on.
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
        // What a property stands for depends on the theme; an element that is painted with it tells.
        let probe: HtmlElement = document().create_element("i").ok()?.unchecked_into();
        document().body()?.append_child(&probe).ok()?;
        let style = window().get_computed_style(&probe).ok()??;
        let colour = |name: &str| {
            // Fails for no valid property name.
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

/// The palette of the theme that is shown, now and after reader or system change their mind.
pub fn follow_theme(theme: Signal<Theme>) -> Signal<Palette> {
    let palette = RwSignal::new(Palette::default());
    let renew = move || palette.set(Palette::from_style_sheet().unwrap_or_default());
    Effect::new(move |_| {
        theme.track();
        renew();
    });
    if let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") {
        let listener = Closure::<dyn Fn()>::new(renew);
        dark.set_onchange(Some(listener.as_ref().unchecked_ref()));
        // The listener lives as long as the page: the palette belongs to the whole app.
        listener.forget();
        StoredValue::new_local(dark);
    }
    palette.into()
}
