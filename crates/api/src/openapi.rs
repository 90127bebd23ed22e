use std::collections::BTreeMap;

use actix_web::App;
use offercast_contract::Failure;
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, OpenApi as _};
use utoipa_actix_web::AppExt;

use crate::routes;

/// The document of the API, generated from its handlers and types.
pub fn document() -> OpenApi {
    App::new().into_utoipa_app().openapi(base()).configure(routes::configure).split_for_parts().1
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Offercast",
        description = "Promotional offers: define them, redeem them without ever passing a limit, and see where they \
                       are heading.\n\nEvery answer is in one envelope: `status`, `message`, and `data` or `error`. \
                       Names are snake_case, times RFC 3339, dates `YYYY-MM-DD`. Money leaves as JSON numbers with \
                       their exact decimal digits and is accepted as numbers or decimal strings. `{offer}` is an id \
                       or a code.",
        license(name = "MIT OR Apache-2.0"),
    ),
    components(schemas(Failure)),
    tags(
        (name = "offers", description = "What staff define"),
        (name = "redemptions", description = "What shops call"),
        (name = "codes", description = "Codes that redeem an offer once"),
        (name = "reservations", description = "What shops call while a payment is under way"),
        (name = "analytics", description = "What the dashboard shows"),
        (name = "operations", description = "What devops need"),
    ),
)]
struct Base;

pub fn base() -> OpenApi {
    Base::openapi()
}

/// How a call that only reads a list may fail.
pub struct ListFailures;
/// How a call that reads an offer may fail.
pub struct ReadFailures;
/// How a call without a body that changes an offer may fail.
pub struct ActFailures;
/// How a call with a body may fail.
pub struct WriteFailures;
/// How a call may fail that names a code.
pub struct CodeFailures;
/// How a call may fail that names a redemption.
pub struct RedemptionFailures;
/// How a call may fail that names a reservation.
pub struct ReservationFailures;
/// How a call with a body may fail that names no offer.
pub struct CreateFailures;

const NOT_FOUND: (&str, &str) = ("404", "`offer_not_found`");
const INVALID: (&str, &str) = ("422", "`invalid_request`; `fields` says which and why");
const BODY: [(&str, &str); 3] =
    [("400", "`malformed_json`"), ("413", "`payload_too_large`"), ("415", "`unsupported_media_type`")];
const OURS: [(&str, &str); 2] = [
    ("500", "`internal`; nothing was changed. `outcome_unknown`; the change stands as a whole or not at all"),
    ("503", "`busy`; nothing was changed, a retry may work"),
];

impl IntoResponses for ListFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[INVALID], &OURS])
    }
}

impl IntoResponses for ReadFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[NOT_FOUND, INVALID], &OURS])
    }
}

impl IntoResponses for ActFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[NOT_FOUND], &OURS])
    }
}

impl IntoResponses for WriteFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[NOT_FOUND, INVALID], &BODY, &OURS])
    }
}

impl IntoResponses for CodeFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[("404", "`code_not_found`"), INVALID], &BODY, &OURS])
    }
}

impl IntoResponses for RedemptionFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[("404", "`redemption_not_found`"), INVALID], &BODY, &OURS])
    }
}

impl IntoResponses for ReservationFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[("404", "`reservation_not_found`"), INVALID], &OURS])
    }
}

impl IntoResponses for CreateFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[&[INVALID], &BODY, &OURS])
    }
}

fn failures(groups: &[&[(&str, &str)]]) -> BTreeMap<String, RefOr<Response>> {
    let response = |description: &str| {
        let content = Content::builder().schema(Some(Ref::from_schema_name("Failure"))).build();
        ResponseBuilder::new().description(description).content("application/json", content).build()
    };
    groups
        .iter()
        .flat_map(|group| group.iter())
        .map(|(status, description)| ((*status).to_owned(), response(description).into()))
        .collect()
}
