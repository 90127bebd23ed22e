use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Dashboard, Forecast as OfferForecast};

use super::panel::{Content, Data, Panel};
use super::verdict::{band, risk};
use crate::api;
use crate::components::{Button, Notices, Progress, Weight};
use crate::format::{decimal, forecast_accuracy, forecast_origin, long_day, money, percent, percent_of};
use crate::words::{charts as chart_words, common, dashboard as words};
use crate::{charts, tables};

/// In which a forecast is made, most of the time.
const A_MOMENT: Duration = Duration::from_secs(3);

const DAILY: Content = Content {
    name: "daily",
    chart: "chart-daily",
    title: words::redemptions_per_day,
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
    title: words::redemptions_since_start,
    draw: charts::cumulative,
    days: charts::cumulative_days,
    summary: charts::cumulative_summary,
    table: tables::cumulative,
};

const BUDGET: Content = Content {
    name: "budget",
    chart: "chart-budget",
    title: words::budget,
    draw: charts::budget,
    days: charts::budget_days,
    summary: charts::budget_summary,
    table: tables::budget,
};

const FORECAST: Content = Content {
    name: "forecast",
    chart: "chart-forecast",
    title: words::forecast,
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
    let refused = move || data.with(|data| data.as_ref().is_some_and(charts::turned_away));
    let content = Signal::derive(move || if compare.get() { DAILY_COMPARED } else { DAILY });
    view! {
        <Panel data content>
            <Legend>
                <Key mark="bar accent" text=chart_words::redemptions() />
                <Show when=today><Key mark="bar unfinished" text=chart_words::unfinished() /></Show>
                <Key mark="line trend" text=chart_words::average() />
                <Show when=refused><Key mark="bar refused" text=chart_words::turned_away() /></Show>
                <Show when=before><Key mark="line before dotted" text=chart_words::before() /></Show>
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
                <Key mark="line accent" text=chart_words::redemptions() />
                <Show when=limited><Key mark="line limit dashed" text=chart_words::maximum() /></Show>
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
                <Key mark="line money" text=chart_words::spent() />
                <Show when=ahead><Key mark="line trend dashed" text=chart_words::projection() /></Show>
                <Show when=limited><Key mark="line limit dashed" text=chart_words::budget() /></Show>
            </Legend>
        </Panel>
    }
}

/// Spent, held and remaining side by side.
#[component]
fn Split(data: Dashboard) -> impl IntoView {
    let currency = data.offer.currency.clone();
    let spent = money(data.budget.spent, &currency);
    let (Some(total), Some(remaining)) = (data.budget.total, data.budget.remaining) else {
        return view! { <p class="split-text"><span><b>{spent}</b>{words::spent_without_limit()}</span></p> }
            .into_any();
    };
    let held = (!data.budget.held.0.is_zero()).then(|| {
        view! { <span><b>{money(data.budget.held, &currency)}</b>{words::held()}</span> }
    });
    let share = percent_of(data.budget.spent.0, total.0);
    view! {
        <p class="split-text">
            <span><b>{spent}</b>{words::spent()}</span>
            {held}
            <span><b>{money(remaining, &currency)}</b>{words::remaining()}</span>
        </p>
        <Progress percent=share label=words::of_budget_spent(&percent(share)) tone="money" />
    }
    .into_any()
}

#[component]
pub fn Forecast(data: Data, reload: Callback<()>) -> impl IntoView {
    let facts = move || {
        let shown = data.with(|data| data.as_ref().filter(|data| charts::reaches_forecast(data)).cloned());
        shown.map(|data| view! { <Facts data /> })
    };
    view! {
        <Panel data content=FORECAST foot=move || view! { <Foot data reload /> }>
            {facts}
            <Legend>
                <Key mark="bar accent" text=chart_words::redemptions() />
                <Key mark="line trend" text=chart_words::average() />
                <Key mark="line trend dashed" text=chart_words::forecast() />
                <Key mark="area band" text=chart_words::range_80() />
                <Key mark="area band-outer" text=chart_words::range_95() />
            </Legend>
        </Panel>
    }
}

/// Where the forecast comes from, and a way to have another.
#[component]
fn Foot(data: Data, reload: Callback<()>) -> impl IntoView {
    let origin = move || data.with(|data| data.as_ref().map(caption));
    let notices = Notices::expect();
    let recompute = move |()| {
        let Some(id) = data.with_untracked(|data| data.as_ref().map(|data| data.offer.id)) else { return };
        spawn_local(async move {
            match api::recompute_forecast(&id.to_string()).await {
                // It is there in a moment, and shows then. The page may have been left meanwhile.
                Ok(_) => set_timeout(move || _ = reload.try_run(()), A_MOMENT),
                Err(error) => notices.say(error.message()),
            }
        });
        notices.say(words::recompute_queued());
    };
    view! {
        <div class="caption-row">
            <p class="caption" data-testid="forecast-source">{origin}</p>
            <Button weight=Weight::Quiet hook="recompute" press=recompute>{words::recompute()}</Button>
        </div>
    }
}

/// What the forecast comes to.
#[component]
fn Facts(data: Dashboard) -> impl IntoView {
    let OfferForecast { total, run_out, horizon, .. } = &data.forecast;
    let range = words::total_band(&decimal(total.lower_80), &decimal(total.upper_80));
    let (day, spread) = match run_out {
        Some(run_out) => match run_out.median {
            Some(day) => (long_day(day), band(run_out, data.offer.end_date)),
            None => (words::not_before_end().to_owned(), risk(run_out)),
        },
        None => (words::never().to_owned(), words::no_limit_in_reach().to_owned()),
    };
    view! {
        <dl class="facts">
            <div data-testid="forecast-total">
                <dt>{words::next_days(&horizon.to_string())}</dt>
                <dd><b>{common::about(&decimal(total.redemptions))}</b>{range}</dd>
            </div>
            <div data-testid="forecast-run-out">
                <dt>{words::runs_out()}</dt>
                <dd><b>{day}</b>{spread}</dd>
            </div>
        </dl>
    }
}

/// Where the forecast comes from, or why there is none to see.
fn caption(data: &Dashboard) -> String {
    let end = data.offer.end_date;
    if end < data.as_of.date_naive() {
        words::offer_ended(&long_day(end))
    } else if charts::reaches_forecast(data) {
        let origin = forecast_origin(&data.forecast, data.as_of);
        let accuracy = data.forecast.accuracy.as_ref().and_then(forecast_accuracy);
        [Some(origin), accuracy].into_iter().flatten().collect::<Vec<_>>().join(" ")
    } else {
        words::range_ends_early().to_owned()
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
