use leptos::prelude::*;
use offercast_contract::{ListedOffer, Offer};

use super::row::OfferRow;

const SKELETON_ROWS: usize = 8;

#[component]
pub fn OffersTable(offers: Vec<ListedOffer>, removing: RwSignal<Option<Offer>>) -> impl IntoView {
    let rows =
        offers.into_iter().map(|listed| view! { <OfferRow offer=listed.offer removing /> }).collect_view();
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
    let row = || view! { <div class="skeleton-row"><i></i><i></i><i></i><i></i></div> };
    view! {
        <div class="card skeleton-table" role="status" data-testid="loading">
            <span class="visually-hidden">"Loading the offers"</span>
            {(0..SKELETON_ROWS).map(|_| row()).collect_view()}
        </div>
    }
}
