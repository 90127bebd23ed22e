use leptos::prelude::*;

use super::dialogs::{DialogBody, Dialogs};
use crate::components::Dialog;

/// Shows how many unique codes an offer has, generates more and offers them as a file.
#[component]
pub fn CodesDialog(open: RwSignal<bool>, offer: i64) -> impl IntoView {
    view! {
        <Dialog open closed=move |()| open.set(false) titled_by="codes-title">
            <DialogBody of=move |dialogs: Dialogs| (dialogs.codes)(open, offer) />
        </Dialog>
    }
}
