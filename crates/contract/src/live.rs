use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::{BudgetUse, DailyPoint, Kpis, Offer};

/// The state of an offer, which the event `offer` carries. Read from one snapshot of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveOffer {
    /// The offer.
    pub offer: Offer,
    /// The moment of reading, with the offset of the offer's time zone.
    pub as_of: DateTime<FixedOffset>,
    /// Key figures of the whole offer.
    pub kpis: Kpis,
    /// How much of the budget is used.
    pub budget: BudgetUse,
    /// Figures of the day of `as_of`, which is not finished.
    pub today: DailyPoint,
}
