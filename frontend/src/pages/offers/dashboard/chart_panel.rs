use chrono::NaiveDate;
use leptos::html::Section;
use leptos::prelude::*;
use offercast_contract::Dashboard;

use crate::browser::{download, download_url, toggle_full_screen};
use crate::charts::{Chart, ChartView, Drawing, Palette, picture};
use crate::components::{IconButton, Notices, Symbol};
use crate::i18n::common as texts;
use crate::tables::{Table, TableView, csv, file_name};

pub type Data = Signal<Option<Dashboard>>;

/// The contents of a panel: a chart, its text summary and its table.
#[derive(Clone, Copy)]
pub struct Content {
    /// Part of file names and test hooks.
    pub name: &'static str,
    /// The id of the chart's element.
    pub chart: &'static str,
    pub title: fn() -> &'static str,
    pub draw: fn(&Dashboard, &Palette) -> Chart,
    /// The days on the chart's axis.
    pub days: fn(&Dashboard) -> Vec<NaiveDate>,
    pub summary: fn(&Dashboard) -> String,
    pub table: fn(&Dashboard) -> Table,
}

/// A panel that shows a chart or its table. Keeps the choice while the page is open.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn Panel(
    data: Data,
    #[prop(into)] content: Signal<Content>,
    #[prop(optional, into)] foot: ViewFn,
    children: Children,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let Content { name, title, .. } = content.get_untracked();
    let section = NodeRef::<Section>::new();
    view! {
        <section class=format!("panel panel-{name} card") class:as-table=as_table aria-label=title() node_ref=section>
            <div class="panel-head">
                <h2>{title()}</h2>
                <Actions data content as_table section />
            </div>
            {children()}
            <Figure data content as_table />
            {foot.run()}
        </section>
    }
}

#[component]
fn Actions(
    data: Data,
    content: Signal<Content>,
    as_table: RwSignal<bool>,
    section: NodeRef<Section>,
) -> impl IntoView {
    let Content { name, title, .. } = content.get_untracked();
    let notices = Notices::expect();
    let report = move |done: Option<()>| {
        if done.is_none() {
            notices.show(texts::file_not_saved());
        }
    };
    let save_table = move |()| report(data.with(|data| save_table(data.as_ref()?, content.get_untracked())));
    let save_picture =
        move |()| report(data.with(|data| save_picture(data.as_ref()?, content.get_untracked())));
    let toggle = move |()| as_table.update(|on| *on = !*on);
    let full_screen = move |()| {
        if let Some(section) = section.get_untracked() {
            toggle_full_screen(&section);
        }
    };
    let of = move |what: &str| texts::action_of(what, title());
    view! {
        <div class="panel-actions">
            <IconButton symbol=Symbol::Table label=of(texts::as_table()) hook=format!("as-table-{name}") pressed=as_table press=toggle />
            <IconButton symbol=Symbol::Download label=of("CSV") hook=format!("csv-{name}") press=save_table />
            <Show when=move || !as_table.get()>
                <IconButton symbol=Symbol::Picture label=of("PNG") hook=format!("png-{name}") press=save_picture />
            </Show>
            <IconButton symbol=Symbol::Expand label=of(texts::full_screen()) hook=format!("expand-{name}") press=full_screen />
        </div>
    }
}

fn save_table(data: &Dashboard, content: Content) -> Option<()> {
    let name = file_name(&data.offer.code, content.name, "csv");
    download(&name, "text/csv;charset=utf-8", &csv(&(content.table)(data))).ok()
}

fn save_picture(data: &Dashboard, content: Content) -> Option<()> {
    let element = document().get_element_by_id(content.chart)?;
    let palette = expect_context::<Signal<Palette>>();
    let address = picture(&element, &palette.read_untracked().ground)?;
    download_url(&file_name(&data.offer.code, content.name, "png"), &address).ok()
}

/// The chart or the table. The element stays the same for all data and both themes.
#[component]
fn Figure(data: Data, content: Signal<Content>, as_table: RwSignal<bool>) -> impl IntoView {
    let Content { name, chart: id, title, .. } = content.get_untracked();
    let palette = expect_context::<Signal<Palette>>();
    let drawing = move |()| {
        let Content { draw, days, .. } = content.get();
        data.with(|data| {
            data.as_ref().map(|data| Drawing { chart: draw(data, &palette.read()), days: days(data) })
        })
    };
    let table = Signal::derive(move || data.with(|data| data.as_ref().map(content.get().table)));
    let summary = move || data.with(|data| data.as_ref().map(content.get().summary));
    let body = move || {
        if as_table.get() {
            view! { <TableView hook=format!("table-{name}") table /> }.into_any()
        } else {
            view! { <ChartView id drawing label=title() /> }.into_any()
        }
    };
    view! {
        <figure class="panel-figure">
            <figcaption class="visually-hidden" data-testid=format!("summary-{name}")>{summary}</figcaption>
            {body}
        </figure>
    }
}
