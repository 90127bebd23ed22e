//! What only the browser knows: its zones, its day, its address.

use std::time::Duration;

use chrono::NaiveDate;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

const FILE_IS_READ: Duration = Duration::from_secs(10);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = supportedValuesOf)]
    fn supported_values_of(key: &str) -> Result<js_sys::Array, JsValue>;
}

/// The IANA zones that the browser knows, for suggestions; none where it can't tell.
pub fn time_zones() -> Vec<String> {
    let zones = supported_values_of("timeZone").unwrap_or_default();
    zones.iter().filter_map(|zone| zone.as_string()).collect()
}

/// The zone that the browser runs in.
pub fn own_zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into()).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

/// The day on the wall of a zone. `None` for a zone that the browser doesn't know.
pub fn today_in(zone: &str) -> Option<NaiveDate> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    let now = js_sys::Date::new_0();
    // Sweden writes its dates as ISO 8601 does. Unlike the constructor of a formatter, a failing
    // method call can be caught.
    let write = js_sys::Reflect::get(&now, &"toLocaleDateString".into()).ok()?;
    let write: js_sys::Function = write.dyn_into().ok()?;
    write.call2(&now, &"sv-SE".into(), &options).ok()?.as_string()?.parse().ok()
}

/// `https://offers.example.com`: where this page, and with it the API, is served.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// A name that nothing had before.
pub fn new_key() -> String {
    let part = || js_sys::Math::random().to_bits();
    format!("page-{:016x}{:016x}", part(), part())
}

/// Leads to an address of the app.
pub fn to_address() -> Callback<String> {
    let navigate = leptos_router::hooks::use_navigate();
    Callback::new(move |address: String| navigate(&address, Default::default()))
}

/// Names the page in the tab and in the history.
pub fn use_title(title: impl Fn() -> String + 'static) {
    Effect::new(move |_| document().set_title(&format!("{} · Offercast", title())));
}

/// Hands over a file that was made on the page.
pub fn download(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = web_sys::Url::create_object_url_with_blob(&blob)?;
    save_address(name, &address)?;
    // Some browsers read the file only after the click has been dealt with.
    let forget = move || _ = web_sys::Url::revoke_object_url(&address);
    set_timeout(forget, FILE_IS_READ);
    Ok(())
}

/// Hands over what an address leads to.
pub fn save_address(name: &str, address: &str) -> Result<(), JsValue> {
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(address);
    link.set_download(name);
    link.click();
    Ok(())
}

/// Lets an element fill the screen, or gives the screen back.
pub fn expand(element: &web_sys::Element) {
    if document().fullscreen_element().is_some() {
        document().exit_fullscreen();
    } else {
        // A browser that has no full screen leaves things as they are.
        let _ = element.request_fullscreen();
    }
}

/// Takes a text to the clipboard, where the browser lets us.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

pub fn print() {
    // A browser without a printer says so itself.
    let _ = window().print();
}

/// Puts the cursor where the reader has to look next.
pub fn focus(id: &str) {
    let element =
        document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // A browser that refuses the focus leaves the reader where they are.
        let _ = element.focus();
    }
}
