use leptos::prelude::*;
use offercast_contract::AuditEntry;

use crate::audit_words::{actor_in_words, in_words};
use crate::browser::in_local_zone;
use crate::format::moment;
use crate::i18n::audit as texts;
use crate::pages::offers::dashboard_path;

#[component]
pub fn Entries(entries: Vec<AuditEntry>) -> impl IntoView {
    let rows = entries.into_iter().map(|entry| view! { <Row entry /> });
    view! {
        <div class="card">
            <table class="records" data-testid="audit">
                <thead>
                    <tr>
                        <th scope="col">{texts::what()}</th>
                        <th scope="col">{texts::who()}</th>
                        <th scope="col">{texts::when()}</th>
                        <th scope="col">{texts::from_where()}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(entry: AuditEntry) -> impl IntoView {
    let (words, actor) = (in_words(&entry), actor_in_words(&entry));
    let subject = subject(&entry);
    let address = if entry.address.is_empty() { "–".to_owned() } else { entry.address.clone() };
    view! {
        <tr data-testid=format!("entry-{}", entry.id)>
            <th scope="row"><b>{words}</b>{subject}</th>
            <td data-label=texts::who()><span title=entry.actor>{actor}</span></td>
            <td class="records-nowrap" data-label=texts::when()>
                <time datetime=entry.at.to_rfc3339()>{moment(in_local_zone(entry.at))}</time>
            </td>
            <td data-label=texts::from_where()><span title=entry.request_id>{address}</span></td>
        </tr>
    }
}

/// What was changed. Offers are links, unless they are deleted.
fn subject(entry: &AuditEntry) -> Option<AnyView> {
    let name = Some(entry.subject_name.clone()).filter(|name| !name.is_empty())?;
    let is_there = entry.subject.starts_with("offer:") && entry.action != "offer.deleted";
    Some(if is_there {
        view! { <small><a href=dashboard_path(&name)>{name.clone()}</a></small> }.into_any()
    } else {
        view! { <small>{name}</small> }.into_any()
    })
}
