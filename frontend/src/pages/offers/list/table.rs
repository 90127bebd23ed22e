use leptos::prelude::*;
use offercast_contract::{ListedOffer, Scope};

use super::super::actions::OfferActions;
use super::row::OfferRow;
use crate::components::Skeleton;
use crate::i18n::{common, list as texts};
use crate::sign_in::may;

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
                <th scope="col">{texts::offer()}</th>
                <th scope="col">{texts::status()}</th>
                <th scope="col">{texts::discount()}</th>
                <th scope="col">{texts::dates()}</th>
                <th scope="col">{texts::fourteen_days()}</th>
                <th scope="col">{texts::redeemed()}</th>
                <th scope="col">{texts::spent()}</th>
                {may(Scope::OffersWrite).then(|| view! {
                    <th scope="col"><span class="visually-hidden">{common::actions()}</span></th>
                })}
            </tr>
        </thead>
    }
}

/// Placeholder rows while the list is loading.
#[component]
pub fn TableSkeleton() -> impl IntoView {
    let row = || view! { <div class="skeleton-row"><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i></div> };
    view! {
        <Skeleton label=texts::loading()>
            <div class="card">{(0..SKELETON_ROWS).map(|_| row()).collect_view()}</div>
        </Skeleton>
    }
}
