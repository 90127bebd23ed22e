use leptos::prelude::*;
use leptos_router::components::A;
use offercast_contract::{Money, Offer};
use rust_decimal::Decimal;

use super::super::{dashboard_path, edit_path};
use crate::components::{Icon, Progress, Removal, StateBadge, Symbol};
use crate::format::{amount, compact, count, discount, percent_of, period};

#[component]
pub fn OfferRow(offer: Offer, removing: RwSignal<Option<Offer>>) -> impl IntoView {
    let (name, code) = (offer.name.clone(), offer.code.clone());
    view! {
        <tr data-testid=format!("offer-row-{code}")>
            <th scope="row" class="cell-offer">
                <A href=dashboard_path(&code) attr:class="offer-name">{name}</A>
                <code class="offer-code">{offer.code.clone()}</code>
            </th>
            <td class="cell-state"><StateBadge state=offer.state /></td>
            <td class="cell-discount">{discount(&offer)}</td>
            <td class="cell-dates">{period(offer.start_date, offer.end_date)}</td>
            <td class="cell-redeemed"><Meter figure=redeemed(&offer) /></td>
            <td class="cell-spent"><Meter figure=spent(&offer) /></td>
            <td class="cell-actions"><Actions offer removing /></td>
        </tr>
    }
}

/// A figure against its limit.
#[derive(Debug, PartialEq)]
struct Figure {
    name: &'static str,
    used: String,
    /// The limit in words, and how much of it is used in percent.
    limit: Option<(String, f64)>,
    tone: &'static str,
}

fn redeemed(offer: &Offer) -> Figure {
    let used = offer.totals.redemptions;
    let share = |max: i64| (count(max), percent_of(Decimal::from(used), Decimal::from(max)));
    Figure { name: "redeemed", used: count(used), limit: offer.max_redemptions.map(share), tone: "accent" }
}

fn spent(offer: &Offer) -> Figure {
    let used = offer.totals.discount_given;
    let share = |budget: Money| (compact(budget, &offer.currency), percent_of(used.0, budget.0));
    let bare = offer.budget.is_some();
    let used = if bare { amount(used, &offer.currency) } else { compact(used, &offer.currency) };
    Figure { name: "spent", used, limit: offer.budget.map(share), tone: "money" }
}

#[component]
fn Meter(figure: Figure) -> impl IntoView {
    let Figure { name, used, limit, tone } = figure;
    match limit {
        Some((limit, percent)) => view! {
            <p class="meter-text"><b>{used.clone()}</b>" of "{limit.clone()}</p>
            <Progress percent label=format!("{used} of {limit} {name}") tone />
        }
        .into_any(),
        None => view! { <p class="meter-text"><b>{used}</b>" · no limit"</p> }.into_any(),
    }
}

#[component]
fn Actions(offer: Offer, removing: RwSignal<Option<Offer>>) -> impl IntoView {
    let removal = Removal::of(&offer);
    let (edit, name) = (edit_path(&offer.code), offer.name.clone());
    let hook = format!("edit-{}", offer.code);
    view! {
        <div class="row-actions">
            <A href=edit attr:class="icon-button" attr:data-testid=hook attr:aria-label=format!("Edit {name}")>
                <Icon symbol=Symbol::Pencil />
            </A>
            {(removal != Removal::Nothing).then(|| view! { <Remove offer removal removing /> })}
        </div>
    }
}

#[component]
fn Remove(offer: Offer, removal: Removal, removing: RwSignal<Option<Offer>>) -> impl IntoView {
    let symbol = if removal == Removal::Delete { Symbol::Trash } else { Symbol::Archive };
    let label = format!("{} {}", removal.verb(), offer.name);
    let hook = format!("remove-{}", offer.code);
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid=hook
            title=removal.verb()
            aria-label=label
            on:click=move |_| removing.set(Some(offer.clone()))
        >
            <Icon symbol />
        </button>
    }
}
