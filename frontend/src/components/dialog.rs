use leptos::prelude::*;

/// A question over the page. The browser keeps the focus inside and closes it on Escape.
#[component]
pub fn Dialog(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] closed: Callback<()>,
    /// The id of the heading inside.
    titled_by: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    // A dialog is opened by a call, not by an attribute.
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() {
            // Fails for a dialog that is open already.
            _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" aria-labelledby=titled_by node_ref=dialog on:close=move |_| closed.run(())>
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}
