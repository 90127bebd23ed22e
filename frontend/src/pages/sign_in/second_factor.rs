use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::frame::OpenPage;
use super::state::SignIn;
use crate::browser::focus_when_shown;
use crate::components::{Button, TextField};
use crate::i18n::sign_in as texts;

/// Asks for the code of the authenticator app, after the password.
#[component]
pub fn SecondFactor(state: SignIn) -> impl IntoView {
    focus_when_shown("field-code");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.submit();
    };
    view! {
        <OpenPage title=texts::two_step_verification()>
            <form class="stack" novalidate on:submit=submit>
                <p>{texts::enter_code()}</p>
                <TextField name="code" label=texts::code() autocomplete="one-time-code" problem=state.code.problem value=state.code.value />
                <p class="field-error" role="alert" data-testid="sign-in-failure">{state.message}</p>
                <button type="submit" class="button button-primary" data-testid="verify" disabled=state.busy>
                    {texts::verify()}
                </button>
                <Button hook="back" press=move |()| state.back()>{texts::back()}</Button>
            </form>
        </OpenPage>
    }
}
