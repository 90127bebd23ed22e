use leptos::prelude::*;
use offercast_contract::{Dashboard, UnmetReason};
use rust_decimal::Decimal;

use crate::components::Progress;
use crate::format::{count, money, percent_of};
use crate::i18n::{common, dashboard as texts};

/// Declined redemptions of the days shown, by reason.
#[component]
pub fn Declined(data: Signal<Option<Dashboard>>) -> impl IntoView {
    let content = move || data.with(|data| data.as_ref().map(content));
    view! {
        <section class="panel card" aria-label=texts::declined() data-testid="declined">
            <div class="panel-head"><h2>{texts::declined()}</h2></div>
            {content}
        </section>
    }
}

fn content(data: &Dashboard) -> AnyView {
    let declined = &data.unmet;
    if declined.refusals == 0 {
        return view! { <p class="quiet-note">{texts::none_declined()}</p> }.into_any();
    }
    let reasons = declined.reasons.iter().map(|reason| item(reason, declined.refusals, &data.offer.currency));
    view! {
        <p class="quiet-note">{lead(data)}</p>
        <ul class="ranking">{reasons.collect_view()}</ul>
    }
    .into_any()
}

fn lead(data: &Dashboard) -> String {
    let not_given = money(data.unmet.discount_not_given, &data.offer.currency);
    texts::declined_in_total(&common::redemptions(data.unmet.refusals), &not_given)
}

/// A reason with a bar that shows its share of all declined redemptions.
fn item(reason: &UnmetReason, all: i64, currency: &str) -> impl IntoView + use<> {
    let share = percent_of(Decimal::from(reason.refusals), Decimal::from(all));
    let (text, refusals) = (reason_text(&reason.reason), count(reason.refusals));
    let label = common::redemptions(reason.refusals);
    let not_given = texts::not_given(&money(reason.discount_not_given, currency));
    view! {
        <li>
            <div class="ranking-name">
                <b>{text}</b>
                <p>{not_given}</p>
                <Progress percent=share label />
            </div>
            <div class="ranking-figure"><b>{refusals}</b></div>
        </li>
    }
}

/// The text of a reason. Falls back to the code for reasons that only a newer server knows.
fn reason_text(reason: &str) -> String {
    let text = match reason {
        "budget_exhausted" => texts::budget_exhausted(),
        "max_redemptions_reached" => texts::max_redemptions_reached(),
        "offer_paused" => texts::offer_paused(),
        "offer_archived" => texts::offer_archived(),
        "offer_not_started" => texts::offer_not_started(),
        "offer_expired" => texts::offer_expired(),
        "order_below_minimum" => texts::order_below_minimum(),
        "customer_limit_reached" => texts::customer_limit_reached(),
        "hold_limit_reached" => texts::hold_limit_reached(),
        other => other,
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use offercast_domain::Refusal;

    use super::*;
    use crate::charts::sample_dashboard;

    #[test]
    fn the_lead_names_redemptions_and_discount() {
        assert_eq!(lead(&sample_dashboard()), "5 redemptions declined, 10.50 USD in discounts not given.");
    }

    #[test]
    fn every_reason_has_its_own_text() {
        let texts = HashSet::from(Refusal::ALL.map(|refusal| reason_text(refusal.code())));
        assert_eq!(texts.len(), Refusal::ALL.len());
        for refusal in Refusal::ALL {
            assert!(!texts.contains(refusal.code()), "{refusal:?} has no text");
        }
        assert_eq!(reason_text("offer_expired"), "Offer ended");
        assert_eq!(reason_text("something_new"), "something_new");
    }
}
