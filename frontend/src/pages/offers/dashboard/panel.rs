use charming::Chart;
use leptos::prelude::*;
use offercast_contract::Dashboard;

use crate::browser::download;
use crate::charts::{ChartView, Palette};
use crate::components::Notices;
use crate::tables::{Table, TableView, csv, file_name};

pub type Data = Signal<Option<Dashboard>>;

/// One view of an offer: as a picture, in a sentence, and in numbers.
#[derive(Clone, Copy)]
pub struct Content {
    /// In file names and hooks.
    pub name: &'static str,
    /// Id of the chart.
    pub chart: &'static str,
    pub title: &'static str,
    pub draw: fn(&Dashboard, &Palette) -> Chart,
    pub summary: fn(&Dashboard) -> String,
    pub table: fn(&Dashboard) -> Table,
}

/// A chart that can be read as a table. Which of the two is remembered while the page is open.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn Panel(
    data: Data,
    content: Content,
    #[prop(optional, into)] foot: ViewFn,
    children: Children,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let Content { title, .. } = content;
    view! {
        <section class="panel card" class:as-table=as_table aria-label=title>
            <div class="panel-head">
                <h2>{title}</h2>
                <Actions data content as_table />
            </div>
            {children()}
            <Figure data content as_table />
            {foot.run()}
        </section>
    }
}

#[component]
fn Actions(data: Data, content: Content, as_table: RwSignal<bool>) -> impl IntoView {
    let Content { name, title, .. } = content;
    let notices = Notices::expect();
    let save = move |_| {
        if data.with(|data| data.as_ref().is_some_and(|data| save(data, content).is_err())) {
            notices.say("The browser did not take the file.");
        }
    };
    let of_panel = move || view! { <span class="visually-hidden">": "{title}</span> };
    view! {
        <div class="panel-actions">
            <button
                type="button"
                class="small-button"
                data-testid=format!("as-table-{name}")
                aria-pressed=move || as_table.get().to_string()
                on:click=move |_| as_table.update(|on| *on = !*on)
            >
                "As table"{of_panel()}
            </button>
            <button type="button" class="small-button" data-testid=format!("csv-{name}") on:click=save>
                "CSV"{of_panel()}
            </button>
        </div>
    }
}

fn save(data: &Dashboard, content: Content) -> Result<(), wasm_bindgen::JsValue> {
    let name = file_name(&data.offer.code, content.name);
    download(&name, "text/csv;charset=utf-8", &csv(&(content.table)(data)))
}

/// The same element for all data and both themes: only what is drawn on it changes.
#[component]
fn Figure(data: Data, content: Content, as_table: RwSignal<bool>) -> impl IntoView {
    let Content { name, chart: id, title, draw, summary, table } = content;
    let palette = expect_context::<Signal<Palette>>();
    let chart = move |()| data.with(|data| data.as_ref().map(|data| draw(data, &palette.read())));
    let table = Signal::derive(move || data.with(|data| data.as_ref().map(table)));
    let summary = move || data.with(|data| data.as_ref().map(summary));
    let body = move || {
        if as_table.get() {
            view! { <TableView hook=format!("table-{name}") table /> }.into_any()
        } else {
            view! { <ChartView id chart label=title /> }.into_any()
        }
    };
    view! {
        <figure class="panel-figure">
            <figcaption class="visually-hidden" data-testid=format!("summary-{name}")>{summary}</figcaption>
            {body}
        </figure>
    }
}
