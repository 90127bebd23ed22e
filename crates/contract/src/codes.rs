use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{CustomerId, Money, scalar};

/// Unique codes to issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodesRequest {
    /// Number of codes.
    #[serde(default, deserialize_with = "scalar::optional_whole")]
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, minimum = 1, maximum = 10000000))]
    pub count: Option<i64>,
    /// What each code begins with: 0 to 16 letters and digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::prefix))]
    pub prefix: Option<String>,
    /// Characters after the prefix. The default is 16. A large number of codes needs long ones, so that they cannot
    /// be guessed.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 12, maximum = 24))]
    pub length: Option<i64>,
}

/// Unique codes that were issued together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedCodes {
    /// The id of the offer.
    pub offer_id: i64,
    /// Number of codes.
    pub count: i64,
    /// What each code begins with. Empty for no prefix.
    pub prefix: String,
    /// Characters after the prefix.
    pub length: i64,
    /// Number of the first code. The codes of an offer are numbered from 1 in the order in which they are issued.
    pub first_number: i64,
    /// Number of the last code.
    pub last_number: i64,
    /// When the codes were issued.
    pub issued_at: DateTime<Utc>,
    /// One of 2 to the power of this number of guesses hits an issued code of this prefix and length.
    pub guess_bits: u32,
    /// The codes, if they are 1,000 at most. Null for more; `list_codes` returns them.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub codes: Option<Vec<String>>,
}

/// How many unique codes an offer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeCounts {
    /// The id of the offer.
    pub offer_id: i64,
    /// Codes that were issued.
    pub issued: i64,
    /// Codes that are used by redemptions which have not been reversed.
    pub used: i64,
}

/// An order and the code that it redeems.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemByCodeRequest {
    /// A unique code, or the code of an offer.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 1))]
    pub code: Option<String>,
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
