use leptos::prelude::*;
use offercast_contract::Dashboard;

use super::panel::{Content, Data, Panel};
use crate::components::Progress;
use crate::format::{forecast_origin, long_day, money, percent, percent_of};
use crate::{charts, tables};

const DAILY: Content = Content {
    name: "daily",
    chart: "chart-daily",
    title: "Redemptions per day",
    draw: charts::daily,
    summary: charts::daily_summary,
    table: tables::daily,
};

const CUMULATIVE: Content = Content {
    name: "cumulative",
    chart: "chart-cumulative",
    title: "Totals since the start",
    draw: charts::cumulative,
    summary: charts::cumulative_summary,
    table: tables::cumulative,
};

const BUDGET: Content = Content {
    name: "budget",
    chart: "chart-budget",
    title: "Budget",
    draw: charts::budget,
    summary: charts::budget_summary,
    table: tables::budget,
};

const FORECAST: Content = Content {
    name: "forecast",
    chart: "chart-forecast",
    title: "Forecast",
    draw: charts::forecast,
    summary: charts::forecast_summary,
    table: tables::forecast,
};

/// The four charts.
#[component]
pub fn Panels(data: Data) -> impl IntoView {
    view! {
        <div class="panels">
            <Daily data />
            <Cumulative data />
            <Budget data />
            <Forecast data />
        </div>
    }
}

#[component]
fn Daily(data: Data) -> impl IntoView {
    let today = move || data.with(|data| data.as_ref().is_some_and(charts::has_today));
    view! {
        <Panel data content=DAILY>
            <Legend>
                <Key mark="bar accent" text="Redemptions" />
                <Show when=today><Key mark="bar unfinished" text="Today so far" /></Show>
                <Key mark="line trend" text="7-day average" />
            </Legend>
        </Panel>
    }
}

#[component]
fn Cumulative(data: Data) -> impl IntoView {
    let currency = move || data.with(|data| data.as_ref().map(|data| data.offer.currency.clone()));
    view! {
        <Panel data content=CUMULATIVE>
            <Legend>
                <Key mark="line accent" text="Redemptions (left)" />
                <li><i class="key line money"></i>"Discount in "{currency}" (right)"</li>
            </Legend>
        </Panel>
    }
}

#[component]
fn Budget(data: Data) -> impl IntoView {
    let limited = move || data.with(|data| data.as_ref().is_some_and(|data| data.budget.total.is_some()));
    let split = move || data.with(|data| data.as_ref().map(|data| view! { <Split data=data.clone() /> }));
    view! {
        <Panel data content=BUDGET>
            {split}
            <Legend>
                <Key mark="line money" text="Spent" />
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
fn Forecast(data: Data) -> impl IntoView {
    let origin = move || data.with(|data| data.as_ref().map(caption));
    view! {
        <Panel data content=FORECAST foot=move || view! { <p class="caption" data-testid="forecast-source">{origin}</p> }>
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

/// Where the forecast comes from, or why there is none to see.
fn caption(data: &Dashboard) -> String {
    let end = data.offer.end_date;
    if end < data.as_of.date_naive() {
        format!("The offer ended on {}: no more redemptions are expected.", long_day(end))
    } else if charts::reaches_forecast(data) {
        forecast_origin(&data.forecast, data.as_of)
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
