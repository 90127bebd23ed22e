//! Texts and times.

use offercast_domain::{csv_cell, moment, text};

/// Text, also as a cell of a CSV file.
pub fn texts(bytes: &[u8]) {
    let Ok(written) = std::str::from_utf8(bytes) else { return };
    let escaped = csv_cell::escape(written);
    assert_eq!(csv_cell::undo(&escaped), written, "{escaped:?}");
    for part in escaped.split(';') {
        assert!(
            !part.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
            "{written:?} is a formula as {escaped:?}"
        );
    }
    let pasted = text::pasted(written);
    assert_eq!(text::pasted(&pasted), pasted, "{written:?}");
    if let Ok(reference) = text::reference("order_id", written) {
        assert!(reference == written && !text::has_hidden(written), "{written:?}");
        assert!(!written.chars().any(char::is_control), "{written:?}");
    }
}

/// Times in the format of RFC 3339.
pub fn moments(bytes: &[u8]) {
    let Ok(written) = std::str::from_utf8(bytes) else { return };
    let Some(read) = moment::parse(written) else { return };
    // Because of its offset, a time may lie in a year that RFC 3339 cannot express in UTC.
    let again = read.to_rfc3339();
    if again.starts_with(|c: char| c.is_ascii_digit()) {
        assert_eq!(moment::parse(&again), Some(read), "{written:?}");
    }
    assert_eq!(read.timestamp_subsec_nanos() % 1_000, 0, "{written:?} is more precise than microseconds");
    assert!(written.is_ascii(), "{written:?}");
}
