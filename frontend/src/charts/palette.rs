use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// The colours of the charts. ECharts draws on a canvas, where custom properties don't reach: they are
/// read from the style sheet once, and again when the theme changes.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Palette {
    pub muted: String,
    pub rule: String,
    pub surface: String,
    pub accent: String,
    pub accent_soft: String,
    pub trend: String,
    pub money: String,
    pub money_soft: String,
    pub limit: String,
    pub band: String,
    pub band_outer: String,
}

impl Palette {
    fn from_style_sheet() -> Option<Palette> {
        let root = document().document_element()?;
        let style = window().get_computed_style(&root).ok()??;
        let colour = |name: &str| {
            let value = style.get_property_value(&format!("--chart-{name}"));
            value.unwrap_or_default().trim().to_owned()
        };
        Some(Palette {
            muted: colour("muted"),
            rule: colour("rule"),
            surface: colour("surface"),
            accent: colour("accent"),
            accent_soft: colour("accent-soft"),
            trend: colour("trend"),
            money: colour("money"),
            money_soft: colour("money-soft"),
            limit: colour("limit"),
            band: colour("band"),
            band_outer: colour("band-outer"),
        })
    }
}

/// The palette of the theme that the system asks for, now and after it changes its mind.
pub fn follow_theme() -> Signal<Palette> {
    let palette = RwSignal::new(Palette::from_style_sheet().unwrap_or_default());
    let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") else {
        return palette.into();
    };
    let renew = Closure::<dyn Fn()>::new(move || {
        palette.set(Palette::from_style_sheet().unwrap_or_default());
    });
    dark.set_onchange(Some(renew.as_ref().unchecked_ref()));
    // The listener lives as long as the page: the palette belongs to the whole app.
    renew.forget();
    StoredValue::new_local(dark);
    palette.into()
}
