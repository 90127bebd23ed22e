use chrono::Days;
use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Dashboard, DiscountType, Money, Offer, Scope};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::verdict::risk;
use super::what_if::{Scenario, SliderRange};
use crate::api;
use crate::components::{Button, Notices, Variant};
use crate::format::{compact, count, decimal, long_day, number};
use crate::i18n::{common, dashboard as texts};
use crate::sign_in::may;

/// The scenario that is shown. `None`: the offer as it is.
pub type ScenarioSignal = RwSignal<Option<Scenario>>;

/// Sliders that update the charts, and a button that applies the scenario to the offer.
#[component]
pub fn WhatIfPanel(
    data: Signal<Option<Dashboard>>,
    shown: Signal<Option<Dashboard>>,
    chosen: ScenarioSignal,
    reload: Callback<()>,
) -> impl IntoView {
    // A reload keeps the scenario. Only a new version of the offer resets the sliders.
    let offer = Memo::new(move |_| data.with(|data| data.as_ref().map(|data| data.offer.clone())));
    let version =
        Memo::new(move |_| offer.with(|offer| offer.as_ref().map(|offer| (offer.id, offer.version))));
    let sliders = move || {
        version.get()?;
        let data = data.get_untracked()?;
        Some(view! { <Sliders data chosen /> })
    };
    view! {
        <section class="panel panel-what-if card" aria-label=texts::what_if() data-testid="what-if">
            <div class="panel-head"><h2>{texts::what_if()}</h2></div>
            {sliders}
            <Outcome data shown />
            <Buttons offer chosen reload />
        </section>
    }
}

#[component]
fn Sliders(data: Dashboard, chosen: ScenarioSignal) -> impl IntoView {
    let offer = data.offer.clone();
    let now = Scenario::of(&offer);
    let today = data.as_of.date_naive();
    let change = move |change: &dyn Fn(&mut Scenario)| {
        let mut scenario = chosen.get_untracked().unwrap_or(now);
        change(&mut scenario);
        chosen.set((scenario != now).then_some(scenario));
    };
    let current = move || chosen.get().unwrap_or(now);
    let currency = offer.currency.clone();
    let budget = now.budget.map(|limit| {
        let range = SliderRange::of_limit(limit, data.budget.spent.0, 2);
        let text = move || compact(Money(current().budget.unwrap_or(limit)), &currency);
        let to = move |value| change(&|scenario| scenario.budget = Some(value));
        view! { <Slider name="budget" label=texts::budget() range value=move || current().budget.unwrap_or(limit) text to /> }
    });
    let maximum = now.max_redemptions.map(|limit| {
        let range = SliderRange::of_limit(limit.into(), data.kpis.total_redemptions.into(), 0);
        let text = move || count(current().max_redemptions.unwrap_or(limit));
        let to = move |value: Decimal| change(&|scenario| scenario.max_redemptions = value.to_i64());
        let value = move || Decimal::from(current().max_redemptions.unwrap_or(limit));
        view! { <Slider name="maximum" label=texts::redemption_limit() range value text to /> }
    });
    let end = {
        let value = move || Decimal::from(current().end_date.signed_duration_since(today).num_days());
        let to = move |days: Decimal| {
            let end = days.to_u64().and_then(|days| today.checked_add_days(Days::new(days)));
            change(&|scenario| scenario.end_date = end.unwrap_or(scenario.end_date));
        };
        let text = move || long_day(current().end_date);
        view! { <Slider name="end" label=texts::end_date() range=SliderRange::of_end(today, now.end_date) value text to /> }
    };
    let percentage = offer.discount_type == DiscountType::Percent;
    let currency = offer.currency.clone();
    let text = move || discount_text(current().discount, percentage, &currency);
    let to = move |value| change(&|scenario| scenario.discount = value);
    let range = SliderRange::of_discount(now.discount, percentage, 2);
    view! {
        {budget}
        {maximum}
        {end}
        <Slider name="discount" label=texts::discount() range value=move || current().discount text to />
    }
}

fn discount_text(value: Decimal, percentage: bool, currency: &str) -> String {
    if percentage { common::percentage(&number(Money(value))) } else { compact(Money(value), currency) }
}

#[component]
fn Slider(
    name: &'static str,
    label: &'static str,
    range: SliderRange,
    #[prop(into)] value: Signal<Decimal>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] to: Callback<Decimal>,
) -> impl IntoView {
    let SliderRange { least, most, step } = range;
    let id = format!("what-if-{name}");
    let slide = move |event| {
        if let Ok(value) = event_target_value(&event).parse() {
            to.run(value);
        }
    };
    view! {
        <div class="slider">
            <label for=id.clone()>{label}</label>
            <output for=id.clone()>{text}</output>
            <input
                id=id.clone()
                data-testid=id
                type="range"
                min=least.to_string()
                max=most.to_string()
                step=step.to_string()
                prop:value=move || value.get().to_string()
                aria-valuetext=text
                on:input=slide
            />
        </div>
    }
}

/// The forecast of the scenario beside the current one.
#[component]
fn Outcome(data: Signal<Option<Dashboard>>, shown: Signal<Option<Dashboard>>) -> impl IntoView {
    let text = move || {
        let (now, then) = (data.get()?, shown.get()?);
        Some(view! {
            <dl class="facts facts-stacked" aria-live="polite">
                <div>
                    <dt>{texts::runs_out()}</dt>
                    <dd><b data-testid="what-if-run-out">{run_out(&then)}</b><CurrentValue now=run_out(&now) then=run_out(&then) /></dd>
                </div>
                <div>
                    <dt>{texts::redemptions_in_days(&then.forecast.horizon.to_string())}</dt>
                    <dd><b>{expected(&then)}</b><CurrentValue now=expected(&now) then=expected(&then) /></dd>
                </div>
            </dl>
        })
    };
    view! { {text} }
}

#[component]
fn CurrentValue(now: String, then: String) -> impl IntoView {
    (now != then).then(|| view! { <span class="was">{texts::currently(&now)}</span> })
}

fn run_out(data: &Dashboard) -> String {
    match &data.forecast.run_out {
        None => texts::not_expected().to_owned(),
        Some(run_out) => run_out.median.map_or_else(|| texts::not_before_end_date(&risk(run_out)), long_day),
    }
}

fn expected(data: &Dashboard) -> String {
    common::about(&decimal(data.forecast.total.redemptions))
}

/// The notice after a scenario was applied.
fn applied_text(scenario: Scenario, offer: &Offer) -> String {
    let now = Scenario::of(offer);
    match (scenario.budget, now.budget) {
        (Some(budget), Some(before)) if scenario == (Scenario { budget: Some(budget), ..now }) => {
            let text = if budget > before { texts::budget_raised } else { texts::budget_lowered };
            text(&compact(Money(budget), &offer.currency))
        }
        _ => texts::name_updated(&offer.name),
    }
}

#[component]
fn Buttons(offer: Memo<Option<Offer>>, chosen: ScenarioSignal, reload: Callback<()>) -> impl IntoView {
    let notices = Notices::expect();
    let busy = RwSignal::new(false);
    let idle = Signal::derive(move || chosen.read().is_none() || busy.get());
    let apply = move |()| {
        let (Some(offer), Some(scenario)) = (offer.get_untracked(), chosen.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            match api::patch_offer(offer.id, &scenario.patch(&offer)).await {
                Ok(_) => {
                    chosen.set(None);
                    notices.show(applied_text(scenario, &offer));
                    reload.run(());
                }
                Err(error) => notices.show(error.message()),
            }
            busy.set(false);
        });
    };
    view! {
        <div class="what-if-actions">
            <p class="hint">{texts::same_demand()}</p>
            <Button variant=Variant::Quiet hook="what-if-reset" disabled=idle press=move |()| chosen.set(None)>{texts::reset()}</Button>
            {may(Scope::OffersWrite).then(|| view! {
                <Button variant=Variant::Primary hook="what-if-apply" disabled=idle press=apply>{texts::apply()}</Button>
            })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_offer;

    #[test]
    fn the_notice_names_the_budget_if_only_that_was_changed() {
        let offer = sample_offer();
        let now = Scenario::of(&offer);
        let with_budget = |budget: i64| Scenario { budget: Some(budget.into()), ..now };
        assert_eq!(applied_text(with_budget(4_000), &offer), "Budget raised to 4,000 USD.");
        assert_eq!(applied_text(with_budget(40), &offer), "Budget lowered to 40 USD.");
        let discount = Scenario { discount: Decimal::ONE, ..with_budget(40) };
        assert_eq!(applied_text(discount, &offer), format!("{} updated.", offer.name));
    }
}
