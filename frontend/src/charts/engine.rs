use std::cell::RefCell;
use std::rc::Rc;

use charming::{Chart, Echarts, WasmRenderer};
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
    chart: Chart,
    instance: Option<Echarts>,
}

impl Mount {
    pub fn new(id: &'static str, element: &Element, chart: Chart) -> Self {
        let state = Rc::new(RefCell::new(State { id, element: element.clone(), chart, instance: None }));
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

    pub fn update(&self, chart: Chart) {
        self.state.borrow_mut().update(chart);
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        if let Some(instance) = self.state.borrow_mut().instance.take() {
            beyond_charming(&instance).dispose();
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
        self.instance = WasmRenderer::new_opt(None, None).render(self.id, &self.chart).ok();
        if self.instance.is_some() {
            announce(&self.element);
        }
    }

    fn update(&mut self, chart: Chart) {
        self.chart = chart;
        if let Some(instance) = &self.instance {
            // Without it ECharts merges: a line that the new data no longer has would stay.
            beyond_charming(instance).clear();
            WasmRenderer::update(instance, &self.chart);
        }
    }
}

fn beyond_charming(instance: &Echarts) -> &Instance {
    instance.unchecked_ref()
}

/// Says that the chart can be seen. ECharts paints in the next frame.
fn announce(element: &Element) {
    let element = element.clone();
    request_animation_frame(move || {
        // Fails for no valid attribute name.
        let _ = element.set_attribute("data-ready", "true");
    });
}
