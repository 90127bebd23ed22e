use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;

use super::{Button, Dialog, Variant};
use crate::api::ApiError;
use crate::i18n::common as texts;
use crate::submission::Submission;

type Running = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// A question before an action, and the action.
#[derive(Clone)]
pub struct Confirmation {
    title: String,
    text: String,
    /// The text of the button that confirms.
    label: &'static str,
    variant: Variant,
    action: Arc<dyn Fn() -> Running + Send + Sync>,
}

impl Confirmation {
    pub fn new<F>(
        title: impl Into<String>,
        text: impl Into<String>,
        label: &'static str,
        action: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        let action = move || -> Running { Box::pin(action()) };
        let (title, text) = (title.into(), text.into());
        Confirmation { title, text, label, variant: Variant::Danger, action: Arc::new(action) }
    }

    /// The action takes nothing away.
    pub fn harmless(self) -> Self {
        Confirmation { variant: Variant::Primary, ..self }
    }
}

/// Asks before the action in `target` is done. Open while there is one.
#[component]
pub fn ConfirmationDialog(target: RwSignal<Option<Confirmation>>) -> impl IntoView {
    view! {
        <Dialog
            open=Signal::derive(move || target.with(Option::is_some))
            closed=move |()| target.set(None)
            titled_by="confirmation-title"
        >
            {move || target.get().map(|question| view! { <Question question target /> })}
        </Dialog>
    }
}

#[component]
fn Question(question: Confirmation, target: RwSignal<Option<Confirmation>>) -> impl IntoView {
    let Confirmation { title, text, label, variant, action } = question;
    let submission = Submission::new();
    let confirm = move |()| submission.send(action(), move |()| target.set(None));
    view! {
        <h2 id="confirmation-title">{title}</h2>
        <p>{text}</p>
        <p class="field-error" role="alert" data-testid="confirmation-failure">{submission.message()}</p>
        <div class="dialog-actions">
            <Button hook="cancel" press=move |()| target.set(None)>{texts::cancel()}</Button>
            <Button variant hook="confirm" disabled=submission.busy press=confirm>{label}</Button>
        </div>
    }
}
