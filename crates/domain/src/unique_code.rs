//! Unique codes, each of which redeems an offer once: format, parsing, and limits on their number.
//!
//! A code consists of a prefix, random-looking characters, a length character (the length of the code without its
//! prefix) and a check character. It uses Crockford's alphabet, which omits letters that look like digits:
//! <https://www.crockford.com/base32.html>.

mod check_character;
mod code_space;

use std::fmt;
use std::ops::RangeInclusive;

use crate::FieldError;
use crate::offer_code::typed;

pub use code_space::{CodeSpace, CodesAlike};

/// Characters by value. I, L and O look like digits and are omitted, as is U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Allowed lengths of a code without its prefix, in characters.
pub const CODE_LENGTHS: RangeInclusive<usize> = 12..=24;
pub const DEFAULT_CODE_LENGTH: usize = 16;
/// Maximum number of codes that one request can issue.
pub const MOST_CODES: i64 = 10_000_000;
/// Number of characters that are not random: the length character and the check character.
const PLAIN: usize = 2;
/// Characters per group. Groups are separated by dashes, to make codes easier to type and to read out.
const GROUP: usize = 4;

/// Returns the value of a typed character: in either case, with similar characters treated as equal.
fn value(character: char) -> Option<u8> {
    let character = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'U' => 'V',
        other => other,
    };
    ALPHABET
        .iter()
        .position(|&known| char::from(known) == character)
        .and_then(|value| u8::try_from(value).ok())
}

fn character(value: u8) -> char {
    char::from(ALPHABET[usize::from(value) % ALPHABET.len()])
}

/// The readable prefix of codes: 0 to 16 letters and digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodePrefix(String);

impl CodePrefix {
    pub const MAX_LENGTH: usize = 16;

    pub fn parse(text: &str) -> Option<CodePrefix> {
        let prefix: String = typed(text)?.take(Self::MAX_LENGTH + 1).collect();
        let valid = prefix.len() <= Self::MAX_LENGTH && prefix.chars().all(|c| c.is_ascii_alphanumeric());
        valid.then_some(CodePrefix(prefix))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the prefix with similar characters replaced (`O` by `0`, for example), as parsing returns it. Prefixes
    /// that look alike are equal.
    pub fn as_read(&self) -> String {
        self.0.chars().filter_map(value).map(character).collect()
    }

    fn values(&self) -> impl Iterator<Item = u8> {
        self.0.chars().filter_map(value)
    }
}

/// A well-formed unique code. It may not have been issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueCode {
    pub prefix: CodePrefix,
    /// Values of the random-looking characters, each below 32.
    random: Vec<u8>,
}

impl UniqueCode {
    /// Returns the number of random-looking characters of a code of this length.
    pub fn random_characters(length: usize) -> usize {
        length.saturating_sub(PLAIN)
    }

    /// Returns `None` if a value or the number of values is out of range.
    pub fn new(prefix: CodePrefix, random: Vec<u8>) -> Option<UniqueCode> {
        let fits = CODE_LENGTHS.contains(&(random.len() + PLAIN));
        (fits && random.iter().all(|value| usize::from(*value) < ALPHABET.len()))
            .then_some(UniqueCode { prefix, random })
    }

    /// Parses a typed or pasted code: in either case, in full width, with O for 0 and I or L for 1, ignoring spaces,
    /// dashes, underscores and invisible characters.
    ///
    /// Returns `None` for text that is not a code. Typing errors are detected: one wrong character and two swapped
    /// neighbours always. The prefix is returned with similar characters replaced (see [`CodePrefix::as_read`]).
    pub fn parse(text: &str) -> Option<UniqueCode> {
        let characters = typed(text)?.filter(|c| !matches!(c, '-' | '_'));
        let most = CodePrefix::MAX_LENGTH + CODE_LENGTHS.end();
        let values: Vec<u8> = characters.take(most + 1).map(value).collect::<Option<_>>()?;
        if values.len() < *CODE_LENGTHS.start() || values.len() > most || !check_character::is_valid(&values)
        {
            return None;
        }
        let (content, length) = values[..values.len() - 1].split_at(values.len() - PLAIN);
        let length = CODE_LENGTHS.start() + usize::from(length[0] ^ mask(content));
        let start = values.len().checked_sub(length).filter(|_| CODE_LENGTHS.contains(&length))?;
        let prefix = CodePrefix::parse(&content[..start].iter().copied().map(character).collect::<String>())?;
        UniqueCode::new(prefix, content[start..].to_vec())
    }

    pub fn random(&self) -> &[u8] {
        &self.random
    }

    /// Returns the number of characters without the prefix.
    pub fn length(&self) -> usize {
        self.random.len() + PLAIN
    }

    /// Returns the values of the characters after the prefix.
    fn body(&self) -> Vec<u8> {
        let mut values: Vec<u8> = self.prefix.values().chain(self.random.iter().copied()).collect();
        let start = values.len() - self.random.len();
        // A code is at most 24 characters long.
        let longer = u8::try_from(self.length() - CODE_LENGTHS.start()).unwrap_or_default();
        values.push(longer ^ mask(&values));
        values.push(check_character::of(&values));
        values.split_off(start)
    }
}

/// Returns a mask for the length character, so that it looks random: the XOR of the last three values before it. A code
/// always has that many.
fn mask(content: &[u8]) -> u8 {
    content.iter().rev().take(3).fold(0, |mask, value| mask ^ value)
}

impl fmt::Display for UniqueCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix.as_str())?;
        for (index, value) in self.body().into_iter().enumerate() {
            if index % GROUP == 0 && !(index == 0 && self.prefix.as_str().is_empty()) {
                f.write_str("-")?;
            }
            write!(f, "{}", character(value))?;
        }
        Ok(())
    }
}

/// Identifies one of an offer's codes. Prefix and length are part of it: the same serial with another prefix is a
/// different code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CodeName {
    /// The codes of an offer are numbered from 0 in the order in which they are issued.
    pub serial: i64,
    /// See [`CodePrefix::as_read`].
    pub prefix: String,
    pub length: usize,
    /// The key that it is encrypted by.
    pub key_id: i32,
}

/// An unvalidated request to issue codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodesDraft {
    pub count: Option<i64>,
    pub prefix: Option<String>,
    pub length: Option<i64>,
}

/// A validated request to issue codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesOrder {
    pub count: i64,
    pub prefix: CodePrefix,
    pub length: usize,
}

impl CodesOrder {
    /// Returns a text that is equal for equal requests.
    pub fn fingerprint(&self) -> String {
        format!("{}\n{}\n{}", self.count, self.prefix.as_str(), self.length)
    }
}

impl CodesDraft {
    pub fn check(&self) -> Result<CodesOrder, Vec<FieldError>> {
        match (self.checked_count(), self.checked_prefix(), self.checked_length()) {
            (Ok(count), Ok(prefix), Ok(length)) => Ok(CodesOrder { count, prefix, length }),
            (count, prefix, length) => {
                Err([count.err(), prefix.err(), length.err()].into_iter().flatten().collect())
            }
        }
    }

    fn checked_count(&self) -> Result<i64, FieldError> {
        let count = self.count.ok_or_else(|| FieldError::required("count"))?;
        if (1..=MOST_CODES).contains(&count) {
            return Ok(count);
        }
        Err(FieldError::new("count", "out_of_range", format!("must be from 1 to {MOST_CODES}")))
    }

    fn checked_prefix(&self) -> Result<CodePrefix, FieldError> {
        let Some(prefix) = &self.prefix else { return Ok(CodePrefix::default()) };
        CodePrefix::parse(prefix).ok_or_else(|| {
            let most = CodePrefix::MAX_LENGTH;
            FieldError::new("prefix", "invalid", format!("must be at most {most} characters A-Z and 0-9"))
        })
    }

    fn checked_length(&self) -> Result<usize, FieldError> {
        let Some(length) = self.length else { return Ok(DEFAULT_CODE_LENGTH) };
        usize::try_from(length).ok().filter(|length| CODE_LENGTHS.contains(length)).ok_or_else(|| {
            let message = format!(
                "must be from {} to {}, the number of characters after the prefix",
                CODE_LENGTHS.start(),
                CODE_LENGTHS.end()
            );
            FieldError::new("length", "out_of_range", message)
        })
    }
}

#[cfg(test)]
mod tests;
