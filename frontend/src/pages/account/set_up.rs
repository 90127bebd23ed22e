//! The steps that set up two-step verification: password, QR code, recovery codes.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use offercast_contract::{RecoveryCodes, SecondFactorSecret};

use super::password::current_password_problem;
use super::qr_code::QrCode;
use crate::api;
use crate::browser::{download, focus_when_shown};
use crate::components::{
    Button, CopyButton, CopyText, FormActions, Notices, PasswordField, Symbol, TextField, Variant,
};
use crate::i18n::{access, account as texts, common};
use crate::sign_in::SignedIn;
use crate::submission::Submission;

#[derive(Clone)]
enum Step {
    Password,
    Scan(SecondFactorSecret),
    Save(RecoveryCodes),
}

#[component]
pub fn SetUp(close: Callback<()>) -> impl IntoView {
    let step = RwSignal::new(Step::Password);
    move || match step.get() {
        Step::Password => view! { <EnterPassword step close /> }.into_any(),
        Step::Scan(secret) => view! { <Scan secret step close /> }.into_any(),
        Step::Save(codes) => view! { <Save codes close /> }.into_any(),
    }
}

#[component]
fn EnterPassword(step: RwSignal<Step>, close: Callback<()>) -> impl IntoView {
    let (password, submission) = (RwSignal::new(String::new()), Submission::new());
    focus_when_shown("field-password");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = api::start_second_factor(password.get_untracked());
        submission.send(request, move |secret| step.set(Step::Scan(secret)));
    };
    view! {
        <h2 id="two-step-title">{texts::two_step()}</h2>
        <form class="stack" novalidate on:submit=submit>
            <p>{texts::password_first()}</p>
            <PasswordField name="password" label=access::password() autocomplete="current-password" problem=current_password_problem(submission) value=password />
            <FormActions submission label=texts::next() hook="continue" cancel=close />
        </form>
    }
}

#[component]
fn Scan(secret: SecondFactorSecret, step: RwSignal<Step>, close: Callback<()>) -> impl IntoView {
    let (code, submission) = (RwSignal::new(String::new()), Submission::new());
    let signed_in = SignedIn::expect();
    focus_when_shown("field-code");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let digits = code.with_untracked(|code| code.split_whitespace().collect());
        submission.send(api::confirm_second_factor(digits), move |codes: RecoveryCodes| {
            let left = i64::try_from(codes.recovery_codes.len()).unwrap_or_default();
            signed_in.update(|account| {
                account.has_second_factor = true;
                account.recovery_codes_left = left;
            });
            step.set(Step::Save(codes));
        });
    };
    view! {
        <h2 id="two-step-title">{texts::two_step()}</h2>
        <form class="stack" novalidate on:submit=submit>
            <p>{texts::scan()}</p>
            <QrCode text=secret.uri />
            <p class="hint">{texts::or_type()}</p>
            <div class="secret"><CopyText text=secret.secret hook="two-step-secret" /></div>
            <TextField name="code" label=texts::code() autocomplete="one-time-code" problem=submission.problem("code", texts::code()) value=code />
            <FormActions submission label=texts::turn_on() hook="turn-on" cancel=close />
        </form>
    }
}

/// The recovery codes. They are shown only here.
#[component]
fn Save(codes: RecoveryCodes, close: Callback<()>) -> impl IntoView {
    let notices = Notices::expect();
    let text = codes.recovery_codes.join("\n") + "\n";
    let saved = text.clone();
    let save = move |()| {
        if download("offercast-recovery-codes.txt", "text/plain;charset=utf-8", &saved).is_err() {
            notices.show(common::file_not_saved());
        }
    };
    let finish = move |()| {
        notices.show(texts::turned_on());
        close.run(());
    };
    let items = codes.recovery_codes.into_iter().map(|code| view! { <li><code>{code}</code></li> });
    view! {
        <h2 id="two-step-title">{texts::save_codes()}</h2>
        <div class="stack">
            <p>{texts::what_codes_are()}</p>
            <ul class="recovery-codes" data-testid="recovery-codes">{items.collect_view()}</ul>
            <div class="buttons">
                <CopyButton text hook="copy-codes" />
                <Button symbol=Symbol::Download hook="download-codes" press=save>{texts::download()}</Button>
            </div>
        </div>
        <div class="dialog-actions">
            <Button variant=Variant::Primary hook="codes-saved" press=finish>{texts::saved_them()}</Button>
        </div>
    }
}
