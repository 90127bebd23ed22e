use leptos::prelude::*;
use leptos_router::components::A;
use offercast_contract::{Attention, AttentionReason, Limit, Overview};

use super::Data;
use super::daily_panel::CsvButton;
use crate::components::Badge;
use crate::format::{count, decimal, full_day, money};
use crate::i18n::{common, overview as texts};
use crate::pages::offers::dashboard_path;
use crate::tables::{Field, csv_of_fields};

/// The offers that need attention, most urgent first.
#[component]
pub fn NeedsAttention(data: Data) -> impl IntoView {
    let list = move || data.with(|data| data.as_ref().map(list));
    view! {
        <section class="panel card" aria-label=texts::needs_attention() data-testid="attention">
            <div class="panel-head">
                <h2>{texts::needs_attention()}</h2>
                <div class="panel-actions"><CsvButton data label=texts::needs_attention() name="attention" file /></div>
            </div>
            {list}
        </section>
    }
}

/// The list as CSV, with the texts of the page.
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
        return view! { <p class="quiet-note">{texts::all_clear()}</p> }.into_any();
    }
    let listed = data.attention.len() as u64;
    let more = (data.attention_total > listed).then(|| {
        let rest = i64::try_from(data.attention_total - listed).unwrap_or(i64::MAX);
        view! { <p class="quiet-note">{texts::and_more(&count(rest))}</p> }
    });
    let items = data.attention.iter().map(item).collect_view();
    view! {
        <ul class="ranking">{items}</ul>
        {more}
    }
    .into_any()
}

fn item(attention: &Attention) -> impl IntoView + use<> {
    let (tone, text) = badge(attention.reason);
    let (name, detail) = (attention.offer.name.clone(), detail(attention));
    let href = dashboard_path(&attention.offer.code);
    view! {
        <li>
            <div class="ranking-name">
                <A href>{name}</A>
                <p>{detail}</p>
            </div>
            <Badge tone text />
        </li>
    }
}

fn badge(reason: AttentionReason) -> (&'static str, &'static str) {
    match reason {
        AttentionReason::BudgetExhausted => ("bad", common::budget_used_up()),
        AttentionReason::RedemptionsExhausted => ("bad", common::fully_redeemed()),
        AttentionReason::RunsOut => ("warn", texts::running_out()),
        AttentionReason::Ends => ("info", texts::ending_soon()),
        AttentionReason::TurnedAway => ("warn", texts::often_declined()),
        AttentionReason::BelowForecast => ("warn", texts::below_forecast()),
        AttentionReason::AboveForecast => ("info", texts::above_forecast()),
    }
}

fn detail(attention: &Attention) -> String {
    let on = attention.date.map(full_day).unwrap_or_default();
    match attention.reason {
        AttentionReason::BudgetExhausted => texts::no_budget_left().to_owned(),
        AttentionReason::RedemptionsExhausted => texts::limit_reached().to_owned(),
        AttentionReason::RunsOut => match attention.limit {
            Some(Limit::Budget) => texts::budget_runs_out_on(&on),
            Some(Limit::MaxRedemptions) => texts::limit_reached_on(&on),
            None => texts::runs_out_on(&on),
        },
        AttentionReason::Ends => texts::ends_on(&on),
        AttentionReason::TurnedAway => {
            let declined = common::redemptions(attention.refusals.unwrap_or_default());
            let not_given =
                money(attention.discount_not_given.unwrap_or_default(), &attention.offer.currency);
            texts::declined_in_a_week(&declined, &not_given)
        }
        AttentionReason::BelowForecast | AttentionReason::AboveForecast => {
            let came = common::redemptions(attention.redemptions.unwrap_or_default());
            let expected = decimal(attention.expected.unwrap_or_default());
            let days = common::in_days(attention.days.unwrap_or_default());
            texts::instead_of_expected(&came, &days, &on, &expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_overview;

    #[test]
    fn each_reason_has_a_sentence() {
        let data = sample_overview();
        let sentences: Vec<_> =
            data.attention.iter().map(|one| format!("{}: {}", badge(one.reason).1, detail(one))).collect();
        assert_eq!(
            sentences,
            [
                "Budget used up: No budget left. Redemptions are declined.",
                "Running out: Likely to hit its redemption limit on Sat 20 Jun 2026.",
                "Ending soon: Ends on Thu 18 Jun 2026.",
                "Often declined: 40 redemptions declined in 7 days, 200.00 USD in discounts not given.",
                "Below forecast: 20 redemptions in 14 days from Mon 1 Jun 2026, about 61.5 expected.",
            ]
        );
    }
}
