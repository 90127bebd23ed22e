use offercast_contract::{Failure, read};
use serde::de::DeserializeOwned;

use super::{ApiError, ErrorResponse};

/// Reads a response: `T` of a success, the error of a failure.
pub fn open<T: DeserializeOwned>(status: u16, body: &str) -> Result<T, ApiError> {
    if (200..300).contains(&status) {
        return read(body).map_err(|_| ApiError::Unreadable { status });
    }
    match read::<Failure>(body) {
        Ok(failure) => Err(ApiError::Rejected(response(status, failure))),
        Err(_) => Err(ApiError::Unreadable { status }),
    }
}

fn response(status: u16, failure: Failure) -> ErrorResponse {
    ErrorResponse {
        status,
        code: failure.error.code,
        message: failure.message,
        fields: failure.error.fields,
        request_id: failure.error.request_id,
    }
}

#[cfg(test)]
mod tests {
    use offercast_contract::{Removal, Removed, Success};

    use super::*;

    #[test]
    fn a_success_returns_its_data() {
        let body = r#"{"status": true, "message": "Archived", "data": {"id": 7, "result": "archived"}}"#;
        let success: Success<Removed> = open(200, body).unwrap();
        assert_eq!(success.data, Removed { id: 7, result: Removal::Archived });
    }

    #[test]
    fn a_failure_returns_its_error() {
        let body = r#"{"status": false, "message": "Changed meanwhile",
            "error": {"code": "stale_offer", "request_id": "r1", "fields": []}}"#;
        let error = open::<Success<Removed>>(409, body).unwrap_err();
        assert!(error.is("stale_offer") && !error.is_not_found());
        assert_eq!(
            (error.message().as_str(), error.request_id().as_deref()),
            ("Changed meanwhile", Some("r1"))
        );
    }

    #[test]
    fn responses_that_are_not_from_the_api_are_unreadable() {
        for (status, body) in [(502, "<html>Bad gateway</html>"), (200, "{}"), (500, "")] {
            assert_eq!(open::<Success<Removed>>(status, body), Err(ApiError::Unreadable { status }));
        }
    }
}
