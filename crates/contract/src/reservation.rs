use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{CustomerId, Money, scalar};

/// Body of `POST /api/offers/{offer}/reserve`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReserveRequest {
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub customer_id: Option<CustomerId>,
    /// Amount of the order before the discount, in the offer's currency; more than 0.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub order_amount: Option<Money>,
    /// The shop's own reference of the order, 1 to 64 characters that can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::order_id))]
    pub order_id: Option<String>,
    /// Seconds until what is held is given back; 900 when left out.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86400))]
    pub ttl_seconds: Option<i64>,
}

/// What is held for an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reserved {
    pub reservation_id: i64,
    pub offer_id: i64,
    pub expires_at: DateTime<Utc>,
    /// What confirming will give.
    pub discount_held: Money,
    /// What the terms give such an order; more than `discount_held` where the budget had less left.
    pub discount_asked: Money,
    /// What the budget has left beside what is held; null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    pub currency: String,
}

/// What is held no longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Released {
    pub reservation_id: i64,
    pub offer_id: i64,
    pub discount_released: Money,
    pub currency: String,
}
