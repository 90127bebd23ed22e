use leptos::prelude::*;
use offercast_contract::Overview;

use super::Data;
use crate::browser::download;
use crate::charts::{self, ChartView, Drawing, Palette};
use crate::components::{IconButton, Notices, Symbol};
use crate::i18n::{common, overview as texts};
use crate::tables::{self, TableView, csv};

/// Redemptions of all offers per day, as a chart or as a table.
#[component]
pub fn DailyPanel(data: Data) -> impl IntoView {
    let palette = expect_context::<Signal<Palette>>();
    let as_table = RwSignal::new(false);
    let drawing = move |()| {
        data.with(|data| {
            let data = data.as_ref()?;
            let days = data.daily.iter().map(|day| day.date).collect();
            Some(Drawing { chart: charts::overview(data, &palette.read()), days })
        })
    };
    let summary = move || data.with(|data| data.as_ref().map(charts::overview_summary));
    let table = Signal::derive(move || data.with(|data| data.as_ref().map(tables::overview)));
    let body = move || {
        if as_table.get() {
            view! { <TableView hook="table-overview".to_owned() table /> }.into_any()
        } else {
            view! { <ChartView id="chart-overview" drawing label=texts::redemptions_per_day() /> }.into_any()
        }
    };
    let label = texts::redemptions_per_day();
    let toggle = move |()| as_table.update(|on| *on = !*on);
    view! {
        <section class="panel card overview-days" class:as-table=as_table aria-label=label>
            <div class="panel-head">
                <h2>{label}</h2>
                <div class="panel-actions">
                    <IconButton
                        symbol=Symbol::Table
                        label=common::action_of(common::as_table(), label)
                        hook="as-table-overview"
                        pressed=as_table
                        press=toggle
                    />
                    <CsvButton data label name="overview" file=|data| csv(&tables::overview(data)) />
                </div>
            </div>
            <figure class="panel-figure">
                <figcaption class="visually-hidden" data-testid="summary-overview">{summary}</figcaption>
                {body}
            </figure>
        </section>
    }
}

/// Downloads a panel as CSV.
#[component]
pub fn CsvButton(
    data: Data,
    /// The title of the panel.
    label: &'static str,
    /// Part of the file name and of the test hook.
    name: &'static str,
    file: fn(&Overview) -> String,
) -> impl IntoView {
    let notices = Notices::expect();
    let save = move |()| {
        let saved = data.with_untracked(|data| {
            let text = data.as_ref().map(file)?;
            download(&format!("offercast-{name}.csv"), "text/csv;charset=utf-8", &text).ok()
        });
        if saved.is_none() {
            notices.show(common::file_not_saved());
        }
    };
    view! {
        <IconButton
            symbol=Symbol::Download
            label=common::action_of("CSV", label)
            hook=format!("csv-{name}")
            press=save
        />
    }
}
