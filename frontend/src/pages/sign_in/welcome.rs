use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use offercast_contract::{Link, LinkPurpose, SetPasswordRequest};

use super::frame::OpenPage;
use super::state::use_return;
use super::token;
use crate::api::{self, ApiError};
use crate::browser::{focus, focus_when_shown, use_title};
use crate::components::{ErrorState, Field, PasswordField};
use crate::format::role_name;
use crate::i18n::{access, sign_in as texts};
use crate::submission::Submission;

/// Accepts an invitation or resets a password, by the token in the fragment of the address.
#[component]
pub fn WelcomePage() -> impl IntoView {
    use_title(|| texts::welcome().to_owned());
    let token = StoredValue::new(token::read("token").unwrap_or_default());
    let link = api::fetch(move || async move { api::show_link(&token.get_value()).await });
    move || {
        match link.get() {
        None => view! { <OpenPage title=texts::loading()><div role="status" class="skeleton skeleton-title"></div></OpenPage> }.into_any(),
        Some(Ok(link)) => view! { <ChoosePassword link token=token.get_value() /> }.into_any(),
        Some(Err(error)) if error.is("link_invalid") => view! { <InvalidLink /> }.into_any(),
        Some(Err(error)) => view! { <ErrorState error retry=move |()| link.refetch() /> }.into_any(),
    }
    }
}

#[component]
fn InvalidLink() -> impl IntoView {
    view! {
        <OpenPage title=texts::link_invalid()>
            <div class="stack" role="alert" data-testid="link-invalid">
                <p>{texts::ask_for_new_link()}</p>
                <a class="button" href="/login">{texts::to_sign_in()}</a>
            </div>
        </OpenPage>
    }
}

#[component]
fn ChoosePassword(link: Link, token: String) -> impl IntoView {
    let (title, lead) = match link.purpose {
        LinkPurpose::Invitation => (texts::welcome(), texts::welcome_name(&link.name, role_name(link.role))),
        LinkPurpose::PasswordReset => (texts::reset_password(), texts::reset_for(&link.name)),
    };
    let (password, submission, signed_in) = (RwSignal::new(String::new()), Submission::new(), use_return());
    focus_when_shown("field-password");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request =
            SetPasswordRequest { token: Some(token.clone()), password: Some(password.get_untracked()) };
        submission.send(async move { api::set_password(&request).await }, move |_| _ = signed_in.try_run(()));
    };
    Effect::new(move |_| {
        if submission.failure().is_some() {
            focus("field-password");
        }
    });
    view! {
        <OpenPage title>
            <form class="stack" novalidate on:submit=submit>
                <p data-testid="link-lead">{lead}</p>
                <Email email=link.email />
                <PasswordField
                    name="password"
                    label=access::new_password()
                    hint=access::password_hint()
                    autocomplete="new-password"
                    problem=submission.problem("password", access::password())
                    value=password
                />
                <p class="field-error" role="alert" data-testid="password-failure">{failure(submission)}</p>
                <button type="submit" class="button button-primary" data-testid="set-password" disabled=submission.busy>
                    {texts::set_password()}
                </button>
            </form>
        </OpenPage>
    }
}

fn failure(submission: Submission) -> Signal<Option<String>> {
    let message = submission.message();
    let is_used = move || submission.failure().is_some_and(|error: ApiError| error.is("link_invalid"));
    Signal::derive(move || if is_used() { Some(texts::ask_for_new_link().to_owned()) } else { message.get() })
}

/// Read-only: it lets password managers save the password under the right name.
#[component]
fn Email(email: String) -> impl IntoView {
    view! {
        <Field name="email" label=access::email() problem=None>
            <input id="field-email" data-testid="field-email" type="email" autocomplete="username" readonly value=email />
        </Field>
    }
}
