use leptos::prelude::*;
use leptos_router::components::A;
use offercast_contract::{Overview, TopOffer};
use rust_decimal::Decimal;

use super::Data;
use crate::components::{Change, ChangeChip, Progress};
use crate::format::{count, money, percent_of};
use crate::pages::offers::dashboard_path;

/// The offers that were redeemed most in the range.
#[component]
pub fn TopOffers(data: Data) -> impl IntoView {
    let list = move || data.with(|data| data.as_ref().map(list));
    view! {
        <section class="panel card" aria-label="Most redeemed" data-testid="top-offers">
            <div class="panel-head"><h2>"Most redeemed"</h2></div>
            {list}
        </section>
    }
}

fn list(data: &Overview) -> AnyView {
    let Some(most) = data.top_offers.first().map(|top| top.redemptions.total) else {
        return view! { <p class="quiet-note">"Nothing was redeemed in these days."</p> }.into_any();
    };
    let items = data.top_offers.iter().map(|top| item(top, most)).collect_view();
    view! { <ol class="ranking">{items}</ol> }.into_any()
}

/// A bar that is as long as the offer's share of the most redeemed one.
fn item(top: &TopOffer, most: i64) -> impl IntoView + use<> {
    let share = percent_of(Decimal::from(top.redemptions.total), Decimal::from(most));
    let (redemptions, given) = (count(top.redemptions.total), money(top.discount_given, &top.offer.currency));
    let href = dashboard_path(&top.offer.code);
    let (name, change) = (top.offer.name.clone(), top.redemptions.change);
    let label = format!("{redemptions} redemptions");
    view! {
        <li>
            <div class="ranking-name">
                <A href>{name}</A>
                <p>{given}" given"</p>
                <Progress percent=share label />
            </div>
            <div class="ranking-figure">
                <b>{redemptions}</b>
                {change.map(|change| view! { <ChangeChip change=Change::by(change) /> })}
            </div>
        </li>
    }
}
