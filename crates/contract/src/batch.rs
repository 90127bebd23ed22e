use serde::{Deserialize, Deserializer, Serialize};

use crate::scalar::Scalar;
use crate::{CustomerId, ErrorBody, Money, Redeemed};

/// An offer by its id or its code.
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

/// One redemption of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchRow {
    /// The offer: its id or its code.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, value_type = String))]
    pub offer: Option<OfferReference>,
    /// The customer who redeems.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub customer_id: Option<CustomerId>,
    /// Amount of the order before the discount, in the offer's currency. More than 0.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub order_amount: Option<Money>,
    /// The shop's own reference of the order, 1 to 64 characters that can be seen. An order can redeem an offer once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::order_id))]
    pub order_id: Option<String>,
    /// The same as the header Idempotency-Key, for this row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$"))]
    pub idempotency_key: Option<String>,
}

/// Body of `POST /api/redemptions/batch`, for its description: what is wrong with a row is said of that row, so the
/// server reads each by itself.
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

/// What became of a row: the answer that it would have got if it had been sent alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchResult {
    /// The status of that answer, such as 201 or 409.
    pub http_status: u16,
    /// True if the row was redeemed.
    pub status: bool,
    /// A short sentence for people.
    pub message: String,
    /// The redemption. Absent if the row was not redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub data: Option<Redeemed>,
    /// The error. Absent if the row was redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub error: Option<ErrorBody>,
}
