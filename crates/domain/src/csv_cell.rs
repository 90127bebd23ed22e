//! Text in CSV that spreadsheets open: they take what begins with `=`, `+`, `-` or `@` for a formula, whoever wrote it.
//!
//! Such a text gets an apostrophe in front, and so shows as text. Reading takes the apostrophe away again. For that to
//! be exact, a text that has apostrophes before its `=` gets one more. Some spreadsheets begin a new cell at `;`, so the same
//! holds for each part of a text between semicolons. Numbers are no text: a negative one stays as it is.

use std::borrow::Cow;

/// What a formula begins with, in full width too.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Some programs drop these and take what follows for the beginning.
const DROPPED: [char; 3] = ['\t', '\r', '\n'];

/// Text as it stands in CSV (RFC 4180): escaped, and quoted where it has to be.
pub fn text(value: &str) -> String {
    let value = escape(value);
    let has_edge_space = value.starts_with(' ') || value.ends_with(' ');
    if has_edge_space || value.contains([',', ';', '"', '\r', '\n', '\t']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.into_owned()
    }
}

/// Text that no spreadsheet takes for a formula.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.split(';').any(is_formula) {
        return text.into();
    }
    by_part(text, |part| if is_formula(part) { format!("'{part}").into() } else { part.into() })
}

/// What was escaped, to the letter.
pub fn undo(text: &str) -> Cow<'_, str> {
    if !text.contains('\'') {
        return text.into();
    }
    by_part(text, |part| part.strip_prefix('\'').filter(|formula| is_formula(formula)).unwrap_or(part).into())
}

fn by_part<'a>(text: &'a str, change: impl Fn(&'a str) -> Cow<'a, str>) -> Cow<'a, str> {
    text.split(';').map(change).collect::<Vec<_>>().join(";").into()
}

/// A text has the same answer with an apostrophe in front and without, which makes [`undo`] exact.
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
    fn what_a_spreadsheet_would_compute_gets_an_apostrophe() {
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
    fn all_other_text_stays_as_it_is() {
        for text in
            ["", "1001", "a=1", "hh-1519", "O'Neill", "'", "'quoted'", "a;b", "1;2", "#1", "(1)", "\"=1\""]
        {
            assert_eq!(escape(text), text);
            assert_eq!(undo(text), text);
        }
    }

    #[test]
    fn cells_are_quoted_where_they_have_to_be() {
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
        fn undo_gives_back_every_text(
            text in prop_oneof![any::<String>(), "['=+@;a \t\r\u{200b}＝-]{0,12}"],
        ) {
            let escaped = escape(&text);
            prop_assert_eq!(undo(&escaped), text.as_str());
        }

        #[test]
        fn no_part_of_what_is_escaped_is_a_formula(text in prop_oneof![any::<String>(), "['=+@;a \t\r\u{200b}＝-]{0,12}"]) {
            for part in escape(&text).split(';') {
                let shown = part.trim_start();
                prop_assert!(!shown.starts_with(BEGINNINGS), "{part:?}");
                prop_assert!(!part.starts_with(['\t', '\r']));
            }
        }
    }
}
