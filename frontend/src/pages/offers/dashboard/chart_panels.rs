use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Dashboard, Forecast as OfferForecast};

use super::chart_panel::{Content, Data, Panel};
use super::verdict::{band, risk};
use crate::api;
use crate::components::{Button, Notices, Progress, Variant};
use crate::format::{decimal, forecast_accuracy, forecast_age, long_day, money, percent, percent_of};
use crate::i18n::{charts as chart_texts, common, dashboard as texts};
use crate::{charts, tables};

/// Computing a forecast usually takes less than this.
const RECOMPUTE_TIME: Duration = Duration::from_secs(3);

const DAILY: Content = Content {
    name: "daily",
    chart: "chart-daily",
    title: texts::redemptions_per_day,
    draw: charts::daily,
    days: charts::daily_days,
    summary: charts::daily_summary,
    table: tables::daily,
};

const DAILY_COMPARED: Content =
    Content { draw: charts::daily_compared, table: tables::daily_compared, ..DAILY };

const CUMULATIVE: Content = Content {
    name: "cumulative",
    chart: "chart-cumulative",
    title: texts::cumulative_redemptions,
    draw: charts::cumulative,
    days: charts::cumulative_days,
    summary: charts::cumulative_summary,
    table: tables::cumulative,
};

const BUDGET: Content = Content {
    name: "budget",
    chart: "chart-budget",
    title: texts::budget,
    draw: charts::budget,
    days: charts::budget_days,
    summary: charts::budget_summary,
    table: tables::budget,
};

const FORECAST: Content = Content {
    name: "forecast",
    chart: "chart-forecast",
    title: texts::forecast,
    draw: charts::forecast,
    days: charts::forecast_days,
    summary: charts::forecast_summary,
    table: tables::forecast,
};

#[component]
pub fn Daily(data: Data, #[prop(into)] compare: Signal<bool>) -> impl IntoView {
    let today = move || data.with(|data| data.as_ref().is_some_and(charts::has_today));
    let before = move || {
        compare.get()
            && data.with(|data| data.as_ref().is_some_and(|data| charts::previous_period(data).is_some()))
    };
    let refused = move || data.with(|data| data.as_ref().is_some_and(charts::has_declined));
    let content = Signal::derive(move || if compare.get() { DAILY_COMPARED } else { DAILY });
    view! {
        <Panel data content>
            <Legend>
                <LegendItem mark="bar accent" text=chart_texts::redemptions() />
                <Show when=today><LegendItem mark="bar unfinished" text=chart_texts::unfinished() /></Show>
                <LegendItem mark="line trend" text=chart_texts::average() />
                <Show when=refused><LegendItem mark="bar refused" text=chart_texts::declined() /></Show>
                <Show when=before><LegendItem mark="line before dotted" text=chart_texts::previous_period() /></Show>
            </Legend>
        </Panel>
    }
}

#[component]
pub fn Cumulative(data: Data) -> impl IntoView {
    let limited =
        move || data.with(|data| data.as_ref().is_some_and(|data| data.offer.max_redemptions.is_some()));
    view! {
        <Panel data content=CUMULATIVE>
            <Legend>
                <LegendItem mark="line accent" text=chart_texts::redemptions() />
                <Show when=limited><LegendItem mark="line limit dashed" text=chart_texts::redemption_limit() /></Show>
            </Legend>
        </Panel>
    }
}

#[component]
pub fn Budget(data: Data) -> impl IntoView {
    let limited = move || data.with(|data| data.as_ref().is_some_and(|data| data.budget.total.is_some()));
    let ahead = move || data.with(|data| data.as_ref().is_some_and(charts::reaches_forecast));
    let split =
        move || data.with(|data| data.as_ref().map(|data| view! { <BudgetSplit data=data.clone() /> }));
    view! {
        <Panel data content=BUDGET>
            {split}
            <Legend>
                <LegendItem mark="line money" text=chart_texts::spent() />
                <Show when=ahead><LegendItem mark="line trend dashed" text=chart_texts::projection() /></Show>
                <Show when=limited><LegendItem mark="line limit dashed" text=chart_texts::budget() /></Show>
            </Legend>
        </Panel>
    }
}

/// Spent, reserved and remaining budget.
#[component]
fn BudgetSplit(data: Dashboard) -> impl IntoView {
    let currency = data.offer.currency.clone();
    let spent = money(data.budget.spent, &currency);
    let (Some(total), Some(remaining)) = (data.budget.total, data.budget.remaining) else {
        return view! { <p class="split-text"><span><b>{spent}</b>{texts::spent_without_budget()}</span></p> }
            .into_any();
    };
    let held = (!data.budget.held.0.is_zero()).then(|| {
        view! { <span><b>{money(data.budget.held, &currency)}</b>{texts::held()}</span> }
    });
    let share = percent_of(data.budget.spent.0, total.0);
    view! {
        <p class="split-text">
            <span><b>{spent}</b>{texts::spent()}</span>
            {held}
            <span><b>{money(remaining, &currency)}</b>{texts::remaining()}</span>
        </p>
        <Progress percent=share label=texts::of_budget_spent(&percent(share)) tone="money" />
    }
    .into_any()
}

#[component]
pub fn Forecast(data: Data, reload: Callback<()>) -> impl IntoView {
    let facts = move || {
        let shown = data.with(|data| data.as_ref().filter(|data| charts::reaches_forecast(data)).cloned());
        shown.map(|data| view! { <ForecastFacts data /> })
    };
    view! {
        <Panel data content=FORECAST foot=move || view! { <ForecastFooter data reload /> }>
            {facts}
            <Legend>
                <LegendItem mark="bar accent" text=chart_texts::redemptions() />
                <LegendItem mark="line trend" text=chart_texts::average() />
                <LegendItem mark="line trend dashed" text=chart_texts::forecast() />
                <LegendItem mark="area band" text=chart_texts::range_80() />
                <LegendItem mark="area band-outer" text=chart_texts::range_95() />
            </Legend>
        </Panel>
    }
}

/// The age of the forecast, and a button that recomputes it.
#[component]
fn ForecastFooter(data: Data, reload: Callback<()>) -> impl IntoView {
    let text = move || data.with(|data| data.as_ref().map(caption));
    let notices = Notices::expect();
    let recompute = move |()| {
        let Some(id) = data.with_untracked(|data| data.as_ref().map(|data| data.offer.id)) else { return };
        spawn_local(async move {
            match api::recompute_forecast(&id.to_string()).await {
                // Reloads once the forecast should be there, unless the page is gone by then.
                Ok(_) => set_timeout(move || _ = reload.try_run(()), RECOMPUTE_TIME),
                Err(error) => notices.show(error.message()),
            }
        });
        notices.show(texts::recompute_queued());
    };
    view! {
        <div class="caption-row">
            <p class="caption" data-testid="forecast-source">{text}</p>
            <Button variant=Variant::Quiet hook="recompute" press=recompute>{texts::recompute()}</Button>
        </div>
    }
}

/// Total and run-out date of the forecast.
#[component]
fn ForecastFacts(data: Dashboard) -> impl IntoView {
    let OfferForecast { total, run_out, horizon, .. } = &data.forecast;
    let range = texts::total_band(&decimal(total.lower_80), &decimal(total.upper_80));
    let (day, spread) = match run_out {
        Some(run_out) => match run_out.median {
            Some(day) => (long_day(day), band(run_out)),
            None => (texts::not_before_end().to_owned(), risk(run_out)),
        },
        None => (texts::never().to_owned(), String::new()),
    };
    view! {
        <dl class="facts">
            <div data-testid="forecast-total">
                <dt>{texts::next_days(&horizon.to_string())}</dt>
                <dd><b>{common::about(&decimal(total.redemptions))}</b>{range}</dd>
            </div>
            <div data-testid="forecast-run-out">
                <dt>{texts::runs_out()}</dt>
                <dd><b>{day}</b>{spread}</dd>
            </div>
        </dl>
    }
}

/// Age and accuracy of the forecast, or why it is not shown.
fn caption(data: &Dashboard) -> String {
    let end = data.offer.end_date;
    if end < data.as_of.date_naive() {
        texts::offer_ended(&long_day(end))
    } else if charts::reaches_forecast(data) {
        let age = forecast_age(&data.forecast, data.as_of);
        let accuracy = data.forecast.accuracy.as_ref().and_then(forecast_accuracy);
        [Some(age), accuracy].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    } else {
        texts::range_ends_early().to_owned()
    }
}

#[component]
fn Legend(children: Children) -> impl IntoView {
    view! { <ul class="legend" aria-hidden="true">{children()}</ul> }
}

#[component]
fn LegendItem(mark: &'static str, text: &'static str) -> impl IntoView {
    view! { <li><i class=format!("key {mark}")></i>{text}</li> }
}
