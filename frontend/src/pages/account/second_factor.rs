use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Section;
use super::password::current_password_problem;
use super::set_up::SetUp;
use crate::api;
use crate::components::{Badge, Button, Dialog, FormActions, Notices, PasswordField, Variant};
use crate::i18n::{access, account as texts};
use crate::sign_in::SignedIn;
use crate::submission::Submission;

/// The dialog that is open.
#[derive(Clone, Copy, PartialEq)]
enum OpenDialog {
    SetUp,
    SwitchOff,
}

/// Two-step verification: whether it is on, and the dialogs that change it.
#[component]
pub fn SecondFactor() -> impl IntoView {
    let account = SignedIn::expect().account();
    let is_on = Memo::new(move |_| account.read().has_second_factor);
    let left = move || {
        account.with(|account| texts::codes_left(&texts::recovery_codes(account.recovery_codes_left)))
    };
    let dialog = RwSignal::new(None::<OpenDialog>);
    let close = Callback::new(move |()| dialog.set(None));
    let body = move || {
        dialog.get().map(|dialog| match dialog {
            OpenDialog::SetUp => view! { <SetUp close /> }.into_any(),
            OpenDialog::SwitchOff => view! { <SwitchOff close /> }.into_any(),
        })
    };
    view! {
        <Section title=texts::two_step() hook="two-step">
            <p>{texts::why_two_step()}</p>
            <p data-testid="two-step-state">
                {move || {
                    let (tone, text) = if is_on.get() { ("good", texts::is_on()) } else { ("quiet", texts::is_off()) };
                    view! { <Badge tone text /> }
                }}
                <Show when=move || is_on.get()>" " {left}</Show>
            </p>
            <div class="buttons">
                {move || {
                    let (label, hook, opens) = if is_on.get() {
                        (texts::switch_off(), "turn-off-two-step", OpenDialog::SwitchOff)
                    } else {
                        (texts::set_up(), "set-up-two-step", OpenDialog::SetUp)
                    };
                    view! { <Button hook press=move |()| dialog.set(Some(opens))>{label}</Button> }
                }}
            </div>
            <Dialog open=Signal::derive(move || dialog.get().is_some()) closed=close titled_by="two-step-title">{body}</Dialog>
        </Section>
    }
}

#[component]
fn SwitchOff(close: Callback<()>) -> impl IntoView {
    let (signed_in, notices) = (SignedIn::expect(), Notices::expect());
    let (password, submission) = (RwSignal::new(String::new()), Submission::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        submission.send(api::switch_off_second_factor(password.get_untracked()), move |changed| {
            signed_in.update(|account| *account = changed);
            notices.show(texts::turned_off());
            let _ = close.try_run(());
        });
    };
    view! {
        <h2 id="two-step-title">{texts::turn_off_question()}</h2>
        <form class="stack" novalidate on:submit=submit>
            <p>{texts::turn_off_note()}</p>
            <PasswordField name="password" label=access::password() autocomplete="current-password" problem=current_password_problem(submission) value=password />
            <FormActions submission label=texts::turn_off() variant=Variant::Danger hook="turn-off" cancel=close />
        </form>
    }
}
