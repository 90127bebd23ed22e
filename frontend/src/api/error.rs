use offercast_contract::FieldProblem;

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

impl ApiError {
    pub fn message(&self) -> String {
        match self {
            ApiError::Network => {
                "The server can't be reached. Check the connection and try again.".to_owned()
            }
            ApiError::Refused(refusal) => refusal.message.clone(),
            ApiError::Unreadable { status } => {
                format!("The answer could not be read (status {status}). Try again in a moment.")
            }
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
