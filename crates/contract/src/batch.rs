use serde::{Deserialize, Deserializer, Serialize};

use crate::scalar::Scalar;
use crate::{CustomerId, ErrorBody, Money, Redeemed};

/// An offer, identified by its id or its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferReference(pub String);

impl<'de> Deserialize<'de> for OfferReference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Scalar::read(deserializer, EXPECTED)?.name();
        name.map(OfferReference).ok_or_else(|| serde::de::Error::custom(EXPECTED))
    }
}

const EXPECTED: &str = "must be an id (an integer) or a code (a string)";

/// One redemption in a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchRow {
    /// The offer: its id or its code.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, value_type = String))]
    pub offer: Option<OfferReference>,
    /// The customer who placed the order.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub customer_id: Option<CustomerId>,
    /// Order amount before the discount, in the offer's currency. Greater than 0.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub order_amount: Option<Money>,
    /// The shop's reference for the order, 1 to 64 visible characters. An order can redeem an offer only once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text_patterns::order_id))]
    pub order_id: Option<String>,
    /// Idempotency key of this row. It works like the Idempotency-Key header of a single redemption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$"))]
    pub idempotency_key: Option<String>,
}

/// Body of `POST /api/redemptions/batch`. Used only in the OpenAPI document: the server parses each row on its own, so
/// that an invalid row fails alone.
#[cfg(feature = "openapi")]
pub struct Batch;

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::schema::{ArrayBuilder, Schema};
    use utoipa::openapi::{Ref, RefOr};
    use utoipa::{PartialSchema, ToSchema};

    use super::{Batch, BatchRow};

    impl PartialSchema for Batch {
        fn schema() -> RefOr<Schema> {
            let rows = ArrayBuilder::new().items(Ref::from_schema_name("BatchRow"));
            rows.min_items(Some(1))
                .max_items(Some(1_000))
                .description(Some("The rows of a batch, 1 to 1,000."))
                .into()
        }
    }

    impl ToSchema for Batch {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            schemas.push((BatchRow::name().into(), BatchRow::schema()));
            BatchRow::schemas(schemas);
        }
    }
}

/// The result of one row: the response that the same order would have received as a single request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchResult {
    /// HTTP status of that response, such as 201 or 409.
    pub http_status: u16,
    /// True if the order was redeemed.
    pub status: bool,
    /// A short message for people. The text may change.
    pub message: String,
    /// The redemption. Absent if the order was not redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub data: Option<Redeemed>,
    /// The error. Absent if the order was redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub error: Option<ErrorBody>,
}
