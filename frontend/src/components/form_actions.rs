use leptos::prelude::*;

use super::{Button, Variant};
use crate::i18n::common as texts;
use crate::submission::Submission;

/// The end of a form in a dialog: why it failed, and the buttons.
#[component]
pub fn FormActions(
    submission: Submission,
    /// The text of the button that submits.
    label: &'static str,
    #[prop(default = Variant::Primary)] variant: Variant,
    #[prop(default = "submit")] hook: &'static str,
    #[prop(into)] cancel: Callback<()>,
) -> impl IntoView {
    view! {
        <p class="field-error" role="alert" data-testid="form-failure">{submission.message()}</p>
        <div class="dialog-actions">
            <Button hook="cancel" press=cancel>{texts::cancel()}</Button>
            <button type="submit" class=variant.class() data-testid=hook disabled=submission.busy>{label}</button>
        </div>
    }
}
