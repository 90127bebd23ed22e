use leptos::prelude::document;

fn main() {
    offercast_frontend::speak_as_chosen();
    leptos::mount::mount_to_body(offercast_frontend::App);
    if let Some(starting) = document().get_element_by_id("starting") {
        starting.remove();
    }
}
