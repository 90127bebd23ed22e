use leptos::prelude::document;

fn main() {
    leptos::mount::mount_to_body(offercast_frontend::App);
    if let Some(starting) = document().get_element_by_id("starting") {
        starting.remove();
    }
}
