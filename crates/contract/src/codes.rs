use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{CustomerId, Money, scalar};

/// Body of `POST /api/offers/{offer}/codes`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodesRequest {
    /// How many.
    #[serde(default, deserialize_with = "scalar::optional_whole")]
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, minimum = 1, maximum = 10000000))]
    pub count: Option<i64>,
    /// What each begins with, 0 to 16 letters and digits; read as a code is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::prefix))]
    pub prefix: Option<String>,
    /// Characters after the prefix; 16 when left out. Many codes need long ones, lest they could be guessed.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 12, maximum = 24))]
    pub length: Option<i64>,
}

/// Codes that were issued together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedCodes {
    pub offer_id: i64,
    pub count: i64,
    /// Empty for none.
    pub prefix: String,
    pub length: i64,
    /// The codes of an offer are numbered from 1 in the order in which they were issued.
    pub first_number: i64,
    pub last_number: i64,
    pub issued_at: DateTime<Utc>,
    /// Of two to this power guesses with this prefix and length, one hits a code, of whichever offer.
    pub guess_bits: u32,
    /// The codes, of 1,000 at most; null for more, which are fetched.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub codes: Option<Vec<String>>,
}

/// How many unique codes an offer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeCounts {
    pub offer_id: i64,
    pub issued: i64,
    /// By redemptions that stand.
    pub used: i64,
}

/// Body of `POST /api/redeem`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemByCodeRequest {
    /// A unique code, or an offer's own.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 1))]
    pub code: Option<String>,
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
