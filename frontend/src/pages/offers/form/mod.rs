mod conflict;
mod convert;
mod field;
mod inputs;
mod preview;
mod sections;
mod state;
mod unsaved_changes;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use offercast_contract::{Offer, OfferInput, OfferState};

use super::dashboard_path;
use crate::api::{self, ApiError};
use crate::browser::{browser_time_zone, today_in, use_title};
use crate::components::{ErrorState, Notices, OfferNotFound, Skeleton};
use crate::i18n::{common, form as texts};
use conflict::Conflict;
pub use convert::draft_of;
use convert::{blank, copy_of};
use preview::Preview;
use sections::Sections;
use state::FormState;

#[component]
pub fn NewOfferPage() -> impl IntoView {
    use_title(|| texts::new_offer().to_owned());
    let query = use_query_map();
    let from = Memo::new(move |_| query.read().get("from"));
    let template = api::fetch(move || {
        let from = from.get();
        async move {
            match from {
                Some(code) => api::offer(&code).await.map(Some),
                None => Ok(None),
            }
        }
    });
    move || match template.get() {
        None => view! { <FormSkeleton /> }.into_any(),
        // If the template cannot be loaded, the form starts empty.
        Some(template) => view! { <NewOfferForm template=template.ok().flatten() /> }.into_any(),
    }
}

/// A new offer, as a copy of `template` if there is one.
#[component]
fn NewOfferForm(template: Option<Offer>) -> impl IntoView {
    let zone = template.as_ref().map_or_else(browser_time_zone, |offer| offer.timezone.clone());
    let today = today_in(&zone);
    let draft = template.map_or_else(|| blank(today, zone), |offer| copy_of(&offer, today));
    let form = FormState::new(draft, None);
    view! {
        <PageFrame title=texts::new_offer()>
            <OfferForm form stored=None back="/admin/offers".to_owned() />
        </PageFrame>
    }
}

#[component]
pub fn EditOfferPage() -> impl IntoView {
    use_title(|| texts::edit_offer().to_owned());
    let params = use_params_map();
    let reference = Memo::new(move |_| params.read().get("offer").unwrap_or_default());
    let offer = api::fetch(move || {
        let reference = reference.get();
        async move { api::offer(&reference).await }
    });
    let retry = Callback::new(move |()| offer.refetch());
    move || match offer.get() {
        None => view! { <FormSkeleton /> }.into_any(),
        Some(offer) => view! { <Editor offer reference=reference.get_untracked() retry /> }.into_any(),
    }
}

#[component]
fn Editor(offer: Result<Offer, ApiError>, reference: String, retry: Callback<()>) -> impl IntoView {
    match offer {
        Err(error) if error.is_not_found() => view! { <OfferNotFound offer=reference /> }.into_any(),
        Err(error) => view! { <ErrorState error retry /> }.into_any(),
        Ok(offer) => {
            let form = FormState::new(draft_of(&offer), Some(offer.version));
            view! {
                <PageFrame title=texts::edit_offer()>
                    <OfferForm form back=dashboard_path(&offer.code) stored=Some(offer) />
                </PageFrame>
            }
            .into_any()
        }
    }
}

#[component]
fn PageFrame(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="page-head"><h1>{title}</h1></div>
        {children()}
    }
}

#[component]
fn FormSkeleton() -> impl IntoView {
    view! {
        <div class="narrow">
            <Skeleton label=texts::loading()>
                <div class="skeleton skeleton-title"></div>
                <div class="skeleton skeleton-form card"></div>
            </Skeleton>
        </div>
    }
}

#[component]
fn OfferForm(form: FormState, stored: Option<Offer>, back: String) -> impl IntoView {
    let navigate = use_navigate();
    let notices = Notices::expect();
    let id = stored.as_ref().map(|offer| offer.id);
    unsaved_changes::confirm_leaving(form);
    let saved = Callback::new(move |offer: Offer| {
        form.saved();
        notices.show(saved_text(&offer, id.is_none()));
        navigate(&dashboard_path(&offer.code), Default::default());
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save(form, id, saved);
    };
    let label = if form.is_new() { texts::create() } else { texts::save() };
    let saving = form.saving;
    view! {
        <div class="with-preview">
        <form class="card form" novalidate aria-busy=move || saving.get().to_string() on:submit=submit>
            <SaveError form id />
            <Sections form />
            <div class="form-actions">
                <a href=back class="button">{common::cancel()}</a>
                <button type="submit" class="button button-primary" data-testid="submit" disabled=saving>
                    {move || if saving.get() { texts::saving() } else { label }}
                </button>
            </div>
        </form>
        <Preview form stored />
        </div>
    }
}

/// The notice after saving.
fn saved_text(offer: &Offer, is_new: bool) -> String {
    match (is_new, offer.state) {
        (true, OfferState::Active) => texts::name_is_live(&offer.name),
        (true, _) => texts::name_created(&offer.name),
        (false, _) => texts::name_saved(&offer.name),
    }
}

/// Saves the offer. Ignores submissions while a request is running.
fn save(form: FormState, id: Option<i64>, saved: Callback<Offer>) {
    if form.saving.get_untracked() {
        return;
    }
    let Some(input) = form.submission() else {
        return;
    };
    form.saving.set(true);
    spawn_local(async move {
        match store(id, &input).await {
            Ok(offer) => saved.run(offer),
            Err(error) => form.show_error(error),
        }
    });
}

async fn store(id: Option<i64>, input: &OfferInput) -> Result<Offer, ApiError> {
    match id {
        Some(id) => api::replace_offer(&id.to_string(), input).await,
        None => api::create_offer(input).await,
    }
}

/// Why saving failed, at the top of the form.
#[component]
fn SaveError(form: FormState, id: Option<i64>) -> impl IntoView {
    let error = move || {
        form.failure.get().map(|error| match id {
            Some(id) if error.is("stale_offer") => view! { <Conflict form id /> }.into_any(),
            _ => view! { <p>{error.message()}</p> }.into_any(),
        })
    };
    view! {
        <div class="form-error" role="alert" data-testid="form-error" hidden=move || form.failure.with(Option::is_none)>
            {error}
        </div>
    }
}
