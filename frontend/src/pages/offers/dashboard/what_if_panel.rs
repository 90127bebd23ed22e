use chrono::Days;
use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Dashboard, DiscountType, Money, Offer};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::verdict::risk;
use super::what_if::{Question, Span};
use crate::api;
use crate::components::{Button, Notices, Weight};
use crate::format::{compact, count, decimal, long_day, number};
use crate::words::{common, dashboard as words};

/// What is asked about; none while the offer is shown as it is.
pub type Asked = RwSignal<Option<Question>>;

/// Sliders that redraw the charts at once, and a button that makes it so.
#[component]
pub fn WhatIfPanel(
    data: Signal<Option<Dashboard>>,
    shown: Signal<Option<Dashboard>>,
    asked: Asked,
    reload: Callback<()>,
) -> impl IntoView {
    // Only another version of the offer brings other sliders: a reload keeps what is asked.
    let offer = Memo::new(move |_| data.with(|data| data.as_ref().map(|data| data.offer.clone())));
    let version =
        Memo::new(move |_| offer.with(|offer| offer.as_ref().map(|offer| (offer.id, offer.version))));
    let sliders = move || {
        version.get()?;
        let data = data.get_untracked()?;
        Some(view! { <Sliders data asked /> })
    };
    view! {
        <section class="panel panel-what-if card" aria-label=words::what_if() data-testid="what-if">
            <div class="panel-head"><h2>{words::what_if()}</h2></div>
            {sliders}
            <Outcome data shown />
            <Buttons offer asked reload />
        </section>
    }
}

#[component]
fn Sliders(data: Dashboard, asked: Asked) -> impl IntoView {
    let offer = data.offer.clone();
    let now = Question::of(&offer);
    let today = data.as_of.date_naive();
    let change = move |change: &dyn Fn(&mut Question)| {
        let mut question = asked.get_untracked().unwrap_or(now);
        change(&mut question);
        asked.set((question != now).then_some(question));
    };
    let question = move || asked.get().unwrap_or(now);
    let currency = offer.currency.clone();
    let budget = now.budget.map(|limit| {
        let span = Span::of_limit(limit, data.budget.spent.0, 2);
        let said = move || compact(Money(question().budget.unwrap_or(limit)), &currency);
        let to = move |value| change(&|question| question.budget = Some(value));
        view! { <Slider name="budget" label=words::budget() span value=move || question().budget.unwrap_or(limit) said to /> }
    });
    let maximum = now.max_redemptions.map(|limit| {
        let span = Span::of_limit(limit.into(), data.kpis.total_redemptions.into(), 0);
        let said = move || count(question().max_redemptions.unwrap_or(limit));
        let to = move |value: Decimal| change(&|question| question.max_redemptions = value.to_i64());
        let value = move || Decimal::from(question().max_redemptions.unwrap_or(limit));
        view! { <Slider name="maximum" label=words::maximum() span value said to /> }
    });
    let end = {
        let value = move || Decimal::from(question().end_date.signed_duration_since(today).num_days());
        let to = move |days: Decimal| {
            let end = days.to_u64().and_then(|days| today.checked_add_days(Days::new(days)));
            change(&|question| question.end_date = end.unwrap_or(question.end_date));
        };
        let said = move || long_day(question().end_date);
        view! { <Slider name="end" label=words::last_day() span=Span::of_end(today, now.end_date) value said to /> }
    };
    let percentage = offer.discount_type == DiscountType::Percent;
    let currency = offer.currency.clone();
    let said = move || discount_in_words(question().discount, percentage, &currency);
    let to = move |value| change(&|question| question.discount = value);
    let span = Span::of_discount(now.discount, percentage, 2);
    view! {
        {budget}
        {maximum}
        {end}
        <Slider name="discount" label=words::discount() span value=move || question().discount said to />
    }
}

fn discount_in_words(value: Decimal, percentage: bool, currency: &str) -> String {
    if percentage { common::percentage(&number(Money(value))) } else { compact(Money(value), currency) }
}

#[component]
fn Slider(
    name: &'static str,
    label: &'static str,
    span: Span,
    #[prop(into)] value: Signal<Decimal>,
    #[prop(into)] said: Signal<String>,
    #[prop(into)] to: Callback<Decimal>,
) -> impl IntoView {
    let Span { least, most, step } = span;
    let id = format!("what-if-{name}");
    let slide = move |event| {
        if let Ok(value) = event_target_value(&event).parse() {
            to.run(value);
        }
    };
    view! {
        <div class="slider">
            <label for=id.clone()>{label}</label>
            <output for=id.clone()>{said}</output>
            <input
                id=id.clone()
                data-testid=id
                type="range"
                min=least.to_string()
                max=most.to_string()
                step=step.to_string()
                prop:value=move || value.get().to_string()
                aria-valuetext=said
                on:input=slide
            />
        </div>
    }
}

/// What it comes to, beside what it comes to now.
#[component]
fn Outcome(data: Signal<Option<Dashboard>>, shown: Signal<Option<Dashboard>>) -> impl IntoView {
    let text = move || {
        let (now, then) = (data.get()?, shown.get()?);
        Some(view! {
            <dl class="facts facts-stacked" aria-live="polite">
                <div>
                    <dt>{words::runs_out()}</dt>
                    <dd><b data-testid="what-if-run-out">{run_out(&then)}</b><Was now=run_out(&now) then=run_out(&then) /></dd>
                </div>
                <div>
                    <dt>{words::redemptions_in_days(&then.forecast.horizon.to_string())}</dt>
                    <dd><b>{expected(&then)}</b><Was now=expected(&now) then=expected(&then) /></dd>
                </div>
            </dl>
        })
    };
    view! { {text} }
}

#[component]
fn Was(now: String, then: String) -> impl IntoView {
    (now != then).then(|| view! { <span class="was">{words::instead_of()}{now}</span> })
}

fn run_out(data: &Dashboard) -> String {
    match &data.forecast.run_out {
        None => words::never_in_a_sentence().to_owned(),
        Some(run_out) => run_out.median.map_or_else(|| words::not_before_its_end(&risk(run_out)), long_day),
    }
}

fn expected(data: &Dashboard) -> String {
    common::about(&decimal(data.forecast.total.redemptions))
}

#[component]
fn Buttons(offer: Memo<Option<Offer>>, asked: Asked, reload: Callback<()>) -> impl IntoView {
    let notices = Notices::expect();
    let busy = RwSignal::new(false);
    let idle = Signal::derive(move || asked.read().is_none() || busy.get());
    let apply = move |()| {
        let (Some(offer), Some(question)) = (offer.get_untracked(), asked.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            match api::patch_offer(offer.id, &question.patch(&offer)).await {
                Ok(_) => {
                    asked.set(None);
                    notices.say(words::name_was_changed(&offer.name));
                    reload.run(());
                }
                Err(error) => notices.say(error.message()),
            }
            busy.set(false);
        });
    };
    view! {
        <div class="what-if-actions">
            <p class="hint">{words::as_often_as_before()}</p>
            <Button weight=Weight::Quiet hook="what-if-reset" disabled=idle press=move |()| asked.set(None)>{words::reset()}</Button>
            <Button weight=Weight::Primary hook="what-if-apply" disabled=idle press=apply>{words::apply()}</Button>
        </div>
    }
}
