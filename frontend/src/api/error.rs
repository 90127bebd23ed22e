use offercast_contract::FieldProblem;

use crate::i18n::{Language, common as texts, current_language};

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// The server is unreachable, or the connection broke.
    Network,
    /// The API returned an error.
    Rejected(ErrorResponse),
    /// A response that is not from the API, such as a proxy's error page.
    Unreadable { status: u16 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    pub status: u16,
    pub code: String,
    pub message: String,
    pub fields: Vec<FieldProblem>,
    pub request_id: String,
}

impl ErrorResponse {
    /// The message in the current language. The API's own is English, others are chosen by its code.
    fn localized(&self) -> String {
        match (current_language(), texts::api_error(&self.code)) {
            (Language::English, _) => self.message.clone(),
            (_, Some(text)) => text.to_owned(),
            (_, None) => texts::request_failed(&self.code),
        }
    }
}

impl ApiError {
    pub fn message(&self) -> String {
        match self {
            ApiError::Network => texts::server_unreachable().to_owned(),
            ApiError::Rejected(response) => response.localized(),
            ApiError::Unreadable { status } => texts::unexpected_response(&status.to_string()),
        }
    }

    /// The request id to quote to support.
    pub fn request_id(&self) -> Option<String> {
        match self {
            ApiError::Rejected(response) => Some(response.request_id.clone()),
            ApiError::Network | ApiError::Unreadable { .. } => None,
        }
    }

    pub fn fields(&self) -> Vec<FieldProblem> {
        match self {
            ApiError::Rejected(response) => response.fields.clone(),
            ApiError::Network | ApiError::Unreadable { .. } => Vec::new(),
        }
    }

    pub fn is(&self, code: &str) -> bool {
        matches!(self, ApiError::Rejected(response) if response.code == code)
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self, ApiError::Rejected(response) if response.status == 404)
    }
}
