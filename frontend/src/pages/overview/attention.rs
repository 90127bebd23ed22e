use leptos::prelude::*;
use leptos_router::components::A;
use offercast_contract::{Attention, AttentionReason, Limit, Overview};

use super::Data;
use crate::components::Badge;
use crate::format::{count, decimal, full_day, money, plural};
use crate::pages::offers::dashboard_path;

/// What to look at first.
#[component]
pub fn NeedsAttention(data: Data) -> impl IntoView {
    let list = move || data.with(|data| data.as_ref().map(list));
    view! {
        <section class="panel card" aria-label="Needs attention" data-testid="attention">
            <div class="panel-head"><h2>"Needs attention"</h2></div>
            {list}
        </section>
    }
}

fn list(data: &Overview) -> AnyView {
    if data.attention.is_empty() {
        return view! { <p class="quiet-note">"Nothing does. Every active offer has budget, time and takers."</p> }.into_any();
    }
    let listed = data.attention.len() as u64;
    let more = (data.attention_total > listed).then(|| {
        let rest = i64::try_from(data.attention_total - listed).unwrap_or(i64::MAX);
        view! { <p class="quiet-note">{format!("And {} more.", count(rest))}</p> }
    });
    let items = data.attention.iter().map(item).collect_view();
    view! {
        <ul class="ranking">{items}</ul>
        {more}
    }
    .into_any()
}

fn item(attention: &Attention) -> impl IntoView + use<> {
    let (tone, word) = badge(attention.reason);
    let (name, detail) = (attention.offer.name.clone(), detail(attention));
    let href = dashboard_path(&attention.offer.code);
    view! {
        <li>
            <div class="ranking-name">
                <A href>{name}</A>
                <p>{detail}</p>
            </div>
            <Badge tone text=word />
        </li>
    }
}

fn badge(reason: AttentionReason) -> (&'static str, &'static str) {
    match reason {
        AttentionReason::BudgetExhausted => ("bad", "Budget used up"),
        AttentionReason::RedemptionsExhausted => ("bad", "Fully redeemed"),
        AttentionReason::RunsOut => ("warn", "Runs out"),
        AttentionReason::Ends => ("info", "Ends"),
        AttentionReason::TurnedAway => ("warn", "Turned away"),
        AttentionReason::BelowForecast => ("warn", "Below forecast"),
        AttentionReason::AboveForecast => ("info", "Above forecast"),
    }
}

fn detail(attention: &Attention) -> String {
    let on = attention.date.map(full_day).unwrap_or_default();
    match attention.reason {
        AttentionReason::BudgetExhausted => "No budget is left: customers are turned away.".to_owned(),
        AttentionReason::RedemptionsExhausted => {
            "Redeemed as often as it may be: customers are turned away.".to_owned()
        }
        AttentionReason::RunsOut => match attention.limit {
            Some(Limit::Budget) => format!("At this pace the budget lasts until {on}."),
            Some(Limit::MaxRedemptions) => format!("At this pace the maximum is reached on {on}."),
            None => format!("At this pace it lasts until {on}."),
        },
        AttentionReason::Ends => format!("The last day is {on}."),
        AttentionReason::TurnedAway => {
            let refused = plural(attention.refusals.unwrap_or_default(), "customer", "customers");
            let missed = money(attention.discount_not_given.unwrap_or_default(), &attention.offer.currency);
            format!("{refused} refused in 7 days, who would have been given {missed}.")
        }
        AttentionReason::BelowForecast | AttentionReason::AboveForecast => {
            let came = plural(attention.redemptions.unwrap_or_default(), "redemption", "redemptions");
            let expected = decimal(attention.expected.unwrap_or_default());
            let days = plural(attention.days.unwrap_or_default(), "day", "days");
            format!("{came} in {days} from {on}, where about {expected} were expected.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_overview;

    #[test]
    fn each_reason_is_said_in_a_sentence() {
        let data = sample_overview();
        let said: Vec<_> =
            data.attention.iter().map(|one| format!("{}: {}", badge(one.reason).1, detail(one))).collect();
        assert_eq!(
            said,
            [
                "Budget used up: No budget is left: customers are turned away.",
                "Runs out: At this pace the maximum is reached on Sat 20 Jun 2026.",
                "Ends: The last day is Thu 18 Jun 2026.",
                "Turned away: 40 customers refused in 7 days, who would have been given 200.00 USD.",
                "Below forecast: 20 redemptions in 14 days from Mon 1 Jun 2026, where about 61.5 were expected.",
            ]
        );
    }
}
