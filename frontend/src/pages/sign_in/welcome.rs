use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use offercast_contract::{Link, LinkPurpose, SetPasswordRequest};

use super::frame::OpenPage;
use super::state::use_return;
use super::token;
use crate::api::{self, ApiError};
use crate::browser::{focus, focus_when_shown, use_title};
use crate::components::{ErrorState, Field, PasswordField, TextField};
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
    let (code, needs_code) = (RwSignal::new(String::new()), RwSignal::new(false));
    focus_when_shown("field-password");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = SetPasswordRequest {
            token: Some(token.clone()),
            password: Some(password.get_untracked()),
            second_factor: needs_code.get_untracked().then(|| code.get_untracked()),
        };
        submission.send(async move { api::set_password(&request).await }, move |_| _ = signed_in.try_run(()));
    };
    Effect::new(move |_| {
        let Some(error) = submission.failure() else { return };
        if is_about_code(&error) {
            needs_code.set(true);
            focus_when_shown("field-code");
        } else {
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
                {move || needs_code.get().then(|| view! { <Code value=code /> })}
                <p class="field-error" role="alert" data-testid="password-failure">{failure(submission)}</p>
                <button type="submit" class="button button-primary" data-testid="set-password" disabled=submission.busy>
                    {texts::set_password()}
                </button>
            </form>
        </OpenPage>
    }
}

/// Whether the person uses two-step verification, and the code is missing or wrong.
fn is_about_code(error: &ApiError) -> bool {
    error.is("second_factor_required") || error.is("second_factor_failed")
}

fn failure(submission: Submission) -> Signal<Option<String>> {
    let message = submission.message();
    Signal::derive(move || {
        let own = submission.failure().and_then(|error| own_text(&error));
        own.map(str::to_owned).or_else(|| message.get())
    })
}

fn own_text(error: &ApiError) -> Option<&'static str> {
    let texts = [
        ("link_invalid", texts::ask_for_new_link()),
        ("second_factor_required", texts::enter_code()),
        ("second_factor_failed", texts::wrong_code()),
    ];
    texts.into_iter().find(|(code, _)| error.is(code)).map(|(_, text)| text)
}

/// The code of the authenticator app.
#[component]
fn Code(value: RwSignal<String>) -> impl IntoView {
    let problem = RwSignal::new(None);
    view! { <TextField name="code" label=texts::code() autocomplete="one-time-code" problem value /> }
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
