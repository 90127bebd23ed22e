fn main() {
    leptos::mount::mount_to_body(offercast_frontend::App);
}
