use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::{BudgetUse, DailyPoint, Kpis, Offer};

/// Data of the event `offer` of `GET /api/offers/{offer}/events`: the offer as it stands, never a difference.
/// All parts come from one snapshot of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveOffer {
    pub offer: Offer,
    /// The moment of reading, with the offset of the offer's zone.
    pub as_of: DateTime<FixedOffset>,
    pub kpis: Kpis,
    pub budget: BudgetUse,
    /// The day of `as_of`, unfinished.
    pub today: DailyPoint,
}
