//! The pages for signing in. Anybody may open them.

mod frame;
mod second_factor;
mod state;
mod token;
mod welcome;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::browser::{focus_when_shown, use_title};
use crate::components::{PasswordField, TextField};
use crate::i18n::{access, sign_in as texts};
use frame::OpenPage;
use second_factor::SecondFactor;
use state::{SignIn, Step};
pub use welcome::WelcomePage;

/// Signs in with e-mail and password, or by the link in the fragment of the address.
#[component]
pub fn SignInPage() -> impl IntoView {
    use_title(|| texts::sign_in().to_owned());
    let state = SignIn::new();
    if let Some(token) = token::take("once") {
        state.by_link(token);
    }
    move || {
        match state.step.get() {
        Step::Link => view! { <OpenPage title=texts::signing_in()><div role="status" class="skeleton skeleton-title"></div></OpenPage> }.into_any(),
        Step::Password => view! { <Password state /> }.into_any(),
        Step::SecondFactor => view! { <SecondFactor state /> }.into_any(),
    }
    }
}

#[component]
fn Password(state: SignIn) -> impl IntoView {
    let is_known = !state.email.value.with_untracked(String::is_empty);
    focus_when_shown(if is_known { "field-password" } else { "field-email" });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.submit();
    };
    view! {
        <OpenPage title=texts::sign_in_to_offercast()>
            <form class="stack" novalidate on:submit=submit>
                <TextField
                    name="email"
                    label=access::email()
                    kind="email"
                    autocomplete="username"
                    problem=state.email.problem
                    value=state.email.value
                />
                <PasswordField
                    name="password"
                    label=access::password()
                    autocomplete="current-password"
                    problem=state.password.problem
                    value=state.password.value
                />
                <p class="field-error" role="alert" data-testid="sign-in-failure">{state.message}</p>
                <button type="submit" class="button button-primary" data-testid="sign-in" disabled=state.busy>
                    {texts::sign_in()}
                </button>
                <p class="hint">{texts::forgot_password()}</p>
            </form>
        </OpenPage>
    }
}
