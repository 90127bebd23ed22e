use leptos::prelude::*;
use offercast_contract::{Dashboard, Forecast as OfferForecast};

use super::panel::{Content, Data, Panel};
use super::verdict::{band, risk};
use crate::components::Progress;
use crate::format::{decimal, forecast_accuracy, forecast_origin, long_day, money, percent, percent_of};
use crate::{charts, tables};

const DAILY: Content = Content {
    name: "daily",
    chart: "chart-daily",
    title: "Redemptions per day",
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
    title: "Redemptions since the start",
    draw: charts::cumulative,
    days: charts::cumulative_days,
    summary: charts::cumulative_summary,
    table: tables::cumulative,
};

const BUDGET: Content = Content {
    name: "budget",
    chart: "chart-budget",
    title: "Budget",
    draw: charts::budget,
    days: charts::budget_days,
    summary: charts::budget_summary,
    table: tables::budget,
};

const FORECAST: Content = Content {
    name: "forecast",
    chart: "chart-forecast",
    title: "Forecast",
    draw: charts::forecast,
    days: charts::forecast_days,
    summary: charts::forecast_summary,
    table: tables::forecast,
};

#[component]
pub fn Daily(data: Data, #[prop(into)] compare: Signal<bool>) -> impl IntoView {
    let today = move || data.with(|data| data.as_ref().is_some_and(charts::has_today));
    let before = move || {
        compare.get() && data.with(|data| data.as_ref().is_some_and(|data| charts::previous(data).is_some()))
    };
    let content = Signal::derive(move || if compare.get() { DAILY_COMPARED } else { DAILY });
    view! {
        <Panel data content>
            <Legend>
                <Key mark="bar accent" text="Redemptions" />
                <Show when=today><Key mark="bar unfinished" text="Today so far" /></Show>
                <Key mark="line trend" text="7-day average" />
                <Show when=before><Key mark="line before dotted" text="Period before" /></Show>
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
                <Key mark="line accent" text="Redemptions" />
                <Show when=limited><Key mark="line limit dashed" text="Maximum" /></Show>
            </Legend>
        </Panel>
    }
}

#[component]
pub fn Budget(data: Data) -> impl IntoView {
    let limited = move || data.with(|data| data.as_ref().is_some_and(|data| data.budget.total.is_some()));
    let ahead = move || data.with(|data| data.as_ref().is_some_and(charts::reaches_forecast));
    let split = move || data.with(|data| data.as_ref().map(|data| view! { <Split data=data.clone() /> }));
    view! {
        <Panel data content=BUDGET>
            {split}
            <Legend>
                <Key mark="line money" text="Spent" />
                <Show when=ahead><Key mark="line trend dashed" text="Projection" /></Show>
                <Show when=limited><Key mark="line limit dashed" text="Budget" /></Show>
            </Legend>
        </Panel>
    }
}

/// Spent and remaining side by side.
#[component]
fn Split(data: Dashboard) -> impl IntoView {
    let currency = data.offer.currency.clone();
    let spent = money(data.budget.spent, &currency);
    let (Some(total), Some(remaining)) = (data.budget.total, data.budget.remaining) else {
        return view! { <p class="split-text"><span><b>{spent}</b>" spent, without a budget limit"</span></p> }.into_any();
    };
    let share = percent_of(data.budget.spent.0, total.0);
    view! {
        <p class="split-text">
            <span><b>{spent}</b>" spent"</span>
            <span><b>{money(remaining, &currency)}</b>" remaining"</span>
        </p>
        <Progress percent=share label=format!("{} of the budget spent", percent(share)) tone="money" />
    }
    .into_any()
}

#[component]
pub fn Forecast(data: Data) -> impl IntoView {
    let origin = move || data.with(|data| data.as_ref().map(caption));
    let facts = move || {
        let shown = data.with(|data| data.as_ref().filter(|data| charts::reaches_forecast(data)).cloned());
        shown.map(|data| view! { <Facts data /> })
    };
    view! {
        <Panel data content=FORECAST foot=move || view! { <p class="caption" data-testid="forecast-source">{origin}</p> }>
            {facts}
            <Legend>
                <Key mark="bar accent" text="Redemptions" />
                <Key mark="line trend" text="7-day average" />
                <Key mark="line trend dashed" text="Forecast" />
                <Key mark="area band" text="80% range" />
                <Key mark="area band-outer" text="95% range" />
            </Legend>
        </Panel>
    }
}

/// What the forecast comes to.
#[component]
fn Facts(data: Dashboard) -> impl IntoView {
    let OfferForecast { total, run_out, horizon, .. } = &data.forecast;
    let range = format!(" · {} to {} with 80% certainty", decimal(total.lower_80), decimal(total.upper_80));
    let (day, spread) = match run_out {
        Some(run_out) => match run_out.median {
            Some(day) => (long_day(day), band(run_out, data.offer.end_date)),
            None => ("Not before its end".to_owned(), risk(run_out)),
        },
        None => ("Never".to_owned(), " (no limit in reach)".to_owned()),
    };
    view! {
        <dl class="facts">
            <div data-testid="forecast-total">
                <dt>{format!("Next {horizon} days")}</dt>
                <dd><b>{format!("about {}", decimal(total.redemptions))}</b>{range}</dd>
            </div>
            <div data-testid="forecast-run-out">
                <dt>"Runs out"</dt>
                <dd><b>{day}</b>{spread}</dd>
            </div>
        </dl>
    }
}

/// Where the forecast comes from, or why there is none to see.
fn caption(data: &Dashboard) -> String {
    let end = data.offer.end_date;
    if end < data.as_of.date_naive() {
        format!("The offer ended on {}: no more redemptions are expected.", long_day(end))
    } else if charts::reaches_forecast(data) {
        let origin = forecast_origin(&data.forecast, data.as_of);
        let accuracy = data.forecast.accuracy.as_ref().and_then(forecast_accuracy);
        [Some(origin), accuracy].into_iter().flatten().collect::<Vec<_>>().join(" ")
    } else {
        "The chosen range ends before today. One that reaches today shows the forecast.".to_owned()
    }
}

#[component]
fn Legend(children: Children) -> impl IntoView {
    view! { <ul class="legend" aria-hidden="true">{children()}</ul> }
}

#[component]
fn Key(mark: &'static str, text: &'static str) -> impl IntoView {
    view! { <li><i class=format!("key {mark}")></i>{text}</li> }
}
