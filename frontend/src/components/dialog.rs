use leptos::prelude::*;

/// A modal dialog. The browser traps the focus and closes it on Escape.
#[component]
pub fn Dialog(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] closed: Callback<()>,
    /// The id of the dialog's heading.
    titled_by: &'static str,
    #[prop(default = "dialog")] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    // Only `showModal()` opens a dialog modally, an attribute cannot.
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() {
            // Fails if the dialog is already open.
            _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    view! {
        <dialog class=class aria-labelledby=titled_by node_ref=dialog on:close=move |_| closed.run(())>
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}
