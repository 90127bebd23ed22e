use leptos::prelude::*;
use offercast_contract::{Dashboard, LedgerEntry};

use super::take_back::TakeBack;
use crate::api;
use crate::components::{Icon, IconButton, Symbol};
use crate::format::{ago, figure};
use crate::words::{common, dashboard as words};

/// The redemptions that came last, asked for anew whenever the dashboard is.
#[component]
pub fn Latest(data: Signal<Option<Dashboard>>, reload: Callback<()>) -> impl IntoView {
    let asking = RwSignal::new(None::<LedgerEntry>);
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
        let row = |entry: &LedgerEntry| {
            let (entry, standing) = (entry.clone(), stands(entry, &entries));
            view! { <Row entry standing as_of=as_of.to_utc() currency=currency.clone() asking /> }
        };
        Some(entries.iter().map(row).collect_view())
    };
    // Not a page of the app: the browser fetches it.
    let all = move || {
        let (id, ..) = asked.get()?;
        let label = words::all_as_csv();
        Some(view! {
            <a class="icon-button" href=api::ledger_file(id) rel="external" download="" title=label aria-label=label data-testid="ledger-csv">
                <Icon symbol=Symbol::Download />
            </a>
        })
    };
    view! {
        <section class="panel panel-latest card" aria-label=words::latest_redemptions()>
            <div class="panel-head">
                <h2>{words::latest_redemptions()}</h2>
                <div class="panel-actions">{all}</div>
            </div>
            <table class="latest" data-testid="latest">
                <thead>
                    <tr>
                        <th scope="col">{words::when()}</th>
                        <th scope="col">{words::customer()}</th>
                        <th scope="col">{words::order()}</th>
                        <th scope="col">{words::discount()}</th>
                        <th scope="col"><span class="visually-hidden">{common::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <TakeBack asking data done=reload />
        </section>
    }
}

/// Neither a reversal nor taken back by one. A reversal is younger than what it takes back, so it is in the list too.
fn stands(entry: &LedgerEntry, latest: &[LedgerEntry]) -> bool {
    entry.reverses.is_none() && latest.iter().all(|other| other.reverses != Some(entry.redemption_id))
}

#[component]
fn Row(
    entry: LedgerEntry,
    standing: bool,
    as_of: chrono::DateTime<chrono::Utc>,
    currency: String,
    asking: RwSignal<Option<LedgerEntry>>,
) -> impl IntoView {
    let is_reversal = entry.reverses.is_some();
    let action = standing.then(|| {
        let (label, hook) =
            (words::take_back_of(&entry.customer_id), format!("take-back-{}", entry.redemption_id));
        let entry = entry.clone();
        let ask = move |()| asking.set(Some(entry.clone()));
        view! { <IconButton symbol=Symbol::Undo label hook press=ask /> }
    });
    view! {
        <tr class:is-taken-back=!standing && !is_reversal>
            <td><time datetime=entry.redeemed_at.to_rfc3339()>{ago(as_of - entry.redeemed_at)}</time>{is_reversal.then(words::taken_back)}</td>
            <td class="latest-customer">{entry.customer_id}</td>
            <td>{figure(entry.order_amount, &currency)}</td>
            <td><b>{figure(entry.discount_given, &currency)}</b></td>
            <td class="latest-action">{action}</td>
        </tr>
    }
}
