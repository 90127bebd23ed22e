//! Browser APIs: time zones, dates, downloads, clipboard, focus.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

const REVOKE_AFTER: Duration = Duration::from_secs(10);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = supportedValuesOf)]
    fn supported_values_of(key: &str) -> Result<js_sys::Array, JsValue>;
}

/// The IANA time zones that the browser supports, for suggestions. Empty if it cannot list them.
pub fn time_zones() -> Vec<String> {
    let zones = supported_values_of("timeZone").unwrap_or_default();
    zones.iter().filter_map(|zone| zone.as_string()).collect()
}

/// The browser's own time zone.
pub fn browser_time_zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into()).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

/// Today's date in a time zone. `None` if the browser does not know the zone.
pub fn today_in(zone: &str) -> Option<NaiveDate> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    let now = js_sys::Date::new_0();
    // Swedish dates are in ISO 8601. A failing method call can be caught, unlike the constructor of a formatter.
    let write = js_sys::Reflect::get(&now, &"toLocaleDateString".into()).ok()?;
    let write: js_sys::Function = write.dyn_into().ok()?;
    write.call2(&now, &"sv-SE".into(), &options).ok()?.as_string()?.parse().ok()
}

/// The origin of this page and of the API, such as `https://offers.example.com`.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// A random idempotency key.
pub fn new_idempotency_key() -> String {
    let part = || js_sys::Math::random().to_bits();
    format!("page-{:016x}{:016x}", part(), part())
}

/// Returns a callback that navigates to an address of the app.
pub fn use_navigate_to() -> Callback<String> {
    let navigate = leptos_router::hooks::use_navigate();
    Callback::new(move |address: String| navigate(&address, Default::default()))
}

/// Sets the title of the page.
pub fn use_title(title: impl Fn() -> String + 'static) {
    Effect::new(move |_| document().set_title(&format!("{} · Offercast", title())));
}

/// Downloads a file with this text.
pub fn download(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = web_sys::Url::create_object_url_with_blob(&blob)?;
    download_url(name, &address)?;
    // Some browsers read the file after the click event.
    let revoke = move || _ = web_sys::Url::revoke_object_url(&address);
    set_timeout(revoke, REVOKE_AFTER);
    Ok(())
}

/// Downloads the file at an address.
pub fn download_url(name: &str, address: &str) -> Result<(), JsValue> {
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(address);
    link.set_download(name);
    link.click();
    Ok(())
}

/// Toggles full screen for an element.
pub fn toggle_full_screen(element: &web_sys::Element) {
    if document().fullscreen_element().is_some() {
        document().exit_fullscreen();
    } else {
        // Does nothing in browsers without full screen.
        let _ = element.request_fullscreen();
    }
}

/// Copies a text to the clipboard, if the browser permits it.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

/// Whether the navigation is a bar at the top (`styles/shell.css`).
pub fn is_narrow() -> bool {
    let media = window().match_media("(width < 64rem)").ok().flatten();
    media.is_some_and(|media| media.matches())
}

/// The current time.
pub fn now() -> DateTime<Utc> {
    moment(js_sys::Date::now())
}

/// A moment in the browser's time zone.
pub fn in_local_zone(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds(moment)));
    moment.with_timezone(&offset(date.get_timezone_offset()))
}

/// The start of a day in the browser's time zone.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    // Without an offset, JavaScript reads a date and time as local.
    let text = format!("{day}T00:00:00");
    moment(js_sys::Date::new(&JsValue::from_str(&text)).get_time())
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
fn moment(milliseconds: f64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds as i64).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of the next hundred thousand years")]
fn milliseconds(moment: DateTime<Utc>) -> f64 {
    moment.timestamp_millis() as f64
}

/// From JavaScript's minutes west of UTC.
#[expect(clippy::cast_possible_truncation, reason = "at most a day")]
fn offset(minutes_west: f64) -> FixedOffset {
    FixedOffset::west_opt((minutes_west * 60.0) as i32).unwrap_or_else(|| Utc.fix())
}

pub fn print() {
    // The browser reports a missing printer itself.
    let _ = window().print();
}

/// Focuses the element with this id once the component is shown.
pub fn focus_when_shown(id: &'static str) {
    Effect::new(move |_| focus(id));
}

/// Focuses the element with this id.
pub fn focus(id: &str) {
    let element =
        document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // If the browser refuses, the focus stays where it is.
        let _ = element.focus();
    }
}
