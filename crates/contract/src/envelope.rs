use serde::{Deserialize, Serialize};

/// An answer that worked out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Success<T> {
    /// Always true.
    pub status: bool,
    /// A short sentence for people.
    pub message: String,
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
    /// A short sentence for people.
    pub message: String,
    pub data: Vec<T>,
    pub meta: Meta,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meta {
    /// Give it back as `cursor` to get the next page; null on the last one. Opaque.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// An answer that did not work out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// Always false.
    pub status: bool,
    /// What went wrong and what is accepted, for people.
    pub message: String,
    pub error: ErrorBody,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// A stable word for programs, e.g. `budget_exhausted`.
    pub code: String,
    /// The id under which the server logged this request.
    pub request_id: String,
    /// The redemption that is in the way, e.g. of `order_already_redeemed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub redemption_id: Option<i64>,
    /// What is wrong with which field; empty where no field is to blame.
    #[serde(default)]
    pub fields: Vec<FieldProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    pub field: String,
    /// A stable word for programs: `required`, `invalid`, `too_long`, `out_of_range`, `taken`, `unknown`.
    pub code: String,
    pub message: String,
}
