//! Compares responses of the API with its OpenAPI document.

use std::sync::OnceLock;

use reqwest::{Method, StatusCode};
use serde_json::Value;

/// Asserts that the document describes a response of a documented operation: its status and its error code.
pub fn assert_described(method: &Method, path: &str, status: StatusCode, body: &Value) {
    let Some(operation) = operation(method, path) else { return };
    // A process that serves only a part of the API does not have all operations.
    if body["error"]["code"] == "not_found" {
        return;
    }
    let response = &operation["responses"][status.as_str()];
    assert!(response.is_object(), "{method} {path} returned {status}, which is not documented: {body}");
    if let Some(code) = body["error"]["code"].as_str() {
        let examples = &response["content"]["application/json"]["examples"];
        assert!(
            examples[code].is_object(),
            "{method} {path} returned {status} {code}, which is not documented"
        );
    }
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let paths = document()["paths"].as_object()?;
    let (_, item) = paths.iter().find(|(pattern, _)| matches(pattern, path))?;
    item.get(method.as_str().to_lowercase())
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let same = |(expected, actual): (&&str, &&str)| {
        expected == actual || (expected.starts_with('{') && !actual.is_empty())
    };
    pattern.len() == path.len() && pattern.iter().zip(&path).all(same)
}

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(offercast_api::openapi_document()).unwrap())
}
