use std::cell::RefCell;
use std::rc::Rc;

use chrono::NaiveDate;
use js_sys::{JSON, Promise};
use leptos::prelude::{Callable, Callback, request_animation_frame};
use offercast_contract::DateRange;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

use super::Chart;
use crate::api::ApiError;

#[wasm_bindgen]
extern "C" {
    /// An ECharts instance.
    type Instance;

    /// Defined in `scripts/head.mjs`.
    #[wasm_bindgen(js_name = loadCharts)]
    fn load_charts() -> Promise;

    /// Defined in `scripts/echarts.js`.
    #[wasm_bindgen(js_namespace = echarts)]
    fn init(element: &Element) -> Instance;

    #[wasm_bindgen(method, js_name = setOption)]
    fn set_option(this: &Instance, option: &JsValue);

    #[wasm_bindgen(method)]
    fn resize(this: &Instance);

    #[wasm_bindgen(method)]
    fn clear(this: &Instance);

    #[wasm_bindgen(method)]
    fn dispose(this: &Instance);

    #[wasm_bindgen(method, js_name = getDataURL)]
    fn data_url(this: &Instance, options: &JsValue) -> String;

    // Fails until ECharts is loaded.
    #[wasm_bindgen(catch, js_namespace = echarts, js_name = getInstanceByDom)]
    fn instance_on(element: &Element) -> Result<Option<Instance>, JsValue>;

    /// Defined in `scripts/crosshair.js`.
    #[wasm_bindgen(js_namespace = echarts)]
    fn share(chart: &Instance, days: Vec<String>);

    #[wasm_bindgen(js_namespace = echarts)]
    fn leave(chart: &Instance);

    /// Defined in `scripts/zoom.js`.
    #[wasm_bindgen(js_namespace = echarts)]
    fn zoomable(chart: &Instance, zoom: &Closure<dyn Fn(usize, usize)>);
}

/// Waits until ECharts is loaded. Pages without charts never load it.
pub async fn loaded() -> Result<(), ApiError> {
    load_charts().await.map(|_| ()).map_err(|_| ApiError::Network)
}

/// A chart and the days on its axis.
pub struct Drawing {
    pub chart: Chart,
    pub days: Vec<NaiveDate>,
}

/// The callback for zooming into a range of days, provided as a context to the charts.
#[derive(Clone, Copy)]
pub struct Zoom(pub Callback<DateRange>);

/// A chart on the page. Created when its element first has a size (ECharts warns about elements without one), then
/// updated and resized, and disposed when dropped.
pub struct Mount {
    state: Rc<RefCell<State>>,
    observer: Option<ResizeObserver>,
    // The observer calls it, so it must live as long.
    _on_resize: Closure<dyn Fn()>,
}

struct State {
    element: Element,
    drawing: Drawing,
    instance: Option<Instance>,
    /// Called with the indices of two days.
    on_zoom: Option<Closure<dyn Fn(usize, usize)>>,
}

impl Mount {
    /// Calls `zoom` with the days that the user drags across.
    pub fn new(element: &Element, drawing: Drawing, zoom: Option<Zoom>) -> Self {
        let state = State { element: element.clone(), drawing, instance: None, on_zoom: None };
        let state = Rc::new(RefCell::new(state));
        if let Some(Zoom(zoom)) = zoom {
            let of = Rc::downgrade(&state);
            let on_zoom = Closure::new(move |first, last| {
                let Some(state) = of.upgrade() else { return };
                let days = state.borrow().days(first, last);
                if let Some(days) = days {
                    zoom.run(days);
                }
            });
            state.borrow_mut().on_zoom = Some(on_zoom);
        }
        let on_resize = Closure::<dyn Fn()>::new({
            let state = Rc::clone(&state);
            move || state.borrow_mut().fit()
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Mount { state, observer, _on_resize: on_resize }
    }

    pub fn update(&self, drawing: Drawing) {
        self.state.borrow_mut().update(drawing);
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        if let Some(instance) = self.state.borrow_mut().instance.take() {
            leave(&instance);
            instance.dispose();
        }
    }
}

impl State {
    fn fit(&mut self) {
        if self.element.client_width() == 0 || self.element.client_height() == 0 {
            return;
        }
        match &self.instance {
            Some(instance) => instance.resize(),
            None => self.draw(),
        }
    }

    fn days(&self, first: usize, last: usize) -> Option<DateRange> {
        let days = &self.drawing.days;
        Some(DateRange { from: *days.get(first)?, to: *days.get(last)? })
    }

    fn draw(&mut self) {
        let instance = init(&self.element);
        self.show(&instance);
        if let Some(on_zoom) = &self.on_zoom {
            zoomable(&instance, on_zoom);
        }
        self.instance = Some(instance);
        mark_ready(&self.element);
    }

    fn update(&mut self, drawing: Drawing) {
        self.drawing = drawing;
        if let Some(instance) = &self.instance {
            // Otherwise ECharts merges the options, and series that no longer exist would stay.
            instance.clear();
            self.show(instance);
        }
    }

    fn show(&self, instance: &Instance) {
        // Our own JSON is valid.
        if let Ok(option) = JSON::parse(&self.drawing.chart.json()) {
            instance.set_option(&option);
        }
        share(instance, self.drawing.days.iter().map(ToString::to_string).collect());
    }
}

/// Returns the chart in this element as the data URL of an image with this background colour.
pub fn picture(element: &Element, ground: &str) -> Option<String> {
    let options = js_sys::Object::new();
    for (name, value) in [("pixelRatio", JsValue::from(2)), ("backgroundColor", JsValue::from(ground))] {
        js_sys::Reflect::set(&options, &name.into(), &value).ok()?;
    }
    Some(instance_on(element).ok()??.data_url(&options))
}

/// Marks the chart as drawn for the browser tests. ECharts paints in the next frame.
fn mark_ready(element: &Element) {
    let element = element.clone();
    request_animation_frame(move || {
        // The attribute name is valid, so this cannot fail.
        let _ = element.set_attribute("data-ready", "true");
    });
}
