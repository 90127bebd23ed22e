use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use offercast_contract::{ChangePasswordRequest, EndedSessions};

use super::Section;
use crate::api;
use crate::components::{Notices, PasswordField};
use crate::i18n::{access, account as texts};
use crate::sign_in::SignedIn;
use crate::submission::Submission;

#[component]
pub fn ChangePassword() -> impl IntoView {
    let signed_in = SignedIn::expect();
    let has_password = signed_in.account().with_untracked(|account| account.has_password);
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (submission, notices) = (Submission::new(), Notices::expect());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = ChangePasswordRequest {
            current_password: has_password.then(|| current.get_untracked()),
            new_password: Some(new.get_untracked()),
        };
        let done = move |_: EndedSessions| {
            current.set(String::new());
            new.set(String::new());
            signed_in.update(|account| account.has_password = true);
            notices.show(texts::password_changed());
        };
        submission.send(async move { api::change_password(&request).await }, done);
    };
    let title = if has_password { texts::change_password() } else { texts::set_password() };
    view! {
        <Section title hook="change-password">
            <form class="stack stack-start" novalidate on:submit=submit>
                {has_password.then(|| view! {
                    <PasswordField
                        name="current_password"
                        label=texts::current_password()
                        autocomplete="current-password"
                        problem=current_password_problem(submission)
                        value=current
                    />
                })}
                <PasswordField
                    name="new_password"
                    label=access::new_password()
                    hint=access::password_hint()
                    autocomplete="new-password"
                    problem=submission.problem("new_password", access::new_password())
                    value=new
                />
                <p class="field-error" role="alert" data-testid="password-failure">{submission.message()}</p>
                <button type="submit" class="button" data-testid="save-password" disabled=submission.busy>{title}</button>
            </form>
        </Section>
    }
}

/// The problem of the current password, which the API always names `password`.
pub fn current_password_problem(submission: Submission) -> Signal<Option<String>> {
    submission.problem("password", access::password())
}
