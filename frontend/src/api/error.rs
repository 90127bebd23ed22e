use offercast_contract::FieldProblem;

use crate::words::{Language, common as words, spoken};

/// Why a call did not work out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// The server was not reached, or the connection broke.
    Network,
    /// The server said no, and why.
    Refused(Refusal),
    /// An answer that is not the API's: a proxy's error page, say.
    Unreadable { status: u16 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
    pub fields: Vec<FieldProblem>,
    pub request_id: String,
}

impl Refusal {
    /// The API speaks English; its codes can be said in any language.
    fn told(&self) -> String {
        match (spoken(), words::refusal(&self.code)) {
            (Language::English, _) => self.message.clone(),
            (_, Some(words)) => words.to_owned(),
            (_, None) => words::refused(&self.code),
        }
    }
}

impl ApiError {
    pub fn message(&self) -> String {
        match self {
            ApiError::Network => words::server_not_reached().to_owned(),
            ApiError::Refused(refusal) => refusal.told(),
            ApiError::Unreadable { status } => words::answer_not_read(&status.to_string()),
        }
    }

    /// A reference to quote when asking for help.
    pub fn request_id(&self) -> Option<String> {
        match self {
            ApiError::Refused(refusal) => Some(refusal.request_id.clone()),
            ApiError::Network | ApiError::Unreadable { .. } => None,
        }
    }

    pub fn fields(&self) -> Vec<FieldProblem> {
        match self {
            ApiError::Refused(refusal) => refusal.fields.clone(),
            ApiError::Network | ApiError::Unreadable { .. } => Vec::new(),
        }
    }

    pub fn is(&self, code: &str) -> bool {
        matches!(self, ApiError::Refused(refusal) if refusal.code == code)
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self, ApiError::Refused(refusal) if refusal.status == 404)
    }
}
