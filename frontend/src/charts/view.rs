use leptos::html::Div;
use leptos::prelude::*;

use super::echarts::{Drawing, Mount, Zoom, loaded};
use crate::api;
use crate::components::DownloadFailed;
use crate::i18n::charts::chart_of;

/// Renders a chart into an element with this id. Its text summary is rendered separately.
#[component]
pub fn ChartView(
    id: &'static str,
    #[prop(into)] drawing: Callback<(), Option<Drawing>>,
    label: &'static str,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let mount = StoredValue::new_local(None::<Mount>);
    let zoom = use_context::<Zoom>();
    let engine = api::fetch(loaded);
    let missing = Memo::new(move |_| matches!(engine.get(), Some(Err(_))));
    // Leptos does not render the canvas, so drawing is an effect.
    Effect::new(move |_| {
        let (Some(Ok(())), Some(element), Some(drawing)) = (engine.get(), element.get(), drawing.run(()))
        else {
            return;
        };
        mount.update_value(|mount| match mount {
            Some(mount) => mount.update(drawing),
            None => *mount = Some(Mount::new(&element, drawing, zoom)),
        });
    });
    on_cleanup(move || mount.update_value(|mount| *mount = None));
    move || {
        if missing.get() {
            return view! { <DownloadFailed /> }.into_any();
        }
        let label = chart_of(label);
        view! { <div id=id data-testid=id class="chart" role="img" aria-label=label node_ref=element></div> }
            .into_any()
    }
}
