//! Holds what the API answers against its OpenAPI document.

use std::sync::OnceLock;

use reqwest::{Method, StatusCode};
use serde_json::Value;

/// An answer to a call of the document is one that the document describes: its status, and the code of a failure.
pub fn assert_described(method: &Method, path: &str, status: StatusCode, body: &Value) {
    let Some(operation) = operation(method, path) else { return };
    // A process that serves no API, or only a part of it, has no such call.
    if body["error"]["code"] == "not_found" {
        return;
    }
    let response = &operation["responses"][status.as_str()];
    assert!(response.is_object(), "{method} {path} answered {status}, which is not described: {body}");
    if let Some(code) = body["error"]["code"].as_str() {
        let examples = &response["content"]["application/json"]["examples"];
        assert!(
            examples[code].is_object(),
            "{method} {path} answered {status} {code}, which is not described"
        );
    }
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let paths = document()["paths"].as_object()?;
    let (_, item) = paths.iter().find(|(pattern, _)| fits(pattern, path))?;
    item.get(method.as_str().to_lowercase())
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let same = |(want, have): (&&str, &&str)| want == have || (want.starts_with('{') && !have.is_empty());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(same)
}

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(offercast_api::openapi_document()).unwrap())
}
