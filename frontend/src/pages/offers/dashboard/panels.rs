use charming::Chart;
use leptos::prelude::*;
use offercast_contract::Dashboard;

use crate::charts::{self, ChartView, Palette};
use crate::components::Progress;
use crate::format::{forecast_origin, long_day, money, percent_of};

type Data = Signal<Option<Dashboard>>;

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
        <Panel title="Redemptions per day">
            <Legend>
                <Key mark="bar accent" text="Redemptions" />
                <Show when=today><Key mark="bar unfinished" text="Today so far" /></Show>
                <Key mark="line trend" text="7-day average" />
            </Legend>
            <Figure id="chart-daily" data draw=charts::daily summary=charts::daily_summary />
        </Panel>
    }
}

#[component]
fn Cumulative(data: Data) -> impl IntoView {
    let currency = move || data.with(|data| data.as_ref().map(|data| data.offer.currency.clone()));
    view! {
        <Panel title="Totals since the start">
            <Legend>
                <Key mark="line accent" text="Redemptions (left)" />
                <li><i class="key line money"></i>"Discount in "{currency}" (right)"</li>
            </Legend>
            <Figure id="chart-cumulative" data draw=charts::cumulative summary=charts::cumulative_summary />
        </Panel>
    }
}

#[component]
fn Budget(data: Data) -> impl IntoView {
    let limited = move || data.with(|data| data.as_ref().is_some_and(|data| data.budget.total.is_some()));
    let split = move || data.with(|data| data.as_ref().map(|data| view! { <Split data=data.clone() /> }));
    view! {
        <Panel title="Budget">
            {split}
            <Legend>
                <Key mark="line money" text="Spent" />
                <Show when=limited><Key mark="line limit dashed" text="Budget" /></Show>
            </Legend>
            <Figure id="chart-budget" data draw=charts::budget summary=charts::budget_summary />
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
    let percent = percent_of(data.budget.spent.0, total.0);
    view! {
        <p class="split-text">
            <span><b>{spent}</b>" spent"</span>
            <span><b>{money(remaining, &currency)}</b>" remaining"</span>
        </p>
        <Progress percent label=charts::budget_summary(&data) tone="money" />
    }
    .into_any()
}

#[component]
fn Forecast(data: Data) -> impl IntoView {
    let origin = move || data.with(|data| data.as_ref().map(caption));
    view! {
        <Panel title="Forecast">
            <Legend>
                <Key mark="bar accent" text="Redemptions" />
                <Key mark="line trend" text="7-day average" />
                <Key mark="line trend dashed" text="Forecast" />
                <Key mark="area band" text="80% range" />
                <Key mark="area band-outer" text="95% range" />
            </Legend>
            <Figure id="chart-forecast" data draw=charts::forecast summary=charts::forecast_summary />
            <p class="caption" data-testid="forecast-source">{origin}</p>
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
fn Panel(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel card" aria-label=title>
            <h2>{title}</h2>
            {children()}
        </section>
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

/// The same element for all data and both themes: only what is drawn on it changes.
#[component]
fn Figure(
    id: &'static str,
    data: Data,
    draw: fn(&Dashboard, &Palette) -> Chart,
    summary: fn(&Dashboard) -> String,
) -> impl IntoView {
    let palette = expect_context::<Signal<Palette>>();
    let chart = move |()| data.with(|data| data.as_ref().map(|data| draw(data, &palette.read())));
    let summary = Signal::derive(move || data.with(|data| data.as_ref().map_or_else(String::new, summary)));
    view! { <ChartView id chart summary /> }
}
