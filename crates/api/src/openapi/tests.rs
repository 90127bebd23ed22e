#![expect(clippy::disallowed_types, reason = "the document is looked at as JSON")]

use std::collections::BTreeSet;

use offercast_contract::{
    BatchRow, CodesRequest, Failure, OfferInput, OfferPatch, RedeemByCodeRequest, RedeemRequest,
    ReserveRequest, ReverseRequest, WhatIfInput,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::document;
use crate::extract::parse;

fn json() -> Value {
    serde_json::to_value(document()).unwrap()
}

/// Every operation, with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    fields(&document["paths"])
        .iter()
        .flat_map(|(path, item)| {
            fields(item).iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

fn fields(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What every reader needs: a sentence, not a fragment of an earlier one.
fn assert_described(place: &str, value: &Value) {
    let description = text(&value["description"]);
    assert!(description.len() > 3, "{place} has no description");
    assert!(!description.contains("[`"), "{place} is described with a link of rustdoc: {description}");
}

#[test]
fn operations_have_unique_and_speaking_ids() {
    let document = json();
    let mut ids = BTreeSet::new();
    for (call, operation) in operations(&document) {
        let id = text(&operation["operationId"]);
        assert!(id.contains('_') && id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{call}: {id}");
        assert!(ids.insert(id.to_owned()), "{call}: {id} is the id of another operation");
    }
}

#[test]
fn operations_and_their_parts_are_described() {
    let document = json();
    for (call, operation) in operations(&document) {
        assert!(text(&operation["summary"]).len() > 3, "{call} has no summary");
        assert_described(&call, operation);
        for parameter in list(&operation["parameters"]) {
            let place = format!("{call}: parameter {}", parameter["name"]);
            assert_described(&place, parameter);
            let is_cursor = parameter["name"] == "cursor";
            assert!(is_cursor || !parameter["example"].is_null(), "{place} has no example");
        }
        if let Some(body) = operation.get("requestBody") {
            assert_described(&format!("{call}: body"), body);
        }
        for (status, response) in fields(&operation["responses"]) {
            assert_described(&format!("{call}: {status}"), response);
        }
    }
}

#[test]
fn tags_are_described() {
    let document = json();
    let tags: BTreeSet<&str> = list(&document["tags"]).iter().map(|tag| text(&tag["name"])).collect();
    for tag in list(&document["tags"]) {
        assert_described(text(&tag["name"]), tag);
    }
    for (call, operation) in operations(&document) {
        let used = list(&operation["tags"]);
        assert!(used.len() == 1 && tags.contains(text(&used[0])), "{call}: {used:?}");
    }
}

#[test]
fn schemas_and_their_fields_are_described() {
    let document = json();
    for (name, schema) in fields(&document["components"]["schemas"]) {
        assert_described(name, schema);
        for part in std::iter::once(schema).chain(list(&schema["allOf"])) {
            for (field, property) in part["properties"].as_object().into_iter().flatten() {
                assert_field_described(&format!("{name}.{field}"), property);
            }
        }
    }
    for (name, header) in fields(&document["components"]["headers"]) {
        assert_described(name, header);
    }
}

/// A field that may be null has its description in the first of its variants. The `data` of an answer is described by the
/// schema that it refers to.
fn assert_field_described(place: &str, property: &Value) {
    if place.starts_with("Success_") && place.ends_with(".data") {
        let reference = [&property["$ref"], &property["items"]["$ref"]];
        assert!(reference.iter().any(|schema| schema.is_string()), "{place} is not a named schema");
        return;
    }
    let variants = list(&property["oneOf"]);
    assert_described(place, if variants.is_empty() { property } else { &variants[0] });
}

#[test]
fn every_call_has_an_example_of_its_request_and_of_its_answer() {
    let document = json();
    for (call, operation) in operations(&document) {
        if let Some(body) = operation.get("requestBody") {
            assert!(
                !body["content"]["application/json"]["example"].is_null(),
                "{call}: no example of the body"
            );
        }
        let answers = fields(&operation["responses"]).iter().filter(|(status, _)| status.starts_with('2'));
        for (status, response) in answers {
            for (media_type, content) in fields(&response["content"]) {
                assert!(!content["example"].is_null(), "{call}: no example of {status} as {media_type}");
            }
        }
    }
}

#[test]
fn every_failure_has_an_example_of_each_of_its_codes() {
    let document = json();
    for (call, operation) in operations(&document) {
        let failures = fields(&operation["responses"]).iter().filter(|(status, _)| status.as_str() >= "400");
        for (status, response) in failures {
            let examples = fields(&response["content"]["application/json"]["examples"]);
            let described = text(&response["description"]).lines().count();
            assert_eq!(examples.len(), described, "{call}: {status}");
            for code in examples.keys() {
                let example = &document["components"]["examples"][code];
                let failure: Failure = serde_json::from_value(example["value"].clone()).unwrap();
                assert_eq!(&failure.error.code, code, "{call}: {status}");
            }
        }
    }
}

/// A request of an example is one that the server reads, and reads to the value that was written.
#[test]
fn examples_of_requests_are_read_as_the_types_of_the_contract() {
    let document = json();
    for (call, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else { continue };
        let content = &body["content"]["application/json"];
        let schema = text(&content["schema"]["$ref"]).rsplit('/').next().unwrap_or_default();
        let example = &content["example"];
        assert_eq!(&read_again(schema, example), example, "{call}");
    }
}

fn read_again(schema: &str, example: &Value) -> Value {
    match schema {
        "Batch" => list(example).iter().map(written::<BatchRow>).collect(),
        "CodesRequest" => written::<CodesRequest>(example),
        "OfferInput" => written::<OfferInput>(example),
        "OfferPatch" => written::<OfferPatch>(example),
        "RedeemByCodeRequest" => written::<RedeemByCodeRequest>(example),
        "RedeemRequest" => written::<RedeemRequest>(example),
        "ReserveRequest" => written::<ReserveRequest>(example),
        "ReverseRequest" => written::<ReverseRequest>(example),
        "WhatIfInput" => written::<WhatIfInput>(example),
        other => unreachable!("{other} is a new body: add it here"),
    }
}

fn written<T: DeserializeOwned + Serialize>(example: &Value) -> Value {
    let body = serde_json::to_vec(example).unwrap();
    serde_json::to_value(parse::<T>(&body).unwrap()).unwrap()
}
