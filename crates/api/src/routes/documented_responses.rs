//! The failure responses of calls for the OpenAPI document: one type for each set of failures.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use crate::routes::failure_cases::{
    FailureCase, access, already_reversed, any, body, change, code_already_used, code_not_found,
    foreign_page, invalid, key_ended, key_not_found, key_reused, last_owner, link_invalid, not_ready,
    offer_not_found, open, order_already_redeemed, other_host, redemption_not_found, refusals, request,
    reservation_not_found, reservation_over, reserve_refusals, second_factor, second_factor_exists,
    second_factor_failed, session_not_found, sign_in, stale_offer, unknown_outcome, user_not_found,
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
    /// Failures of a call that does not use the database.
    PlainFailures: request;
    /// Failures of the readiness check.
    ReadyFailures: request, not_ready;
    /// Failures of the metrics call.
    MetricsFailures: request, other_host, access;
    /// Failures of a call that reads with query parameters.
    QueryFailures: invalid, any;
    /// Failures of a call that reads an offer.
    ReadFailures: offer_not_found, any;
    /// Failures of a call that reads an offer with query parameters.
    ReadQueryFailures: offer_not_found, invalid, any;
    /// Failures of creating an offer.
    CreateFailures: body, invalid, key_reused, change;
    /// Failures of editing an offer.
    EditFailures: body, offer_not_found, stale_offer, invalid, change;
    /// Failures of deleting an offer.
    RemoveFailures: offer_not_found, change;
    /// Failures of a POST about an offer with a body.
    WriteFailures: body, offer_not_found, invalid, key_reused, change;
    /// Failures of a POST about an offer without a body.
    ActFailures: offer_not_found, invalid, key_reused, change;
    /// Failures of redeeming an offer.
    RedeemFailures: body, offer_not_found, refusals, order_already_redeemed, invalid, key_reused, change;
    /// Failures of reserving a discount.
    ReserveFailures: body, offer_not_found, reserve_refusals, order_already_redeemed, invalid, key_reused, change;
    /// Failures of redeeming by a code.
    CodeFailures: body, code_not_found, refusals, order_already_redeemed, code_already_used, invalid, key_reused, change;
    /// Failures of a batch as a whole.
    BatchFailures: body, invalid, change;
    /// Failures of a reversal.
    ReverseFailures: body, redemption_not_found, already_reversed, invalid, key_reused, change;
    /// Failures of confirming a reservation.
    ConfirmFailures: reservation_not_found, reservation_over, order_already_redeemed, invalid, key_reused, change;
    /// Failures of releasing a reservation.
    ReleaseFailures: reservation_not_found, reservation_over, invalid, key_reused, change;
    /// Failures of signing in by password.
    SignInFailures: body, invalid, sign_in, open, foreign_page, unknown_outcome;
    /// Failures of a call with the token of a link.
    LinkFailures: body, invalid, link_invalid, open, foreign_page, unknown_outcome;
    /// Failures of choosing a password by a link.
    SetPasswordFailures: body, invalid, link_invalid, second_factor, open, foreign_page, unknown_outcome;
    /// Failures of a call for a person.
    PersonFailures: change;
    /// Failures of a call about the own account.
    AccountFailures: body, invalid, change;
    /// Failures of setting up two-step verification.
    SecondFactorFailures: body, invalid, second_factor_exists, change;
    /// Failures of confirming two-step verification.
    ConfirmFactorFailures: body, invalid, second_factor_failed, change;
    /// Failures of a call about an own session.
    SessionFailures: session_not_found, change;
    /// Failures of a call that reads what only administrators may read.
    AdminFailures: any;
    /// Failures of a call of administrators with a body.
    AdminBodyFailures: body, invalid, change;
    /// Failures of editing a person.
    EditUserFailures: body, user_not_found, last_owner, invalid, change;
    /// Failures of removing a person.
    RemoveUserFailures: user_not_found, last_owner, change;
    /// Failures of another call about a person.
    UserFailures: user_not_found, change;
    /// Failures of rotating a key.
    RotateFailures: body, key_not_found, key_ended, invalid, change;
    /// Failures of revoking a key.
    KeyFailures: key_not_found, change;
    /// Failures of reading the audit log.
    AuditFailures: offer_not_found, invalid, any;
}

/// One response for each status, with an example for each error code.
fn describe(cases: impl Iterator<Item = FailureCase>) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<FailureCase>> = BTreeMap::new();
    for case in cases {
        by_status.entry(case.error.status.as_u16()).or_default().push(case);
    }
    by_status.into_iter().map(|(status, cases)| (status.to_string(), response(&cases).into())).collect()
}

fn response(cases: &[FailureCase]) -> Response {
    let lines: Vec<String> =
        cases.iter().map(|FailureCase { error, when }| format!("- `{}`: {when}", error.code)).collect();
    let response = ResponseBuilder::new().description(lines.join("\n"));
    let response = response.content("application/json", content(cases));
    if cases.iter().any(FailureCase::has_retry_after) {
        return response.header("Retry-After", retry_after()).build();
    }
    response.build()
}

fn content(cases: &[FailureCase]) -> Content {
    let example = |case: &FailureCase| {
        let value = serde_json::to_value(case.body()).expect("a failure can be serialized");
        (case.error.code, ExampleBuilder::new().summary(case.when.as_str()).value(Some(value)))
    };
    let schema = Some(Ref::from_schema_name("Failure"));
    Content::builder().schema(schema).examples_from_iter(cases.iter().map(example)).build()
}

fn retry_after() -> Header {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    let header = HeaderBuilder::new().schema(Some(seconds)).example(Some(1.into()));
    header.description(Some("Number of seconds to wait before a retry.")).build()
}
