//! Who may do what: scopes and roles.

use serde::{Deserialize, Serialize};

/// A permission of an API key or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Read offers.
    #[serde(rename = "offers:read")]
    OffersRead,
    /// Create, edit and delete offers, and issue and download unique codes.
    #[serde(rename = "offers:write")]
    OffersWrite,
    /// Read redemptions.
    #[serde(rename = "redemptions:read")]
    RedemptionsRead,
    /// Quote, redeem, reserve, confirm, release and reverse.
    #[serde(rename = "redemptions:write")]
    RedemptionsWrite,
    /// Read dashboards, forecasts and the overview.
    #[serde(rename = "reports:read")]
    ReportsRead,
    /// Manage webhooks.
    #[serde(rename = "webhooks")]
    Webhooks,
    /// Manage keys and people, and read the audit log and the metrics.
    #[serde(rename = "admin")]
    Admin,
}

/// The role of a person. `owner`: everything. `manager`: offers, redemptions, reports and webhooks. `analyst`: reads
/// offers, redemptions and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Manager,
    Analyst,
}
