//! Escapes text in CSV files against formula injection: spreadsheets treat cells that start with `=`, `+`, `-` or `@`
//! as formulas.
//!
//! An apostrophe in front makes a spreadsheet show such a cell as text. Reading removes it. To make this reversible, a
//! text with apostrophes before its `=` gets one more. Some spreadsheets start a new cell at `;`, so each part between
//! semicolons is escaped separately. Numbers are not escaped, even if they are negative.

use std::borrow::Cow;

/// Characters that start a formula, including their full-width forms.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Some programs drop these at the beginning and interpret the rest.
const DROPPED: [char; 3] = ['\t', '\r', '\n'];

/// Returns a CSV cell (RFC 4180): escaped, and quoted if necessary.
pub fn text(value: &str) -> String {
    let value = escape(value);
    let has_edge_space = value.starts_with(' ') || value.ends_with(' ');
    if has_edge_space || value.contains([',', ';', '"', '\r', '\n', '\t']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.into_owned()
    }
}

/// Escapes text so that no spreadsheet treats it as a formula.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.split(';').any(is_formula) {
        return text.into();
    }
    by_part(text, |part| if is_formula(part) { format!("'{part}").into() } else { part.into() })
}

/// Reverses [`escape`] exactly.
pub fn undo(text: &str) -> Cow<'_, str> {
    if !text.contains('\'') {
        return text.into();
    }
    by_part(text, |part| part.strip_prefix('\'').filter(|formula| is_formula(formula)).unwrap_or(part).into())
}

fn by_part<'a>(text: &'a str, change: impl Fn(&'a str) -> Cow<'a, str>) -> Cow<'a, str> {
    text.split(';').map(change).collect::<Vec<_>>().join(";").into()
}

/// Leading apostrophes do not change the result, which makes [`undo`] exact.
fn is_formula(part: &str) -> bool {
    let part = part.trim_start_matches('\'');
    let shown = part.trim_start_matches(|c: char| c.is_whitespace() || crate::text::is_hidden(c));
    part.starts_with(DROPPED) || shown.starts_with(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_get_an_apostrophe() {
        for (text, escaped) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\rx", "'\rx"),
            ("＝1", "'＝1"),
            ("  =1", "'  =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("a;=1;b; +2", "a;'=1;b;' +2"),
        ] {
            assert_eq!(escape(text), escaped);
            assert_eq!(undo(escaped), text);
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in
            ["", "1001", "a=1", "hh-1519", "O'Neill", "'", "'quoted'", "a;b", "1;2", "#1", "(1)", "\"=1\""]
        {
            assert_eq!(escape(text), text);
            assert_eq!(undo(text), text);
        }
    }

    #[test]
    fn cells_are_quoted_if_necessary() {
        for (value, cell) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("a;b", "\"a;b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1,2", "\"'=1,2\""),
            (" x", "\" x\""),
        ] {
            assert_eq!(text(value), cell);
        }
    }

    proptest! {
        #[test]
        fn undo_restores_every_text(
            text in prop_oneof![any::<String>(), "['=+@;a \t\r\u{200b}＝-]{0,12}"],
        ) {
            let escaped = escape(&text);
            prop_assert_eq!(undo(&escaped), text.as_str());
        }

        #[test]
        fn no_part_of_escaped_text_is_a_formula(text in prop_oneof![any::<String>(), "['=+@;a \t\r\u{200b}＝-]{0,12}"]) {
            for part in escape(&text).split(';') {
                let shown = part.trim_start();
                prop_assert!(!shown.starts_with(BEGINNINGS), "{part:?}");
                prop_assert!(!part.starts_with(['\t', '\r']));
            }
        }
    }
}
