use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{CustomerId, Money, scalar};

/// An order to reserve a discount for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReserveRequest {
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
    /// Seconds until the reservation expires. The default is 900.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86400))]
    pub ttl_seconds: Option<i64>,
}

/// A reservation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reserved {
    /// The id of the reservation.
    pub reservation_id: i64,
    /// The id of the offer.
    pub offer_id: i64,
    /// When the reservation expires.
    pub expires_at: DateTime<Utc>,
    /// The discount that is held, and given when the reservation is confirmed.
    pub discount_held: Money,
    /// The discount according to the offer's terms. Greater than `discount_held` if the remaining budget was smaller.
    pub discount_asked: Money,
    /// The remaining budget, without the discount that reservations hold. Null if the offer has no budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
}

/// A released reservation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Released {
    /// The id of the reservation.
    pub reservation_id: i64,
    /// The id of the offer.
    pub offer_id: i64,
    /// The discount that the reservation held and that is available again.
    pub discount_released: Money,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
}
