use leptos::prelude::*;

use super::{Row, Table};
use crate::format::full_day;
use crate::i18n::charts as texts;

/// A table in a scroll container that the keyboard can scroll, too.
#[component]
pub fn TableView(hook: String, #[prop(into)] table: Signal<Option<Table>>) -> impl IntoView {
    let caption = move || table.with(|table| table.as_ref().map(|table| table.caption.clone()));
    view! {
        <div class="table-box" role="group" tabindex="0" aria-label=caption data-testid=hook>
            {move || table.get().map(figures)}
        </div>
    }
}

fn figures(table: Table) -> impl IntoView {
    let titles = table.columns.into_iter().map(|column| view! { <th scope="col">{column.title}</th> });
    let rows = table.rows.into_iter().map(|row| day_row(row, &table.currency)).collect_view();
    view! {
        <table class="figures">
            <caption class="visually-hidden">{table.caption}</caption>
            <thead>
                <tr><th scope="col">{texts::day()}</th>{titles.collect_view()}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn day_row(row: Row, currency: &str) -> impl IntoView + use<> {
    let so_far = row.unfinished.then(texts::so_far);
    let cells =
        row.cells.into_iter().map(|cell| view! { <td>{cell.formatted(currency)}</td> }).collect_view();
    view! {
        <tr>
            <th scope="row">{full_day(row.day)}{so_far}</th>
            {cells}
        </tr>
    }
}
