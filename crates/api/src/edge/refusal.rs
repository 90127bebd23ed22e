//! What a connection is told that does not get as far as a request of its own.

use offercast_contract::{ErrorBody, Failure};

pub fn full() -> String {
    answer(
        "503 Service Unavailable\r\nretry-after: 1",
        "busy",
        "Too many connections are open; nothing was changed. Try again",
    )
}

pub fn full_for_address() -> String {
    let message = "Too many connections are open from this address: close some of them, or keep fewer open";
    answer("429 Too Many Requests\r\nretry-after: 1", "rate_limited", message)
}

pub fn head_too_large() -> String {
    let message = "The request line and the headers have to have 16 KiB at most";
    answer("431 Request Header Fields Too Large", "head_too_large", message)
}

pub fn head_too_slow() -> String {
    answer(
        "408 Request Timeout",
        "request_timeout",
        "The request line and the headers did not arrive in time",
    )
}

fn answer(status: &str, code: &str, message: &str) -> String {
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
