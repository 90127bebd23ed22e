//! Error responses for connections that are closed before a request can be parsed. They are written directly to the
//! socket.

use offercast_contract::{ErrorBody, Failure};

/// Message of 431 responses.
pub const HEAD_TOO_LARGE: &str = "The request line and the headers must have at most 16 KiB";

pub fn too_many_connections() -> String {
    response(
        "503 Service Unavailable\r\nretry-after: 1",
        "busy",
        "Too many connections are open; nothing was changed. Try again",
    )
}

pub fn too_many_connections_of_address() -> String {
    let message = "Too many connections are open from this address; close some of them";
    response("429 Too Many Requests\r\nretry-after: 1", "rate_limited", message)
}

pub fn head_too_large() -> String {
    response("431 Request Header Fields Too Large", "head_too_large", HEAD_TOO_LARGE)
}

pub fn head_too_slow() -> String {
    response(
        "408 Request Timeout",
        "request_timeout",
        "The request line and the headers did not arrive in time",
    )
}

fn response(status: &str, code: &str, message: &str) -> String {
    let error = ErrorBody {
        code: code.to_owned(),
        request_id: "none".to_owned(),
        redemption_id: None,
        fields: Vec::new(),
    };
    let failure = Failure { status: false, message: message.to_owned(), error };
    let body = serde_json::to_string(&failure).unwrap_or_default();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
}
