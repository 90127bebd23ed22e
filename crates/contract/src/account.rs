//! Signing in, and a person's own account.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Role, Scope};

/// Body of `POST /api/session`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The e-mail address of the person. Upper and lower case do not matter.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, max_length = 254))]
    pub email: Option<String>,
    /// The password.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, max_length = 256))]
    pub password: Option<String>,
    /// The current 6 digits of the person's authenticator app, or a recovery code. Required if the person uses
    /// two-step verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub second_factor: Option<String>,
}

/// Body of `POST /api/session/link`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInLinkRequest {
    /// The token of a sign-in link: what follows `#once=` in its address.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, max_length = 100))]
    pub token: Option<String>,
}

/// Body of `POST /api/links/show`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// The token of an invitation or of a link to reset a password: what follows `#token=` in its address.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, max_length = 100))]
    pub token: Option<String>,
}

/// Body of `POST /api/links/password`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPasswordRequest {
    /// The token of the link.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, max_length = 100))]
    pub token: Option<String>,
    /// The new password, 12 to 256 characters.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 12, max_length = 256))]
    pub password: Option<String>,
    /// A code of the authenticator app, or a recovery code. Required if the person uses two-step verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub second_factor: Option<String>,
}

/// What a link is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// What the link is for.
    pub purpose: LinkPurpose,
    /// The e-mail address of the person.
    pub email: String,
    /// The name of the person.
    pub name: String,
    /// The role of the person.
    pub role: Role,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Accept an invitation by choosing a password.
    Invitation,
    /// Choose a new password.
    PasswordReset,
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The id of the person. 0 if access control is off.
    pub id: i64,
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role of the person.
    pub role: Role,
    /// What the person may do.
    pub scopes: Vec<Scope>,
    /// Whether the person uses two-step verification.
    pub has_second_factor: bool,
    /// Number of recovery codes that are left.
    pub recovery_codes_left: i64,
    /// Whether the person has a password. Without one, the person signs in through the identity provider.
    pub has_password: bool,
    /// False if the server runs without access control; then everybody may do everything.
    pub access_control: bool,
}

/// Body of `POST /api/account/password`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordRequest {
    /// The current password. Not needed by a person without a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub current_password: Option<String>,
    /// The new password, 12 to 256 characters.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, min_length = 12, max_length = 256))]
    pub new_password: Option<String>,
}

/// Body of the calls that ask for the password again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    /// The current password.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, max_length = 256))]
    pub password: Option<String>,
}

/// The secret of an authenticator app. It is used once `POST /api/account/second-factor/confirm` has confirmed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorSecret {
    /// The secret in base 32, to type in.
    pub secret: String,
    /// The secret as an `otpauth://` address, to show as a QR code.
    pub uri: String,
}

/// Body of `POST /api/account/second-factor/confirm`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactorRequest {
    /// The current 6 digits of the authenticator app.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, max_length = 32))]
    pub code: Option<String>,
}

/// Codes that each replace the authenticator app once. They are shown only here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

/// A browser in which the person is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The id of the session.
    pub id: i64,
    /// Whether it is the session of this request.
    pub is_current: bool,
    /// The `User-Agent` header at sign-in.
    pub user_agent: String,
    /// The client address at sign-in.
    pub address: String,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// The last request, to within a minute.
    pub last_used_at: DateTime<Utc>,
    /// When the session ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// Number of ended sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndedSessions {
    /// How many sessions have ended.
    pub ended: i64,
}
