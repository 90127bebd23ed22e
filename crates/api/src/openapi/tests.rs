#![expect(clippy::disallowed_types, reason = "the tests inspect the document as JSON")]

use std::collections::BTreeSet;

use offercast_contract::{
    ApiKeyInput, BatchRow, ChangePasswordRequest, CodesRequest, ConfirmSecondFactorRequest, Failure,
    InviteRequest, LinkRequest, OfferInput, OfferPatch, PasswordRequest, RedeemByCodeRequest, RedeemRequest,
    ReserveRequest, ReverseRequest, RotateRequest, SetPasswordRequest, SignInLinkRequest, SignInRequest,
    UserPatch, WhatIfInput,
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

/// Asserts that a part of the document has a description, without rustdoc links.
fn assert_described(place: &str, value: &Value) {
    let description = text(&value["description"]);
    assert!(description.len() > 3, "{place} has no description");
    assert!(!description.contains("[`"), "{place} has a rustdoc link in its description: {description}");
}

#[test]
fn operation_ids_are_unique_and_snake_case() {
    let document = json();
    let mut ids = BTreeSet::new();
    for (call, operation) in operations(&document) {
        let id = text(&operation["operationId"]);
        assert!(id.contains('_') && id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{call}: {id}");
        assert!(ids.insert(id.to_owned()), "{call}: another operation has the id {id}");
    }
}

#[test]
fn operations_parameters_bodies_and_responses_are_described() {
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

/// Asserts that a field is described. A nullable field has its description in its first variant, and the `data` of a
/// response has it in the schema that it refers to.
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
fn every_body_and_successful_response_has_an_example() {
    let document = json();
    for (call, operation) in operations(&document) {
        if let Some(body) = operation.get("requestBody") {
            assert!(
                !body["content"]["application/json"]["example"].is_null(),
                "{call}: no example of the body"
            );
        }
        let successes = fields(&operation["responses"]).iter().filter(|(status, _)| status.starts_with('2'));
        for (status, response) in successes {
            for (media_type, content) in fields(&response["content"]) {
                assert!(!content["example"].is_null(), "{call}: no example of {status} as {media_type}");
            }
        }
    }
}

#[test]
fn every_error_code_of_a_call_has_an_example() {
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

/// Parses the example of every request body and serializes it again, which must give the same JSON.
#[test]
fn examples_of_requests_survive_a_round_trip() {
    let document = json();
    for (call, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else { continue };
        let content = &body["content"]["application/json"];
        let schema = text(&content["schema"]["$ref"]).rsplit('/').next().unwrap_or_default();
        let example = &content["example"];
        assert_eq!(&round_trip(schema, example), example, "{call}");
    }
}

fn round_trip(schema: &str, example: &Value) -> Value {
    match schema {
        "Batch" => list(example).iter().map(parsed_and_serialized::<BatchRow>).collect(),
        "ApiKeyInput" => parsed_and_serialized::<ApiKeyInput>(example),
        "ChangePasswordRequest" => parsed_and_serialized::<ChangePasswordRequest>(example),
        "ConfirmSecondFactorRequest" => parsed_and_serialized::<ConfirmSecondFactorRequest>(example),
        "InviteRequest" => parsed_and_serialized::<InviteRequest>(example),
        "LinkRequest" => parsed_and_serialized::<LinkRequest>(example),
        "PasswordRequest" => parsed_and_serialized::<PasswordRequest>(example),
        "RotateRequest" => parsed_and_serialized::<RotateRequest>(example),
        "SetPasswordRequest" => parsed_and_serialized::<SetPasswordRequest>(example),
        "SignInLinkRequest" => parsed_and_serialized::<SignInLinkRequest>(example),
        "SignInRequest" => parsed_and_serialized::<SignInRequest>(example),
        "UserPatch" => parsed_and_serialized::<UserPatch>(example),
        "CodesRequest" => parsed_and_serialized::<CodesRequest>(example),
        "OfferInput" => parsed_and_serialized::<OfferInput>(example),
        "OfferPatch" => parsed_and_serialized::<OfferPatch>(example),
        "RedeemByCodeRequest" => parsed_and_serialized::<RedeemByCodeRequest>(example),
        "RedeemRequest" => parsed_and_serialized::<RedeemRequest>(example),
        "ReserveRequest" => parsed_and_serialized::<ReserveRequest>(example),
        "ReverseRequest" => parsed_and_serialized::<ReverseRequest>(example),
        "WhatIfInput" => parsed_and_serialized::<WhatIfInput>(example),
        other => unreachable!("the body {other} is new: add it here"),
    }
}

fn parsed_and_serialized<T: DeserializeOwned + Serialize>(example: &Value) -> Value {
    let body = serde_json::to_vec(example).unwrap();
    serde_json::to_value(parse::<T>(&body).unwrap()).unwrap()
}
