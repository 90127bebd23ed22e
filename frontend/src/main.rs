use leptos::prelude::document;

fn main() {
    offercast_frontend::apply_saved_language();
    leptos::mount::mount_to_body(offercast_frontend::App);
    if let Some(starting) = document().get_element_by_id("starting") {
        starting.remove();
    }
}
