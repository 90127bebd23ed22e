use leptos::prelude::*;
use offercast_contract::{Dashboard, UnmetReason};
use rust_decimal::Decimal;

use crate::components::Progress;
use crate::format::{count, money, percent_of, plural};

/// Customers who were turned away in the days shown, and why.
#[component]
pub fn Unmet(data: Signal<Option<Dashboard>>) -> impl IntoView {
    let content = move || data.with(|data| data.as_ref().map(content));
    view! {
        <section class="panel card" aria-label="Turned away" data-testid="unmet">
            <div class="panel-head"><h2>"Turned away"</h2></div>
            {content}
        </section>
    }
}

fn content(data: &Dashboard) -> AnyView {
    let unmet = &data.unmet;
    if unmet.refusals == 0 {
        return view! { <p class="quiet-note">"Nobody was turned away in these days."</p> }.into_any();
    }
    let reasons = unmet.reasons.iter().map(|reason| item(reason, unmet.refusals, &data.offer.currency));
    view! {
        <p class="quiet-note">{lead(data)}</p>
        <ul class="ranking">{reasons.collect_view()}</ul>
    }
    .into_any()
}

fn lead(data: &Dashboard) -> String {
    let missed = money(data.unmet.discount_not_given, &data.offer.currency);
    format!("{}, who would have been given {missed}.", plural(data.unmet.refusals, "customer", "customers"))
}

/// A bar that is as long as the reason's share of all.
fn item(reason: &UnmetReason, all: i64, currency: &str) -> impl IntoView + use<> {
    let share = percent_of(Decimal::from(reason.refusals), Decimal::from(all));
    let (why, refusals) = (why(&reason.reason), count(reason.refusals));
    let label = format!("{refusals} customers");
    let missed = format!("{} not given", money(reason.discount_not_given, currency));
    view! {
        <li>
            <div class="ranking-name">
                <b>{why}</b>
                <p>{missed}</p>
                <Progress percent=share label />
            </div>
            <div class="ranking-figure"><b>{refusals}</b></div>
        </li>
    }
}

/// A newer server may know reasons that this page does not: then its code says it.
fn why(reason: &str) -> String {
    let words = match reason {
        "budget_exhausted" => "The budget did not suffice",
        "max_redemptions_reached" => "Redeemed as often as possible",
        "offer_paused" => "The offer was paused",
        "offer_archived" => "The offer was archived",
        "offer_not_started" => "The offer had not started",
        "offer_expired" => "The offer had ended",
        "order_below_minimum" => "The order was too small",
        "customer_limit_reached" => "The customer had used it up",
        other => other,
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_dashboard;

    #[test]
    fn what_was_missed_is_said_in_customers_and_money() {
        assert_eq!(lead(&sample_dashboard()), "5 customers, who would have been given 10.50 USD.");
    }

    #[test]
    fn every_reason_has_words() {
        assert_eq!(why("offer_expired"), "The offer had ended");
        assert_eq!(why("something_new"), "something_new");
    }
}
