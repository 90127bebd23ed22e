use serde::{Deserialize, Serialize};

/// Health of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// Version of the program.
    pub version: String,
}

/// A queued forecast job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueuedForecast {
    /// The id of the offer.
    pub offer_id: i64,
}
