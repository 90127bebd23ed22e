use leptos::prelude::*;
use leptos_router::components::A;
use offercast_contract::{Attention, AttentionReason, Limit, Overview};

use super::Data;
use super::days::Save;
use crate::components::Badge;
use crate::format::{count, decimal, full_day, money};
use crate::pages::offers::dashboard_path;
use crate::tables::{Field, csv_of_fields};
use crate::words::{common, overview as words};

/// What to look at first.
#[component]
pub fn NeedsAttention(data: Data) -> impl IntoView {
    let list = move || data.with(|data| data.as_ref().map(list));
    view! {
        <section class="panel card" aria-label=words::needs_attention() data-testid="attention">
            <div class="panel-head">
                <h2>{words::needs_attention()}</h2>
                <div class="panel-actions"><Save data label=words::needs_attention() name="attention" file /></div>
            </div>
            {list}
        </section>
    }
}

/// One row a reason, in the words of the page.
fn file(data: &Overview) -> String {
    let row = |attention: &Attention| {
        let (_, reason) = badge(attention.reason);
        let offer = &attention.offer;
        [offer.code.clone(), offer.name.clone(), reason.to_owned(), detail(attention)]
            .map(Field::Text)
            .to_vec()
    };
    csv_of_fields(&["code", "name", "reason", "detail"], &data.attention.iter().map(row).collect::<Vec<_>>())
}

fn list(data: &Overview) -> AnyView {
    if data.attention.is_empty() {
        return view! { <p class="quiet-note">{words::nothing_does()}</p> }.into_any();
    }
    let listed = data.attention.len() as u64;
    let more = (data.attention_total > listed).then(|| {
        let rest = i64::try_from(data.attention_total - listed).unwrap_or(i64::MAX);
        view! { <p class="quiet-note">{words::and_more(&count(rest))}</p> }
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
        AttentionReason::BudgetExhausted => ("bad", common::budget_used_up()),
        AttentionReason::RedemptionsExhausted => ("bad", common::fully_redeemed()),
        AttentionReason::RunsOut => ("warn", words::runs_out()),
        AttentionReason::Ends => ("info", words::ends()),
        AttentionReason::TurnedAway => ("warn", words::turned_away()),
        AttentionReason::BelowForecast => ("warn", words::below_forecast()),
        AttentionReason::AboveForecast => ("info", words::above_forecast()),
    }
}

fn detail(attention: &Attention) -> String {
    let on = attention.date.map(full_day).unwrap_or_default();
    match attention.reason {
        AttentionReason::BudgetExhausted => words::no_budget_left().to_owned(),
        AttentionReason::RedemptionsExhausted => words::no_redemption_left().to_owned(),
        AttentionReason::RunsOut => match attention.limit {
            Some(Limit::Budget) => words::budget_lasts_until(&on),
            Some(Limit::MaxRedemptions) => words::maximum_reached_on(&on),
            None => words::lasts_until(&on),
        },
        AttentionReason::Ends => words::last_day_is(&on),
        AttentionReason::TurnedAway => {
            let refused = common::customers(attention.refusals.unwrap_or_default());
            let missed = money(attention.discount_not_given.unwrap_or_default(), &attention.offer.currency);
            words::refused_in_a_week(&refused, &missed)
        }
        AttentionReason::BelowForecast | AttentionReason::AboveForecast => {
            let came = common::redemptions(attention.redemptions.unwrap_or_default());
            let expected = decimal(attention.expected.unwrap_or_default());
            let days = common::in_days(attention.days.unwrap_or_default());
            words::came_instead(&came, &days, &on, &expected)
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
