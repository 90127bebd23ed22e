use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{World, offer, send_request};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// `offercast openapi > docs/openapi.json` updates the committed document.
#[test]
fn the_committed_document_is_up_to_date() {
    let committed = fs::read_to_string(root().join("docs/openapi.json")).unwrap();
    let generated = offercast_api::openapi_document().to_pretty_json().unwrap();
    assert!(
        committed.trim_end() == generated,
        "docs/openapi.json is stale: run `cargo run -p offercast -- openapi > docs/openapi.json`"
    );
}

/// Finds handlers that are not registered or not documented. Handlers are found in the sources, so a new one needs no
/// change here.
#[test]
fn documented_operations_and_handlers_are_the_same() {
    let handlers: BTreeSet<String> = handlers(&root().join("crates/api/src/routes"));
    assert!(handlers.len() > 20, "only {handlers:?} were found");
    let differ: Vec<_> = documented().symmetric_difference(&handlers).cloned().collect();
    assert!(differ.is_empty(), "without a handler, or not documented: {differ:?}");
}

/// Methods and paths in the attributes of the handlers.
fn handlers(folder: &Path) -> BTreeSet<String> {
    let sources = sources(folder);
    sources.iter().flat_map(|path| handlers_of(&fs::read_to_string(path).unwrap())).collect()
}

fn handlers_of(source: &str) -> Vec<String> {
    source
        .lines()
        .filter_map(|line| {
            let (method, rest) = line.strip_prefix("#[")?.split_once("(\"")?;
            rest.starts_with('/').then(|| format!("{method} {}", rest.trim_end_matches("\")]")))
        })
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// Methods and paths in the document.
fn documented() -> BTreeSet<String> {
    let document = serde_json::to_value(offercast_api::openapi_document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| of_path(path, item)).collect()
}

fn of_path(path: &str, item: &Value) -> Vec<String> {
    item.as_object().unwrap().keys().map(|method| format!("{method} {path}")).collect()
}

#[test]
fn handlers_are_found_in_sources() {
    let source =
        "#[derive(Debug)]\n#[post(\"/api/offers/{offer}\")]\npub async fn x() {}\n    #[get(\"/y\")]";
    assert_eq!(handlers_of(source), ["post /api/offers/{offer}"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_operation_exists() {
    let world = World::new().await;
    world.client.create(&offer("DESCRIBED", &json!({}))).await;
    for call in documented() {
        let (method, path) = call.split_once(' ').unwrap();
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let path = path.replace("{offer}", "DESCRIBED").replace("{id}", "1");
        let response = world.client.request(method, &path).send().await.unwrap();
        let status = response.status().as_u16();
        assert_ne!(status, 405, "{call}");
        // The body is read only for 404, because a stream does not end.
        if status == 404 {
            let body: Value = response.json().await.unwrap();
            assert_ne!(body["error"]["code"], "not_found", "{call}");
        }
    }
    let unknown = send_request(world.client.request(Method::GET, "/api/unknown")).await;
    assert_eq!(unknown.code(), "not_found");
}
