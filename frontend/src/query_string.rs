//! Query strings.

use std::fmt::Write;

/// Builds `?a=1&b=2` from the pairs that have a value. Empty if there are none.
pub fn query_string<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&escape(&value));
    }
    text
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            // Writing to a String cannot fail.
            _ => _ = write!(escaped, "%{byte:02X}"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_without_a_value_are_left_out() {
        let pairs = [("q", "10% & more".to_owned()), ("state", String::new()), ("sort", "name".to_owned())];
        assert_eq!(query_string(pairs), "?q=10%25%20%26%20more&sort=name");
        assert_eq!(query_string([("q", String::new())]), "");
    }

    #[test]
    fn non_ascii_letters_are_escaped() {
        assert_eq!(escape("Grüße-1/2"), "Gr%C3%BC%C3%9Fe-1%2F2");
    }
}
