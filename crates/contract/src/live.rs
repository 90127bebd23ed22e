use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::{BudgetUse, DailyPoint, Kpis, Offer};

/// The data of the event `offer`: the current state of an offer, read from one snapshot of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveOffer {
    /// The offer.
    pub offer: Offer,
    /// When the data was read, with the UTC offset of the offer's time zone.
    pub as_of: DateTime<FixedOffset>,
    /// Key figures of the whole offer.
    pub kpis: Kpis,
    /// How much of the budget is used.
    pub budget: BudgetUse,
    /// The figures of today, the day of `as_of`. The day is unfinished.
    pub today: DailyPoint,
}
