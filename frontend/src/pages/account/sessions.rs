use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::Session;

use super::Section;
use super::device::device;
use crate::api;
use crate::browser::{in_local_zone, now};
use crate::components::{Badge, Button, ErrorState, ListSkeleton, Notices, Symbol};
use crate::format::{ago, moment};
use crate::i18n::{account as texts, common};

#[component]
pub fn Sessions() -> impl IntoView {
    let (sessions, notices) = (api::fetch(api::sessions), Notices::expect());
    let retry = Callback::new(move |()| sessions.refetch());
    let end = Callback::new(move |id: Option<i64>| {
        spawn_local(async move {
            let ended = match id {
                Some(id) => api::end_session(id).await,
                None => api::end_other_sessions().await,
            };
            match ended {
                Ok(ended) => notices.show(texts::ended(ended.ended)),
                Err(error) => notices.show(error.message()),
            }
            let _ = retry.try_run(());
        });
    });
    let list = move || match sessions.get() {
        None => view! { <ListSkeleton label=texts::loading_sessions() /> }.into_any(),
        Some(Err(error)) => view! { <ErrorState error retry /> }.into_any(),
        Some(Ok(sessions)) => view! { <List sessions end /> }.into_any(),
    };
    view! {
        <Section title=texts::sessions() hook="sessions">
            <p>{texts::sessions_hint()}</p>
            {list}
        </Section>
    }
}

#[component]
fn List(sessions: Vec<Session>, end: Callback<Option<i64>>) -> impl IntoView {
    let has_others = sessions.iter().any(|session| !session.is_current);
    let rows = sessions.into_iter().map(|session| view! { <Row session end /> }).collect_view();
    view! {
        <table class="records records-inset">
            <thead>
                <tr>
                    <th scope="col">{texts::browser()}</th>
                    <th scope="col">{texts::address()}</th>
                    <th scope="col">{texts::signed_in_at()}</th>
                    <th scope="col">{texts::last_active()}</th>
                    <th scope="col"><span class="visually-hidden">{common::actions()}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {has_others.then(|| view! {
            <div class="buttons">
                <Button symbol=Symbol::SignOut hook="end-others" press=move |()| end.run(None)>{texts::sign_out_elsewhere()}</Button>
            </div>
        })}
    }
}

#[component]
fn Row(session: Session, end: Callback<Option<i64>>) -> impl IntoView {
    let Session { id, is_current, user_agent, address, created_at, last_used_at, .. } = session;
    let name = device(&user_agent);
    let label = texts::sign_out_of(&name, &address);
    let action = if is_current {
        view! { <Badge tone="good" text=texts::this_browser() /> }.into_any()
    } else {
        view! {
            <button type="button" class="button" aria-label=label data-testid=format!("end-{id}") on:click=move |_| end.run(Some(id))>
                {common::sign_out()}
            </button>
        }
        .into_any()
    };
    view! {
        <tr data-testid=format!("session-{id}")>
            <th scope="row" class="records-first"><b title=user_agent>{name}</b></th>
            <td data-label=texts::address()>{address}</td>
            <td class="records-nowrap" data-label=texts::signed_in_at()>{moment(in_local_zone(created_at))}</td>
            <td class="records-nowrap" data-label=texts::last_active()>{ago(now() - last_used_at)}</td>
            <td class="records-action">{action}</td>
        </tr>
    }
}
