use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use offercast_contract::{Account, SignInRequest};

use crate::api::{self, ApiError};
use crate::browser::focus;
use crate::i18n::{access, sentence, sign_in as texts};
use crate::sign_in::{RETURN, address_after_sign_in};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// A link signs in, without any input.
    Link,
    Password,
    SecondFactor,
}

/// What was entered, and what the API responded.
#[derive(Clone, Copy)]
pub struct SignIn {
    pub step: RwSignal<Step>,
    pub email: Input,
    pub password: Input,
    pub code: Input,
    pub busy: RwSignal<bool>,
    pub message: RwSignal<Option<String>>,
    signed_in: Callback<()>,
}

#[derive(Clone, Copy)]
pub struct Input {
    pub value: RwSignal<String>,
    pub problem: RwSignal<Option<String>>,
}

impl Input {
    fn new() -> Self {
        Input { value: RwSignal::new(String::new()), problem: RwSignal::new(None) }
    }

    fn text(self) -> String {
        self.value.with_untracked(|value| value.trim().to_owned())
    }

    /// Shows a problem if nothing was entered. Returns whether something was.
    fn require(self, label: &str) -> bool {
        let missing = self.text().is_empty();
        self.problem.set(missing.then(|| sentence(label, access::is_required())));
        !missing
    }
}

impl SignIn {
    pub fn new() -> Self {
        SignIn {
            step: RwSignal::new(Step::Password),
            email: Input::new(),
            password: Input::new(),
            code: Input::new(),
            busy: RwSignal::new(false),
            message: RwSignal::new(None),
            signed_in: use_return(),
        }
    }

    pub fn by_link(self, token: String) {
        self.step.set(Step::Link);
        self.send(api::sign_in_by_link(token));
    }

    /// Sends what was entered, unless something is missing.
    pub fn submit(self) {
        let with_code = self.step.get_untracked() == Step::SecondFactor;
        let has_email = self.email.require(access::email());
        let has_password = self.password.require(access::password());
        match (has_email, has_password) {
            (false, _) => return focus("field-email"),
            (true, false) => return focus("field-password"),
            (true, true) if with_code && !self.code.require(texts::code()) => return focus("field-code"),
            (true, true) => {}
        }
        let request = SignInRequest {
            email: Some(self.email.text()),
            password: Some(self.password.value.get_untracked()),
            second_factor: with_code.then(|| self.code.text()),
        };
        self.send(async move { api::sign_in(&request).await });
    }

    /// Back to e-mail and password.
    pub fn back(self) {
        self.code.value.set(String::new());
        self.message.set(None);
        self.step.set(Step::Password);
    }

    fn send(self, request: impl Future<Output = Result<Account, ApiError>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        // An unchanged message would not be announced again.
        self.message.set(None);
        spawn_local(async move {
            match request.await {
                Ok(_) => _ = self.signed_in.try_run(()),
                Err(error) => self.fail(&error),
            }
            self.busy.set(false);
        });
    }

    fn fail(self, error: &ApiError) {
        let before = self.step.get_untracked();
        let (step, message) = after_failure(before, error);
        self.message.set(message);
        if step != before {
            self.step.set(step);
        }
        focus(if step == Step::SecondFactor { "field-code" } else { "field-password" });
    }
}

/// The step after a failed attempt, and the message.
fn after_failure(step: Step, error: &ApiError) -> (Step, Option<String>) {
    let known = [
        ("second_factor_required", Step::SecondFactor, None),
        ("second_factor_failed", Step::SecondFactor, Some(texts::wrong_code())),
        ("sign_in_failed", Step::Password, Some(texts::wrong_password())),
        ("link_invalid", Step::Password, Some(texts::link_used())),
    ];
    if let Some((_, step, message)) = known.into_iter().find(|(code, ..)| error.is(code)) {
        return (step, message.map(str::to_owned));
    }
    let step = if step == Step::Link { Step::Password } else { step };
    let limited = error.is("rate_limited").then(|| texts::too_many_attempts().to_owned());
    (step, Some(limited.unwrap_or_else(|| error.message())))
}

/// Returns a callback that opens the page that asked to sign in.
pub fn use_return() -> Callback<()> {
    let (query, navigate) = (use_query_map(), use_navigate());
    Callback::new(move |()| {
        let address = address_after_sign_in(query.read_untracked().get(RETURN));
        // The sign-in page must not stay in the history.
        navigate(&address, NavigateOptions { replace: true, ..Default::default() });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorResponse;

    fn rejected(code: &str) -> ApiError {
        ApiError::Rejected(ErrorResponse {
            status: 401,
            code: code.to_owned(),
            message: "Rejected".to_owned(),
            fields: Vec::new(),
            request_id: "r1".to_owned(),
        })
    }

    #[test]
    fn the_code_is_asked_for_after_the_password() {
        assert_eq!(
            after_failure(Step::Password, &rejected("second_factor_required")),
            (Step::SecondFactor, None)
        );
        let (step, message) = after_failure(Step::SecondFactor, &rejected("second_factor_failed"));
        assert!(step == Step::SecondFactor && message.is_some_and(|message| message.contains("code")));
        // The password may have been changed meanwhile.
        assert_eq!(after_failure(Step::SecondFactor, &rejected("sign_in_failed")).0, Step::Password);
    }

    #[test]
    fn every_other_failure_has_a_message_and_keeps_the_step() {
        for error in [rejected("rate_limited"), rejected("busy"), ApiError::Network] {
            let (step, message) = after_failure(Step::SecondFactor, &error);
            assert!(step == Step::SecondFactor && message.is_some());
            assert_eq!(after_failure(Step::Link, &error).0, Step::Password);
        }
    }
}
