//! Query strings.

use std::fmt::Write;

/// `?a=1&b=2` of the pairs that have a value; empty without any.
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

/// Percent-encodes all but the characters that mean nothing in a URL (RFC 3986, unreserved).
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
    fn letters_of_any_alphabet_are_escaped() {
        assert_eq!(escape("Grüße-1/2"), "Gr%C3%BC%C3%9Fe-1%2F2");
    }
}
