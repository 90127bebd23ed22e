use leptos::prelude::*;
use offercast_contract::{DailyPoint, ListedOffer, Money, Offer, RunOut, Scope};
use rust_decimal::Decimal;

use super::super::actions::OfferActions;
use super::super::dashboard_path;
use crate::charts::count_to_f64;
use crate::components::{Menu, Progress, Sparkline, StateBadge};
use crate::format::{amount, compact, count, discount, long_day, percent_of, period, whole};
use crate::i18n::{common, list as texts};
use crate::sign_in::may;

#[component]
pub fn OfferRow(listed: ListedOffer, actions: OfferActions) -> impl IntoView {
    let ListedOffer { offer, daily, run_out } = listed;
    let ends_early = runs_out(run_out.as_ref()).map(|text| view! { <p class="runs-out">{text}</p> });
    let (name, code) = (offer.name.clone(), offer.code.clone());
    view! {
        <tr data-testid=format!("offer-row-{code}")>
            <th scope="row" class="cell-offer">
                <a href=dashboard_path(&code) class="offer-name">{name}</a>
                <code class="offer-code">{offer.code.clone()}</code>
            </th>
            <td class="cell-state"><StateBadge state=offer.state /></td>
            <td class="cell-discount">{discount(&offer)}</td>
            <td class="cell-dates">{period(offer.start_date, offer.end_date)}{ends_early}</td>
            <td class="cell-daily"><RecentRedemptions daily /></td>
            <td class="cell-redeemed"><Meter figure=redeemed(&offer) /></td>
            <td class="cell-spent"><Meter figure=spent(&offer) /></td>
            {may(Scope::OffersWrite).then(|| view! { <td class="cell-actions"><Actions offer actions /></td> })}
        </tr>
    }
}

/// When a limit is likely to be reached, if that is before the end date.
fn runs_out(run_out: Option<&RunOut>) -> Option<String> {
    Some(texts::runs_out_around(&long_day(run_out?.median?)))
}

/// Redemptions of the last days, as a line and as text for screen readers.
#[component]
fn RecentRedemptions(daily: Vec<DailyPoint>) -> impl IntoView {
    let total: i64 = daily.iter().map(|day| day.redemptions).sum();
    let label = format!("{} {}", common::redemptions(total), common::in_days(whole(daily.len())));
    let values: Vec<f64> = daily.iter().map(|day| count_to_f64(day.redemptions)).collect();
    view! { <Sparkline values label /> }
}

/// A figure and its limit.
struct Figure {
    /// The text for screen readers, from the used part and the limit.
    label: fn(&str, &str) -> String,
    used: String,
    /// The limit as text, and its used share in percent.
    limit: Option<(String, f64)>,
    tone: &'static str,
}

fn redeemed(offer: &Offer) -> Figure {
    let used = offer.totals.redemptions;
    let share = |max: i64| (count(max), percent_of(Decimal::from(used), Decimal::from(max)));
    Figure {
        label: texts::redeemed_of,
        used: count(used),
        limit: offer.max_redemptions.map(share),
        tone: "accent",
    }
}

fn spent(offer: &Offer) -> Figure {
    let used = offer.totals.discount_given;
    let share = |budget: Money| (compact(budget, &offer.currency), percent_of(used.0, budget.0));
    let bare = offer.budget.is_some();
    let used = if bare { amount(used, &offer.currency) } else { compact(used, &offer.currency) };
    Figure { label: texts::spent_of, used, limit: offer.budget.map(share), tone: "money" }
}

#[component]
fn Meter(figure: Figure) -> impl IntoView {
    let Figure { label, used, limit, tone } = figure;
    match limit {
        Some((limit, percent)) => view! {
            <p class="meter-text"><b>{used.clone()}</b>{texts::of_limit(&limit)}</p>
            <Progress percent label=label(&used, &limit) tone />
        }
        .into_any(),
        None => view! { <p class="meter-text"><b>{used}</b>{texts::no_limit()}</p> }.into_any(),
    }
}

#[component]
fn Actions(offer: Offer, actions: OfferActions) -> impl IntoView {
    let label = common::actions_for(&offer.name);
    let hook = format!("menu-{}", offer.code);
    let items = [actions.edit(&offer), actions.switch(&offer), actions.duplicate(&offer)];
    let items = items.into_iter().chain(actions.removal(&offer)).collect();
    view! { <Menu label hook items /> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_dashboard;

    #[test]
    fn only_an_offer_that_runs_out_early_says_when() {
        let mut run_out = sample_dashboard().forecast.run_out.unwrap();
        assert_eq!(runs_out(Some(&run_out)).unwrap(), "runs out around 25 Nov 2026");
        run_out.median = None;
        assert_eq!((runs_out(Some(&run_out)), runs_out(None)), (None, None));
    }
}
