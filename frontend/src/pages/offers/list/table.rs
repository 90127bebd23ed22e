use leptos::prelude::*;
use offercast_contract::ListedOffer;

use super::super::actions::OfferActions;
use super::row::OfferRow;
use crate::components::Skeleton;

const SKELETON_ROWS: usize = 8;

#[component]
pub fn OffersTable(offers: Vec<ListedOffer>, actions: OfferActions) -> impl IntoView {
    let rows = offers.into_iter().map(|listed| view! { <OfferRow listed actions /> }).collect_view();
    view! {
        <table class="offers card" data-testid="offers-table">
            <Columns />
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Columns() -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">"Offer"</th>
                <th scope="col">"State"</th>
                <th scope="col">"Discount"</th>
                <th scope="col">"Valid"</th>
                <th scope="col">"14 days"</th>
                <th scope="col">"Redeemed"</th>
                <th scope="col">"Spent"</th>
                <th scope="col"><span class="visually-hidden">"Actions"</span></th>
            </tr>
        </thead>
    }
}

/// The shape of what is on its way.
#[component]
pub fn TableSkeleton() -> impl IntoView {
    let row = || view! { <div class="skeleton-row"><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i></div> };
    view! {
        <Skeleton label="Loading the offers">
            <div class="card">{(0..SKELETON_ROWS).map(|_| row()).collect_view()}</div>
        </Skeleton>
    }
}
