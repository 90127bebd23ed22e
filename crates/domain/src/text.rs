//! Validates single lines of text from users: ids, names, reasons, labels.
//!
//! Invisible characters are rejected: with a zero-width character two different ids look the same, and a character that
//! changes the writing direction makes a line look different from its content.

use crate::FieldError;

/// Longest external id, in characters.
const MAX_REFERENCE: usize = 64;
/// Longest reason of a reversal, in characters.
const MAX_REASON: usize = 200;

/// Validates an external id: 1 to 64 visible characters, stored unchanged.
pub fn reference(field: &'static str, text: &str) -> Result<String, FieldError> {
    check_length(field, text, MAX_REFERENCE)?;
    check_characters(field, text, |_, hidden, _| is_hidden(hidden))
}

/// Validates an external id of a recorded redemption. Other systems may allow invisible characters: they are kept,
/// since the id would differ without them. [`has_hidden`] finds them. Control characters are rejected here too.
pub fn recorded_reference(field: &'static str, text: &str) -> Result<String, FieldError> {
    check_length(field, text, MAX_REFERENCE)?;
    check_characters(field, text, |_, character, _| character.is_control())
}

/// Validates a line of text such as a name. Joiners and variation selectors are accepted where emoji and scripts such
/// as Persian and Hindi need them.
pub fn line(field: &'static str, text: &str, most: usize) -> Result<String, FieldError> {
    check_length(field, text, most)?;
    check_characters(field, text, |before, hidden, after| {
        is_hidden(hidden) && !is_needed(before, hidden, after)
    })
}

/// Validates the optional reason of a reversal.
pub fn reversal_reason(reason: Option<&str>) -> Result<(), FieldError> {
    match reason {
        None => Ok(()),
        Some("") => Err(FieldError::new("reason", "invalid", "must be a line of text, or left out")),
        Some(reason) => line("reason", reason, MAX_REASON).map(drop),
    }
}

pub fn has_hidden(text: &str) -> bool {
    text.chars().any(is_hidden)
}

/// Removes invisible characters and surrounding spaces from a search term, which are often copied along.
pub fn pasted(text: &str) -> String {
    let mut characters = text.chars().peekable();
    let mut kept = String::new();
    while let Some(character) = characters.next() {
        let (before, after) = (kept.chars().next_back(), characters.peek().copied());
        if !is_hidden(character) || is_needed(before, character, after) {
            kept.push(character);
        }
    }
    kept.trim().to_owned()
}

fn check_length(field: &'static str, text: &str, most: usize) -> Result<(), FieldError> {
    if text.is_empty() {
        return Err(FieldError::required(field));
    }
    if text.chars().count() > most {
        return Err(FieldError::new(field, "too_long", format!("must have at most {most} characters")));
    }
    Ok(())
}

/// Rejects text with a forbidden character. `is_forbidden` gets the character before, the character, and the one after.
fn check_characters(
    field: &'static str,
    text: &str,
    is_forbidden: impl Fn(Option<char>, char, Option<char>) -> bool,
) -> Result<String, FieldError> {
    let mut before = None;
    let mut rest = text.chars().enumerate().peekable();
    while let Some((index, character)) = rest.next() {
        if is_forbidden(before, character, rest.peek().map(|(_, after)| *after)) {
            let (position, number) = (index + 1, u32::from(character));
            let message = format!(
                "must not contain control characters or invisible characters: character {position} is U+{number:04X}"
            );
            return Err(FieldError::new(field, "invalid", message));
        }
        before = Some(character);
    }
    Ok(text.to_owned())
}

/// Whether a character is invisible or has no agreed appearance: control characters, characters that a program may omit
/// when it displays text (`Default_Ignorable_Code_Point` of Unicode), line separators, private use, noncharacters, and
/// the planes without assigned characters.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || is_ignorable(character)
        || matches!(character,
            '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{40000}'..)
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Whether a character of the first three planes is a `Default_Ignorable_Code_Point`: soft hyphen, joiners, marks that
/// change the writing direction, fillers, variation selectors.
pub(crate) fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
}

/// Whether an invisible character changes the appearance of its visible neighbours.
fn is_needed(before: Option<char>, hidden: char, after: Option<char>) -> bool {
    match hidden {
        '\u{200c}' | '\u{200d}' => {
            before.is_some_and(|c| is_joined(c) || c == '\u{fe0f}') && after.is_some_and(is_joined)
        }
        '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(|before| has_variants(before, after)),
        _ => false,
    }
}

/// Whether joiners affect a character: letters of joining scripts (Arabic to Mongolian and their extensions), symbols
/// and emoji.
fn is_joined(character: char) -> bool {
    matches!(character,
        '\u{620}'..='\u{1fff}' | '\u{2190}'..='\u{2bff}' | '\u{a800}'..='\u{abff}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{1f000}'..='\u{1faff}')
        && !is_hidden(character)
}

/// Whether a character can be drawn as text or as a picture. Digits can in a keycap (`1️⃣`).
fn has_variants(character: char, after: Option<char>) -> bool {
    match character {
        '#' | '*' | '0'..='9' => after == Some('\u{20e3}'),
        '©' | '®' | '\u{203c}'..='\u{3299}' | '\u{1f000}'..='\u{1faff}' => !is_hidden(character),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: [char; 28] = [
        '\0',
        '\t',
        '\n',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{180e}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{202a}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{206f}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{e000}',
        '\u{ffff}',
        '\u{e0041}',
        '\u{10ffff}',
    ];

    #[test]
    fn invisible_characters_are_rejected_in_every_kind_of_text() {
        for hidden in HIDDEN {
            for text in [format!("a{hidden}b"), format!("{hidden}"), format!("a{hidden}")] {
                let errors = [
                    reference("customer_id", &text).unwrap_err(),
                    line("name", &text, 200).unwrap_err(),
                    reversal_reason(Some(&text)).unwrap_err(),
                ];
                let number = format!("is U+{:04X}", u32::from(hidden));
                for error in errors {
                    assert!(error.code == "invalid" && error.message.contains(&number), "{error:?}");
                }
            }
        }
    }

    #[test]
    fn text_in_all_languages_is_accepted() {
        for text in [
            "1001",
            " ",
            "Größe",
            "O'Neill \"x\"",
            "客户七",
            "고객",
            "عميل",
            "לקוח",
            "a\u{a0}b",
            "ＡＢＣ",
            "\u{1f600}",
            "-=+@",
        ] {
            assert_eq!(reference("customer_id", text).as_deref(), Ok(text));
            assert_eq!(line("name", text, 200).as_deref(), Ok(text));
        }
    }

    #[test]
    fn joiners_and_variation_selectors_are_accepted_where_needed() {
        for text in [
            "Sommer ☀\u{fe0f}",
            "👩\u{200d}💻",
            "👁\u{fe0f}\u{200d}🗨\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
        ] {
            assert_eq!(line("name", text, 200).as_deref(), Ok(text), "{text}");
            assert!(reference("customer_id", text).is_err(), "{text}");
        }
        for text in [
            "Sale\u{200d}",
            "\u{200d}💻",
            "👩\u{200d}x",
            "1\u{fe0f}",
            "☀\u{fe0f}\u{fe0f}",
            "م\u{200c}\u{200c}م",
        ] {
            assert!(line("name", text, 200).is_err(), "{text:?}");
        }
    }

    #[test]
    fn recorded_ids_keep_invisible_characters() {
        let kept = "a\u{200b}b";
        assert_eq!(recorded_reference("customer_id", kept).as_deref(), Ok(kept));
        assert!(has_hidden(kept) && !has_hidden("ab"));
        for text in ["", "a\0b", "a\tb", &"x".repeat(65)] {
            assert!(recorded_reference("customer_id", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn search_terms_lose_invisible_characters() {
        for (text, sought) in [
            ("\u{feff}Summer\u{200b} sale\u{200e}\u{a0}", "Summer sale"),
            ("☀\u{fe0f} 👩\u{200d}💻\u{200d}", "☀\u{fe0f} 👩\u{200d}💻"),
            ("\u{200b}\u{200b}", ""),
        ] {
            assert_eq!(pasted(text), sought);
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(reference("order_id", &"ü".repeat(64)).is_ok());
        assert_eq!(reference("order_id", &"ü".repeat(65)).unwrap_err().code, "too_long");
        assert_eq!(reference("order_id", "").unwrap_err().code, "required");
        assert!(reversal_reason(None).is_ok() && reversal_reason(Some(&"x".repeat(200))).is_ok());
        assert_eq!(reversal_reason(Some("")).unwrap_err().code, "invalid");
        assert_eq!(reversal_reason(Some(&"x".repeat(201))).unwrap_err().code, "too_long");
    }
}
