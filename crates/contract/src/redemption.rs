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

/// Body of `POST /api/offers/{offer}/redeem`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub customer_id: Option<CustomerId>,
    /// Amount of the order before the discount, in the offer's currency; more than 0.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub order_amount: Option<Money>,
    /// The shop's own reference of the order, 1 to 64 characters that can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::order_id))]
    pub order_id: Option<String>,
}

/// Answer of `POST /api/offers/{offer}/quote`: what redeeming would answer right now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    pub redeemable: bool,
    /// What redeeming would give; 0 where it would be refused.
    pub discount: Money,
    /// What the terms give an order of this amount.
    pub discount_asked: Money,
    pub currency: String,
    /// The code of everything that speaks against it; redeeming would be refused with the first.
    pub reasons: Vec<String>,
}

/// An accepted redemption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redeemed {
    pub redemption_id: i64,
    pub offer_id: i64,
    /// What the budget has left after this redemption; null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Redemptions of the offer, this one included.
    pub total_redemptions: i64,
    /// Worked out by the server; never more than `order_amount`.
    pub discount_given: Money,
    /// What the terms give such an order; more than `discount_given` where the budget had less left.
    pub discount_asked: Money,
    /// The day in the offer's zone, by the server's clock.
    pub redemption_date: NaiveDate,
    pub currency: String,
}

/// Body of `POST /api/redemptions/{id}/reverse`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReverseRequest {
    /// For the ledger, 1 to 200 characters that can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::reason))]
    pub reason: Option<String>,
}

/// A redemption that was taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reversed {
    pub reversal_id: i64,
    pub redemption_id: i64,
    pub offer_id: i64,
    /// What the budget has left after this reversal; null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Redemptions of the offer that stand.
    pub total_redemptions: i64,
}

/// One line of the ledger of an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerEntry {
    pub redemption_id: i64,
    /// Of a reversal, which is an entry of its own: the redemption that it takes back. Its `discount_given` is
    /// negative, and its `redemption_date` the day on which the redemption counts no more.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reverses: Option<i64>,
    /// Why it was taken back.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reason: Option<String>,
    pub customer_id: String,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub order_id: Option<String>,
    pub order_amount: Money,
    pub discount_given: Money,
    pub redeemed_at: DateTime<Utc>,
    /// The day in the offer's zone.
    pub redemption_date: NaiveDate,
}
