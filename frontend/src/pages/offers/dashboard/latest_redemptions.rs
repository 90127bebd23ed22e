use leptos::prelude::*;
use offercast_contract::{Dashboard, LedgerEntry, Scope};

use super::reverse_dialog::ReverseDialog;
use crate::api;
use crate::components::{Icon, IconButton, Symbol};
use crate::format::{ago, figure};
use crate::i18n::{common, dashboard as texts};
use crate::sign_in::may;

/// The latest redemptions. Fetched again whenever the dashboard changes.
#[component]
pub fn LatestRedemptions(data: Signal<Option<Dashboard>>, reload: Callback<()>) -> impl IntoView {
    let reversing = RwSignal::new(None::<LedgerEntry>);
    let offer = Memo::new(move |_| {
        data.with(|data| data.as_ref().map(|data| (data.offer.id, data.as_of, data.offer.currency.clone())))
    });
    let entries = api::fetch(move || {
        let id = offer.get().map(|(id, ..)| id);
        async move {
            match id {
                Some(id) => api::latest_redemptions(id).await,
                None => Ok(Vec::new()),
            }
        }
    });
    let rows = move || {
        let (_, as_of, currency) = offer.get()?;
        let entries = entries.data()?;
        let row = |entry: &LedgerEntry| {
            let (entry, reversible) = (entry.clone(), is_reversible(entry, &entries));
            view! { <Row entry reversible as_of=as_of.to_utc() currency=currency.clone() reversing /> }
        };
        Some(entries.iter().map(row).collect_view())
    };
    let download = move || offer.get().map(|(id, ..)| view! { <CsvLink offer=id /> });
    view! {
        <section class="panel panel-latest card" aria-label=texts::latest_redemptions()>
            <div class="panel-head">
                <h2>{texts::latest_redemptions()}</h2>
                <div class="panel-actions">{download}</div>
            </div>
            <table class="latest" data-testid="latest">
                <Columns />
                <tbody>{rows}</tbody>
            </table>
            <ReverseDialog target=reversing data done=reload />
        </section>
    }
}

/// Downloads all redemptions.
#[component]
fn CsvLink(offer: i64) -> impl IntoView {
    let label = texts::all_as_csv();
    // `rel="external"`: the browser downloads it, the router must not handle it.
    view! {
        <a
            class="icon-button"
            href=api::ledger_csv_url(offer)
            rel="external"
            download=""
            title=label
            aria-label=label
            data-testid="ledger-csv"
        >
            <Icon symbol=Symbol::Download />
        </a>
    }
}

#[component]
fn Columns() -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">{texts::time()}</th>
                <th scope="col">{texts::customer()}</th>
                <th scope="col">{texts::order()}</th>
                <th scope="col">{texts::discount()}</th>
                <th scope="col"><span class="visually-hidden">{common::actions()}</span></th>
            </tr>
        </thead>
    }
}

/// Whether an entry can be reversed: it is no reversal and not reversed yet. A reversal is newer than its redemption,
/// so the list contains it too.
fn is_reversible(entry: &LedgerEntry, latest: &[LedgerEntry]) -> bool {
    entry.reverses.is_none() && latest.iter().all(|other| other.reverses != Some(entry.redemption_id))
}

#[component]
fn Row(
    entry: LedgerEntry,
    reversible: bool,
    as_of: chrono::DateTime<chrono::Utc>,
    currency: String,
    reversing: RwSignal<Option<LedgerEntry>>,
) -> impl IntoView {
    let is_reversal = entry.reverses.is_some();
    let action = (reversible && may(Scope::RedemptionsWrite)).then(|| {
        let (label, hook) =
            (texts::reverse_for(&entry.customer_id), format!("reverse-{}", entry.redemption_id));
        let entry = entry.clone();
        let ask = move |()| reversing.set(Some(entry.clone()));
        view! { <IconButton symbol=Symbol::Undo label hook press=ask /> }
    });
    view! {
        <tr class:is-reversed=!reversible && !is_reversal>
            <td><time datetime=entry.redeemed_at.to_rfc3339()>{ago(as_of - entry.redeemed_at)}</time>{is_reversal.then(texts::reversed)}</td>
            <td class="latest-customer">{entry.customer_id}</td>
            <td>{figure(entry.order_amount, &currency)}</td>
            <td><b>{figure(entry.discount_given, &currency)}</b></td>
            <td class="latest-action">{action}</td>
        </tr>
    }
}
