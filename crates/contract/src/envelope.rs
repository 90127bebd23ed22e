use serde::{Deserialize, Serialize};

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Success<T> {
    /// Always true.
    pub status: bool,
    /// A short sentence for people. It may change.
    pub message: String,
    /// What was asked for.
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
    /// A short sentence for people. It may change.
    pub message: String,
    /// The rows of the page.
    pub data: Vec<T>,
    /// Where the list goes on.
    pub meta: Meta,
}

/// Where a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meta {
    /// Send it as `cursor` to get the next page. Null on the last page. Its content is not documented and may change.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// An answer to a request that failed. Nothing was changed, unless the code is `outcome_unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// Always false.
    pub status: bool,
    /// What was wrong and what is accepted, for people. It may change.
    pub message: String,
    /// What was wrong, for programs.
    pub error: ErrorBody,
}

/// What was wrong, for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// A stable code, such as `budget_exhausted`.
    pub code: String,
    /// The id under which the server has logged the request.
    pub request_id: String,
    /// The redemption that is in the way, for codes such as `order_already_redeemed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub redemption_id: Option<i64>,
    /// What is wrong with which field. Empty if the failure is not about fields.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub fields: Vec<FieldProblem>,
}

/// What is wrong with a field.
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
