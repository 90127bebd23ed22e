//! The people who may sign in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Role;

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The id of the person.
    pub id: i64,
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role of the person.
    pub role: Role,
    /// Whether the person may sign in.
    pub status: UserStatus,
    /// Whether the person uses two-step verification.
    pub has_second_factor: bool,
    /// When the person was invited.
    pub created_at: DateTime<Utc>,
    /// The last request of the person, to within a minute. Null if the person was never signed in.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Whether a person may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Has not accepted the invitation yet.
    Invited,
    Active,
    /// May not sign in.
    Disabled,
}

/// Body of `POST /api/users`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InviteRequest {
    /// The e-mail address.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 3, max_length = 254))]
    pub email: Option<String>,
    /// The name, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 1, max_length = 100))]
    pub name: Option<String>,
    /// The role of the person.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub role: Option<Role>,
}

/// Body of `PATCH /api/users/{id}`. An omitted field keeps its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// The name, 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: Option<String>,
    /// The new role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// True ends the person's sessions and forbids signing in; false allows it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// A person with a link that lets the person choose a password. The link is shown only here and works once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserLink {
    /// The person.
    pub user: User,
    /// The path of the link, to append to the address of the dashboard.
    pub path: String,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
}

/// A removed person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RemovedUser {
    /// The id of the person.
    pub id: i64,
}
