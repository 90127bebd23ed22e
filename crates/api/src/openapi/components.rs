//! Moves schemas, headers and examples that several calls share into the components of the document.

use std::collections::BTreeMap;

use actix_web::http::Method;
use utoipa::openapi::example::Example;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ArrayItems, Components};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{OpenApi, PathItem, Ref, RefOr, Response, Schema};

use crate::access::{Need, find_route};

/// The header of a replayed response.
const REPLAYED: &str = "Idempotency-Replayed";
/// The header of every response.
const REQUEST_ID: &str = "X-Request-Id";

pub fn add_shared(document: OpenApi) -> OpenApi {
    let mut document = document;
    let mut components = document.components.take().unwrap_or_default();
    refer_to_schemas(&mut components);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.security = find_route(&method, path).map(|route| security(route.need));
            describe_responses(operation, &mut components.examples);
        }
    }
    components.headers.extend(headers());
    components.security_schemes.extend(security_schemes());
    document.components = Some(components);
    document
}

/// Replaces the inline schema of `data` in each envelope by a reference to the named schema, so that generated clients
/// have one type for it.
fn refer_to_schemas(components: &mut Components) {
    let named: Vec<(String, RefOr<Schema>)> = components.schemas.clone().into_iter().collect();
    let name_of = |schema: &RefOr<Schema>| {
        named.iter().find(|(_, known)| known == schema).map(|(name, _)| Ref::from_schema_name(name))
    };
    for schema in components.schemas.values_mut() {
        let Some(data) = data_of(schema) else { continue };
        if let Some(reference) = name_of(data) {
            *data = reference.into();
        }
    }
}

/// Returns the schema of `data`, or of its items if it is a list, in the schema of an envelope.
fn data_of(schema: &mut RefOr<Schema>) -> Option<&mut RefOr<Schema>> {
    let RefOr::T(Schema::Object(envelope)) = schema else { return None };
    let data = envelope.properties.get_mut("data")?;
    if !matches!(data, RefOr::T(Schema::Array(_))) {
        return Some(data);
    }
    match data {
        RefOr::T(Schema::Array(list)) => match &mut list.items {
            ArrayItems::RefOrSchema(item) => Some(item),
            ArrayItems::False => None,
        },
        _ => None,
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

const API_KEY: &str = "api_key";
const SESSION: &str = "session";

/// What a call needs: a key with the scope, or the session of a person whose role has it.
fn security(need: Need) -> Vec<SecurityRequirement> {
    let session = || SecurityRequirement::new(SESSION, std::iter::empty::<String>());
    match need {
        Need::Nothing | Need::OurPages => Vec::new(),
        Need::Person => vec![session()],
        Need::Credentials => {
            vec![SecurityRequirement::new(API_KEY, std::iter::empty::<String>()), session()]
        }
        Need::Scope(scope) => vec![SecurityRequirement::new(API_KEY, [scope.as_str()]), session()],
    }
}

fn security_schemes() -> [(String, RefOr<SecurityScheme>); 2] {
    let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    let key = key.description(Some("An API key: `Authorization: Bearer ofc_...`."));
    let cookie = "The session of a signed-in person. Over TLS, the name begins with `__Host-`. A request that may change \
                  something also needs the header `X-Offercast-Request`.";
    let cookie = ApiKeyValue::with_description("offercast-session", cookie);
    [
        (API_KEY.to_owned(), SecurityScheme::Http(key.build()).into()),
        (SESSION.to_owned(), SecurityScheme::ApiKey(ApiKey::Cookie(cookie)).into()),
    ]
}

fn describe_responses(operation: &mut Operation, examples: &mut BTreeMap<String, RefOr<Example>>) {
    let is_idempotent = has_idempotency_key(operation);
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        add_header(response, REQUEST_ID);
        if is_idempotent && is_stored(status) {
            add_header(response, REPLAYED);
        }
        share_examples(response, examples);
    }
}

fn has_idempotency_key(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name == "Idempotency-Key",
        RefOr::Ref(_) => false,
    })
}

/// Whether responses with this status are stored and replayed.
fn is_stored(status: &str) -> bool {
    status.starts_with('2') || status == "409"
}

fn add_header(response: &mut Response, name: &str) {
    let reference = Ref::new(format!("#/components/headers/{name}"));
    response.headers.insert(name.to_owned(), RefOr::Ref(reference));
}

/// Moves the named examples of a response to the components. Examples of failures are named by their error code.
fn share_examples(response: &mut Response, shared: &mut BTreeMap<String, RefOr<Example>>) {
    for content in response.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        for (name, example) in &mut content.examples {
            let reference = Ref::new(format!("#/components/examples/{name}"));
            shared.insert(name.clone(), std::mem::replace(example, RefOr::Ref(reference)));
        }
    }
}

fn headers() -> [(String, RefOr<Header>); 2] {
    let header = |name: &str, text: &str, example: &str| {
        let header = HeaderBuilder::new().description(Some(text)).example(Some(example.into())).build();
        (name.to_owned(), header.into())
    };
    [
        header(REQUEST_ID, "Id of the request in the server's log.", "0198c5a2-7d4e-7b61-9d0f-3a5e8c21b7f4"),
        header(
            REPLAYED,
            "`true` if this is the stored response of an earlier request with the same Idempotency-Key or order.",
            "true",
        ),
    ]
}
