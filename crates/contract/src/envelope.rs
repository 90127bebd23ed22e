use serde::{Deserialize, Serialize};

/// A successful response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Success<T> {
    /// Always true.
    pub status: bool,
    /// A short message for people. The text may change.
    pub message: String,
    /// The result of the call.
    pub data: T,
}

impl<T> Success<T> {
    pub fn new(message: impl Into<String>, data: T) -> Self {
        Success { status: true, message: message.into(), data }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// Always true.
    pub status: bool,
    /// A short message for people. The text may change.
    pub message: String,
    /// The items on this page.
    pub data: Vec<T>,
    /// Paging information.
    pub meta: Meta,
}

/// Paging information of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meta {
    /// Send this value as `cursor` to get the next page. Null on the last page. The content is opaque and may change.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// The response to a request that failed. Nothing was changed, unless the code is `outcome_unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// Always false.
    pub status: bool,
    /// What was wrong and what is accepted, for people. The text may change.
    pub message: String,
    /// Details of the failure, for programs.
    pub error: ErrorBody,
}

/// Details of a failure, for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// A stable error code, such as `budget_exhausted`.
    pub code: String,
    /// Id of the request in the server's log.
    pub request_id: String,
    /// Id of the existing redemption that prevented this one. Present with `order_already_redeemed` and
    /// `code_already_used`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub redemption_id: Option<i64>,
    /// The invalid fields. Empty if the failure is not about fields.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub fields: Vec<FieldProblem>,
}

/// A problem with one field, parameter or header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Name of the field, parameter or header.
    pub field: String,
    /// A stable code: `required`, `invalid`, `too_long`, `out_of_range`, `taken` or `unknown`.
    pub code: String,
    /// What is wrong and what is accepted, for people.
    pub message: String,
}
