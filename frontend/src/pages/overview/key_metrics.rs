use leptos::prelude::*;
use offercast_contract::{DateRange, MoneyFigure, Overview};

use super::Data;
use crate::components::{Change, ChangeChip};
use crate::format::{count, figure, period};
use crate::i18n::{common, overview as texts};

/// Maximum number of currencies shown. The list of offers has them all.
const MAX_CURRENCIES: usize = 3;

/// Redemptions and discounts of all offers.
#[component]
pub fn KeyMetrics(data: Data) -> impl IntoView {
    let figures =
        move || data.with(|data| data.as_ref().map(|data| all(data).into_iter().map(card).collect_view()));
    view! { <section class="kpis card" aria-label=common::key_figures()>{figures}</section> }
}

#[derive(Debug, PartialEq)]
struct Figure {
    hook: String,
    label: &'static str,
    value: String,
    unit: String,
    change: Option<f64>,
    against: Option<String>,
}

fn all(data: &Overview) -> Vec<Figure> {
    let against = data.compared.map(|compared| against(compared.before));
    let redemptions = Figure {
        hook: "figure-redemptions".to_owned(),
        label: texts::redemptions(),
        value: count(data.redemptions.total),
        unit: String::new(),
        change: data.redemptions.change,
        against: against.clone(),
    };
    let discount = |given: &MoneyFigure| Figure {
        hook: format!("figure-{}", given.currency),
        label: texts::discount_given(),
        value: figure(given.total, &given.currency),
        unit: given.currency.clone(),
        change: given.change,
        against: against.clone(),
    };
    std::iter::once(redemptions).chain(data.discounts.iter().take(MAX_CURRENCIES).map(discount)).collect()
}

fn against(before: DateRange) -> String {
    texts::versus(&period(before.from, before.to))
}

fn card(figure: Figure) -> impl IntoView {
    let Figure { hook, label, value, unit, change, against } = figure;
    // Without an earlier figure there is no change to show.
    let trend = change.map(|change| view! { <ChangeChip change=Change::by(change) /> " " {against} });
    view! {
        <div class="kpi" data-testid=hook>
            <h2 class="kpi-label">{label}</h2>
            <p class="kpi-value">{value} " " <small>{unit}</small></p>
            <p class="kpi-trend">{trend}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_overview;

    #[test]
    fn each_currency_has_its_own_figure() {
        let figures = all(&sample_overview());
        let shown: Vec<_> =
            figures.iter().map(|figure| format!("{} {}", figure.value, figure.unit)).collect();
        assert_eq!(shown, ["1,234 ", "5,678.90 USD", "12.00 EUR"]);
        assert_eq!((figures[0].change, figures[2].change), (Some(12.5), None));
        assert_eq!(figures[0].against.as_deref(), Some("vs. 12–16 Jun 2026"));
    }
}
