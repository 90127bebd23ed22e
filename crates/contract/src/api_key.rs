//! API keys of services.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Scope, scalar};

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// The id of the key.
    pub id: i64,
    /// What the key is for.
    pub name: String,
    /// The first characters of the key, to recognise it by.
    pub prefix: String,
    /// What the key may do.
    pub scopes: Vec<Scope>,
    /// The ids of the offers that the key may use. Null: all offers.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub offer_ids: Option<Vec<i64>>,
    /// The addresses and networks that the key may be used from. Null: any.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub networks: Option<Vec<String>>,
    /// Whether the key can be used.
    pub status: ApiKeyStatus,
    /// Who created the key.
    pub created_by: String,
    /// When the key was created.
    pub created_at: DateTime<Utc>,
    /// When the key stops working. Null: never.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub expires_at: Option<DateTime<Utc>>,
    /// The last request with the key, to within a minute. Null: it was never used.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Whether a key can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyStatus {
    Active,
    Expired,
    Revoked,
}

/// Body of `POST /api/keys`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiKeyInput {
    /// What the key is for, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 1, max_length = 100))]
    pub name: Option<String>,
    /// What the key may do. At least one scope.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_items = 1, max_items = 7))]
    pub scopes: Option<Vec<Scope>>,
    /// The ids of the offers that the key may use, at most 1,000. Omitted or null: all offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1_000))]
    pub offer_ids: Option<Vec<i64>>,
    /// The addresses and networks (such as `192.0.2.0/24`) that the key may be used from, at most 50. Omitted or null:
    /// any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub networks: Option<Vec<String>>,
    /// When the key stops working. Omitted or null: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// Body of `POST /api/keys/{id}/rotate`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateRequest {
    /// For how many seconds the former key still works, at most 30 days. The default is a day.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 2_592_000))]
    pub former_valid_seconds: Option<i64>,
}

/// A new key with its secret, which is shown only here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewApiKey {
    /// The key without its secret.
    pub key: ApiKey,
    /// The value of the header `Authorization` after `Bearer `.
    pub secret: String,
}
