use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{CustomerId, Money, scalar};

/// The unique codes to issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodesRequest {
    /// Number of codes to issue.
    #[serde(default, deserialize_with = "scalar::optional_whole")]
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, minimum = 1, maximum = 10000000))]
    pub count: Option<i64>,
    /// Prefix of every code: 0 to 16 letters and digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text_patterns::prefix))]
    pub prefix: Option<String>,
    /// Number of characters after the prefix. The default is 16. The more codes are issued, the longer they must be, so
    /// that codes cannot be guessed.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 12, maximum = 24))]
    pub length: Option<i64>,
}

/// Unique codes that were issued by one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedCodes {
    /// The id of the offer.
    pub offer_id: i64,
    /// Number of issued codes.
    pub count: i64,
    /// Prefix of every code. Empty if there is none.
    pub prefix: String,
    /// Number of characters after the prefix.
    pub length: i64,
    /// Number of the first code. The codes of an offer are numbered from 1 in the order of issue.
    pub first_number: i64,
    /// Number of the last code.
    pub last_number: i64,
    /// When the codes were issued.
    pub issued_at: DateTime<Utc>,
    /// Resistance to guessing, in bits: on average, 2 to the power of this number of random guesses are needed to hit
    /// an issued code with this prefix and length.
    pub guess_bits: u32,
    /// The codes, if there are at most 1,000. Null otherwise; read them with `list_codes`.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub codes: Option<Vec<String>>,
}

/// How many unique codes an offer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeCounts {
    /// The id of the offer.
    pub offer_id: i64,
    /// Number of issued codes.
    pub issued: i64,
    /// Number of used codes. A code whose redemption was reversed is unused again.
    pub used: i64,
}

/// An order and the code to redeem for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemByCodeRequest {
    /// A unique code, or the code of an offer.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 1))]
    pub code: Option<String>,
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
