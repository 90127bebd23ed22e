use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{CustomerId, Money, scalar};

/// An order for which a discount is held.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReserveRequest {
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
    /// The discount that confirming gives.
    pub discount_held: Money,
    /// The discount that the terms give for this amount. More than `discount_held` if the budget had less left.
    pub discount_asked: Money,
    /// What remains of the budget beside what is held. Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
}

/// A reservation that was released.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Released {
    /// The id of the reservation.
    pub reservation_id: i64,
    /// The id of the offer.
    pub offer_id: i64,
    /// The discount that was given back.
    pub discount_released: Money,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
}
