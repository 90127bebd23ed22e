//! The audit log.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One change, sign-in or failed attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// The id of the entry.
    pub id: i64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who acted: `user:3`, `key:12`, `command_line`, or `anonymous` for failed attempts and without access control.
    pub actor: String,
    /// The name of the person or key at that time.
    pub actor_name: String,
    /// What was done, such as `offer.updated`.
    pub action: String,
    /// What it was done to, such as `offer:1`.
    pub subject: String,
    /// The name or code of that at that time.
    pub subject_name: String,
    /// The offer concerned. Null if there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub offer_id: Option<i64>,
    /// The changed fields, with their values before and after.
    pub changes: Vec<FieldChange>,
    /// The client address. Empty for the command line.
    pub address: String,
    /// The id of the request. Empty for the command line.
    pub request_id: String,
}

/// One changed field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// The name of the field.
    pub field: String,
    /// The value before, as text. Null if there was none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub before: Option<String>,
    /// The value after, as text. Null if there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub after: Option<String>,
}
