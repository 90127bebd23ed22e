use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Money;
use crate::scalar::Scalar;

/// A customer of the shop: an integer or a string of 1 to 64 characters. `1001` and `"1001"` are the
/// same customer; it leaves as a string.
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
                        .pattern(Some(crate::text::REFERENCE)),
                )
                .description(Some("A customer of the shop. `1001` and `\"1001\"` are the same customer."))
                .into()
        }
    }

    impl utoipa::ToSchema for CustomerId {}
}

/// An order that redeems an offer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
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
}

/// What redeeming would answer right now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Whether the redemption would be accepted.
    pub redeemable: bool,
    /// The discount that would be given. 0 if the redemption would be refused.
    pub discount: Money,
    /// The discount that the terms of the offer give for this amount.
    pub discount_asked: Money,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
    /// The code of every reason against the redemption. Redeeming would answer with the first.
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
    /// What remains of the budget after this redemption. Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Redemptions of the offer, including this one.
    pub total_redemptions: i64,
    /// The discount, never more than `order_amount`.
    pub discount_given: Money,
    /// The discount that the terms give for this amount. More than `discount_given` if the budget had less left.
    pub discount_asked: Money,
    /// The day of the redemption in the offer's time zone, by the clock of the server.
    pub redemption_date: NaiveDate,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
}

/// Why a redemption is reversed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReverseRequest {
    /// The reason, for the ledger: 1 to 200 characters that can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::reason))]
    pub reason: Option<String>,
}

/// A reversal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reversed {
    /// The id of the reversal in the ledger.
    pub reversal_id: i64,
    /// The id of the redemption that was reversed.
    pub redemption_id: i64,
    /// The id of the offer.
    pub offer_id: i64,
    /// What remains of the budget after this reversal. Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Redemptions of the offer that have not been reversed.
    pub total_redemptions: i64,
}

/// An entry of the ledger of an offer: a redemption or a reversal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerEntry {
    /// The id of the entry.
    pub redemption_id: i64,
    /// For a reversal, the id of the redemption that it reverses; its `discount_given` is negative, and its
    /// `redemption_date` is that of the redemption. Null for a redemption.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reverses: Option<i64>,
    /// Why the redemption was reversed. Null if no reason was given, and for a redemption.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reason: Option<String>,
    /// The customer.
    pub customer_id: String,
    /// The shop's own reference of the order. Null if none was sent.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub order_id: Option<String>,
    /// Amount of the order before the discount.
    pub order_amount: Money,
    /// The discount.
    pub discount_given: Money,
    /// When the entry was recorded.
    pub redeemed_at: DateTime<Utc>,
    /// The day of the redemption in the offer's time zone.
    pub redemption_date: NaiveDate,
}
