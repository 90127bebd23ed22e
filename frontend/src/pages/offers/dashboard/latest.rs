use leptos::prelude::*;
use offercast_contract::{Dashboard, LedgerEntry};

use crate::api;
use crate::format::{ago, figure};

/// The redemptions that came last, asked for anew whenever the dashboard is.
#[component]
pub fn Latest(data: Signal<Option<Dashboard>>) -> impl IntoView {
    let asked = Memo::new(move |_| {
        data.with(|data| data.as_ref().map(|data| (data.offer.id, data.as_of, data.offer.currency.clone())))
    });
    let entries = api::fetch(move || {
        let offer = asked.get().map(|(id, ..)| id);
        async move {
            match offer {
                Some(id) => api::latest_redemptions(id).await,
                None => Ok(Vec::new()),
            }
        }
    });
    let rows = move || {
        let (_, as_of, currency) = asked.get()?;
        let entries = entries.data()?;
        let row = |entry| view! { <Row entry as_of=as_of.to_utc() currency=currency.clone() /> };
        Some(entries.into_iter().map(row).collect_view())
    };
    view! {
        <section class="panel panel-latest card" aria-label="Latest redemptions">
            <div class="panel-head"><h2>"Latest redemptions"</h2></div>
            <table class="latest" data-testid="latest">
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"Customer"</th>
                        <th scope="col">"Order"</th>
                        <th scope="col">"Discount"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(entry: LedgerEntry, as_of: chrono::DateTime<chrono::Utc>, currency: String) -> impl IntoView {
    view! {
        <tr>
            <td><time datetime=entry.redeemed_at.to_rfc3339()>{ago(as_of - entry.redeemed_at)}</time></td>
            <td class="latest-customer">{entry.customer_id}</td>
            <td>{figure(entry.order_amount, &currency)}</td>
            <td><b>{figure(entry.discount_given, &currency)}</b></td>
        </tr>
    }
}
