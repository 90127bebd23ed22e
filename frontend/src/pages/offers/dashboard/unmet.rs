use leptos::prelude::*;
use offercast_contract::{Dashboard, UnmetReason};
use rust_decimal::Decimal;

use crate::components::Progress;
use crate::format::{count, money, percent_of};
use crate::words::{common, dashboard as words};

/// Customers who were turned away in the days shown, and why.
#[component]
pub fn Unmet(data: Signal<Option<Dashboard>>) -> impl IntoView {
    let content = move || data.with(|data| data.as_ref().map(content));
    view! {
        <section class="panel card" aria-label=words::turned_away() data-testid="unmet">
            <div class="panel-head"><h2>{words::turned_away()}</h2></div>
            {content}
        </section>
    }
}

fn content(data: &Dashboard) -> AnyView {
    let unmet = &data.unmet;
    if unmet.refusals == 0 {
        return view! { <p class="quiet-note">{words::nobody_turned_away()}</p> }.into_any();
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
    words::would_have_been_given(&common::customers(data.unmet.refusals), &missed)
}

/// A bar that is as long as the reason's share of all.
fn item(reason: &UnmetReason, all: i64, currency: &str) -> impl IntoView + use<> {
    let share = percent_of(Decimal::from(reason.refusals), Decimal::from(all));
    let (why, refusals) = (why(&reason.reason), count(reason.refusals));
    let label = common::customers(reason.refusals);
    let missed = words::not_given(&money(reason.discount_not_given, currency));
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
    let told = match reason {
        "budget_exhausted" => words::budget_exhausted(),
        "max_redemptions_reached" => words::max_redemptions_reached(),
        "offer_paused" => words::offer_paused(),
        "offer_archived" => words::offer_archived(),
        "offer_not_started" => words::offer_not_started(),
        "offer_expired" => words::offer_expired(),
        "order_below_minimum" => words::order_below_minimum(),
        "customer_limit_reached" => words::customer_limit_reached(),
        "hold_limit_reached" => words::hold_limit_reached(),
        other => other,
    };
    told.to_owned()
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
