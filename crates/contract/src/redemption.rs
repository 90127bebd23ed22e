use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Money;
use crate::scalar::Scalar;

/// A customer of the shop: an integer or a string of 1 to 64 characters. `1001` and `"1001"` are the same customer.
/// Responses have a string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerId(pub String);

impl<'de> Deserialize<'de> for CustomerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = Scalar::read(deserializer, EXPECTED)?.name();
        id.map(CustomerId).ok_or_else(|| serde::de::Error::custom(EXPECTED))
    }
}

const EXPECTED: &str = "must be an integer of at most 64 bits or a string";

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, Type};

    use super::CustomerId;

    impl utoipa::PartialSchema for CustomerId {
        fn schema() -> RefOr<Schema> {
            OneOfBuilder::new()
                .item(
                    ObjectBuilder::new()
                        .schema_type(Type::Integer)
                        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
                        .minimum(Some(i64::MIN))
                        .maximum(Some(i64::MAX)),
                )
                .item(
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .min_length(Some(1))
                        .max_length(Some(64))
                        .pattern(Some(crate::text_patterns::REFERENCE)),
                )
                .description(Some("A customer of the shop. `1001` and `\"1001\"` are the same customer."))
                .into()
        }
    }

    impl utoipa::ToSchema for CustomerId {}
}

/// An order to redeem an offer for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
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
}

/// The result that redeeming would have right now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Whether the redemption would be accepted.
    pub redeemable: bool,
    /// The discount that would be given. 0 if the redemption would be declined.
    pub discount: Money,
    /// The discount according to the offer's terms.
    pub discount_asked: Money,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
    /// The error codes of all reasons to decline the redemption. Redeeming would fail with the first one.
    pub reasons: Vec<String>,
}

/// An accepted redemption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redeemed {
    /// The id of the redemption.
    pub redemption_id: i64,
    /// The id of the offer.
    pub offer_id: i64,
    /// The budget that remains after this redemption. Null if the offer has no budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Number of redemptions of the offer, including this one, without reversed ones.
    pub total_redemptions: i64,
    /// The discount. Never greater than `order_amount`.
    pub discount_given: Money,
    /// The discount according to the offer's terms. Greater than `discount_given` if the remaining budget was smaller.
    pub discount_asked: Money,
    /// The day of the redemption in the offer's time zone, from the server's clock.
    pub redemption_date: NaiveDate,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
}

/// Options of a reversal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReverseRequest {
    /// The reason, recorded in the ledger: 1 to 200 visible characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text_patterns::reason))]
    pub reason: Option<String>,
}

/// A reversal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reversed {
    /// The id of the reversal in the ledger.
    pub reversal_id: i64,
    /// The id of the reversed redemption.
    pub redemption_id: i64,
    /// The id of the offer.
    pub offer_id: i64,
    /// The budget that remains after this reversal. Null if the offer has no budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Number of redemptions of the offer, without reversed ones.
    pub total_redemptions: i64,
}

/// An entry in the ledger of an offer: a redemption or a reversal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerEntry {
    /// The id of the entry.
    pub redemption_id: i64,
    /// The id of the redemption that this entry reverses. Null for a redemption. A reversal has a negative
    /// `discount_given` and the `redemption_date` of the reversed redemption.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reverses: Option<i64>,
    /// The reason of a reversal. Null for a redemption, and if no reason was given.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reason: Option<String>,
    /// The customer.
    pub customer_id: String,
    /// The shop's reference for the order. Null if none was sent.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub order_id: Option<String>,
    /// Order amount before the discount.
    pub order_amount: Money,
    /// The discount. Negative for a reversal.
    pub discount_given: Money,
    /// When the entry was recorded.
    pub redeemed_at: DateTime<Utc>,
    /// The day of the redemption in the offer's time zone.
    pub redemption_date: NaiveDate,
}
