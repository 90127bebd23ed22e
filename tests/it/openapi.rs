use std::path::Path;

/// The committed document is the one that the code gives: `offercast openapi > docs/openapi.json` renews it.
#[test]
fn the_committed_document_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap();
    let generated = offercast_api::openapi_document().to_pretty_json().unwrap();
    assert!(
        committed.trim_end() == generated,
        "docs/openapi.json is not what the code gives: run `cargo run -p offercast -- openapi > docs/openapi.json`"
    );
}

/// Nothing of the contract has been forgotten.
#[test]
fn every_call_of_the_contract_is_described() {
    let document = serde_json::to_value(offercast_api::openapi_document()).unwrap();
    for (path, methods) in [
        ("/api/offers", &["get", "post"][..]),
        ("/api/offers/{offer}", &["get", "patch", "put", "delete"]),
        ("/api/offers/{offer}/redeem", &["post"]),
        ("/api/offers/{offer}/quote", &["post"]),
        ("/api/offers/{offer}/reserve", &["post"]),
        ("/api/reservations/{id}/confirm", &["post"]),
        ("/api/reservations/{id}/release", &["post"]),
        ("/api/redemptions/{id}/reverse", &["post"]),
        ("/api/redemptions/batch", &["post"]),
        ("/api/offers/{offer}/codes", &["get", "post"]),
        ("/api/redeem", &["post"]),
        ("/api/offers/{offer}/redemptions", &["get"]),
        ("/api/offers/{offer}/dashboard", &["get"]),
        ("/api/offers/{offer}/forecast", &["get", "post"]),
        ("/api/offers/{offer}/forecast/what-if", &["post"]),
        ("/healthz", &["get"]),
        ("/readyz", &["get"]),
        ("/metrics", &["get"]),
    ] {
        for method in methods {
            let operation = &document["paths"][path][method];
            assert!(operation["summary"].is_string(), "{method} {path} has no description");
        }
    }
}
