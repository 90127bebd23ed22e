use std::cell::RefCell;
use std::rc::Rc;

use charming::{Chart, Echarts, WasmRenderer};
use chrono::NaiveDate;
use leptos::prelude::request_animation_frame;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

#[wasm_bindgen]
extern "C" {
    /// What charming's handle on a chart does not offer.
    type Instance;

    #[wasm_bindgen(method)]
    fn clear(this: &Instance);

    #[wasm_bindgen(method)]
    fn dispose(this: &Instance);

    #[wasm_bindgen(method, js_name = getDataURL)]
    fn data_url(this: &Instance, options: &JsValue) -> String;

    #[wasm_bindgen(js_namespace = echarts, js_name = getInstanceByDom)]
    fn instance_on(element: &Element) -> Option<Instance>;

    /// `scripts/crosshair.js`.
    #[wasm_bindgen(js_namespace = echarts)]
    fn share(chart: &Instance, days: Vec<String>);

    #[wasm_bindgen(js_namespace = echarts)]
    fn leave(chart: &Instance);
}

/// What is drawn, and the days on its axis.
pub struct Drawing {
    pub chart: Chart,
    pub days: Vec<NaiveDate>,
}

/// One chart on the page: made once, when its element first has a size (ECharts warns about elements
/// without one), then only updated and resized, and taken down when dropped.
pub struct Mount {
    state: Rc<RefCell<State>>,
    observer: Option<ResizeObserver>,
    // The observer calls it: it has to live as long.
    _on_resize: Closure<dyn Fn()>,
}

struct State {
    id: &'static str,
    element: Element,
    drawing: Drawing,
    instance: Option<Echarts>,
}

impl Mount {
    pub fn new(id: &'static str, element: &Element, drawing: Drawing) -> Self {
        let state = Rc::new(RefCell::new(State { id, element: element.clone(), drawing, instance: None }));
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
            let instance = beyond_charming(&instance);
            leave(instance);
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
            Some(instance) => instance.resize(JsValue::UNDEFINED),
            None => self.draw(),
        }
    }

    fn draw(&mut self) {
        self.instance = WasmRenderer::new_opt(None, None).render(self.id, &self.drawing.chart).ok();
        if self.instance.is_some() {
            self.share_days();
            announce(&self.element);
        }
    }

    fn update(&mut self, drawing: Drawing) {
        self.drawing = drawing;
        if let Some(instance) = &self.instance {
            // Without it ECharts merges: a line that the new data no longer has would stay.
            beyond_charming(instance).clear();
            WasmRenderer::update(instance, &self.drawing.chart);
            self.share_days();
        }
    }

    fn share_days(&self) {
        if let Some(instance) = &self.instance {
            let days = self.drawing.days.iter().map(ToString::to_string).collect();
            share(beyond_charming(instance), days);
        }
    }
}

fn beyond_charming(instance: &Echarts) -> &Instance {
    instance.unchecked_ref()
}

/// The address of a picture of the chart on this element, on a ground of this colour.
pub fn picture(element: &Element, ground: &str) -> Option<String> {
    let options = js_sys::Object::new();
    for (name, value) in [("pixelRatio", JsValue::from(2)), ("backgroundColor", JsValue::from(ground))] {
        js_sys::Reflect::set(&options, &name.into(), &value).ok()?;
    }
    Some(instance_on(element)?.data_url(&options))
}

/// Says that the chart can be seen. ECharts paints in the next frame.
fn announce(element: &Element) {
    let element = element.clone();
    request_animation_frame(move || {
        // Fails for no valid attribute name.
        let _ = element.set_attribute("data-ready", "true");
    });
}
