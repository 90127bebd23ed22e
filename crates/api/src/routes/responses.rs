//! How calls may fail, one type for each set of failures.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use crate::routes::problems::{
    Problem, already_reversed, any, body, change, code_already_used, code_not_found, invalid, key_reused,
    not_ready, offer_not_found, order_already_redeemed, other_host, redemption_not_found, refusals, request,
    reservation_not_found, reservation_over, reserve_refusals, stale_offer,
};

macro_rules! failures {
    ($($(#[$doc:meta])* $name:ident: $($group:ident),+;)+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                describe([$($group()),+].into_iter().flatten())
            }
        }
    )+};
}

failures! {
    /// Of a call that does not ask the database.
    PlainFailures: request;
    /// Of the call that says whether the server is ready.
    ReadyFailures: request, not_ready;
    /// Of the call that gives the metrics.
    MetricsFailures: request, other_host;
    /// Of a call that reads by parameters.
    QueryFailures: invalid, any;
    /// Of a call that reads an offer.
    ReadFailures: offer_not_found, any;
    /// Of a call that reads an offer by parameters.
    ReadQueryFailures: offer_not_found, invalid, any;
    /// Of a call that makes something that belongs to no offer.
    CreateFailures: body, invalid, key_reused, change;
    /// Of a call that edits an offer.
    EditFailures: body, offer_not_found, stale_offer, invalid, change;
    /// Of a call that removes an offer.
    RemoveFailures: offer_not_found, change;
    /// Of a call about an offer with a body.
    WriteFailures: body, offer_not_found, invalid, key_reused, change;
    /// Of a call about an offer without a body.
    ActFailures: offer_not_found, invalid, key_reused, change;
    /// Of a redemption of an offer.
    RedeemFailures: body, offer_not_found, refusals, order_already_redeemed, invalid, key_reused, change;
    /// Of a reservation of an offer.
    ReserveFailures: body, offer_not_found, reserve_refusals, order_already_redeemed, invalid, key_reused, change;
    /// Of a redemption by a code.
    CodeFailures: body, code_not_found, refusals, order_already_redeemed, code_already_used, invalid, key_reused, change;
    /// Of a batch as a whole.
    BatchFailures: body, invalid, change;
    /// Of a reversal.
    ReverseFailures: body, redemption_not_found, already_reversed, invalid, key_reused, change;
    /// Of confirming a reservation.
    ConfirmFailures: reservation_not_found, reservation_over, order_already_redeemed, invalid, key_reused, change;
    /// Of releasing a reservation.
    ReleaseFailures: reservation_not_found, reservation_over, invalid, key_reused, change;
}

/// One response for each status, with an example for each code.
fn describe(problems: impl Iterator<Item = Problem>) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<Problem>> = BTreeMap::new();
    for problem in problems {
        by_status.entry(problem.error.status.as_u16()).or_default().push(problem);
    }
    by_status.into_iter().map(|(status, problems)| (status.to_string(), response(&problems).into())).collect()
}

fn response(problems: &[Problem]) -> Response {
    let lines: Vec<String> =
        problems.iter().map(|Problem { error, when }| format!("- `{}`: {when}", error.code)).collect();
    let response = ResponseBuilder::new().description(lines.join("\n"));
    let response = response.content("application/json", content(problems));
    if problems.iter().any(Problem::says_when_to_retry) {
        return response.header("Retry-After", retry_after()).build();
    }
    response.build()
}

fn content(problems: &[Problem]) -> Content {
    let example = |problem: &Problem| {
        let value = serde_json::to_value(problem.body()).expect("failures are plain data");
        (problem.error.code, ExampleBuilder::new().summary(problem.when.as_str()).value(Some(value)))
    };
    let schema = Some(Ref::from_schema_name("Failure"));
    Content::builder().schema(schema).examples_from_iter(problems.iter().map(example)).build()
}

fn retry_after() -> Header {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    let header = HeaderBuilder::new().schema(Some(seconds)).example(Some(1.into()));
    header.description(Some("Seconds after which a retry may work.")).build()
}
