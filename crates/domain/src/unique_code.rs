//! Codes that redeem an offer once: how they are written, how they are read, and how many there may be.
//!
//! A code is a prefix, random-looking characters, one that tells how long the code is without its prefix, and one
//! that checks all others. All are of Crockford's alphabet, which has no letters that look like others:
//! <https://www.crockford.com/base32.html>.

mod check;
mod space;

use std::fmt;
use std::ops::RangeInclusive;

use crate::FieldError;
use crate::code::typed;

pub use space::{CodeSpace, CodesAlike};

/// By value; without I, L, O (they look like digits) and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a code without its prefix.
pub const CODE_LENGTHS: RangeInclusive<usize> = 12..=24;
pub const DEFAULT_CODE_LENGTH: usize = 16;
/// Codes that are issued at once.
pub const MOST_CODES: i64 = 10_000_000;
/// Characters that are not random: the one that tells the length and the one that checks.
const PLAIN: usize = 2;
/// A dash after each of so many, for whoever types or reads them out.
const GROUP: usize = 4;

/// The value of a character as people write it: in any case, and with those that look alike taken for each other.
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

/// What codes begin with, for people: 0 to 16 letters and digits.
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

    /// As it is read: prefixes that look alike are one.
    pub fn as_read(&self) -> String {
        self.0.chars().filter_map(value).map(character).collect()
    }

    fn values(&self) -> impl Iterator<Item = u8> {
        self.0.chars().filter_map(value)
    }
}

/// A code as it is written. That it is well written says nothing about whether it was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueCode {
    pub prefix: CodePrefix,
    /// The values of its random-looking characters, each below 32.
    random: Vec<u8>,
}

impl UniqueCode {
    /// Random-looking characters of a code of this length.
    pub fn random_characters(length: usize) -> usize {
        length.saturating_sub(PLAIN)
    }

    /// None for values that no code has.
    pub fn new(prefix: CodePrefix, random: Vec<u8>) -> Option<UniqueCode> {
        let fits = CODE_LENGTHS.contains(&(random.len() + PLAIN));
        (fits && random.iter().all(|value| usize::from(*value) < ALPHABET.len()))
            .then_some(UniqueCode { prefix, random })
    }

    /// Reads what somebody has typed or pasted: in any case, with spaces, dashes, underscores and characters that cannot be
    /// seen wherever they are, in full width, O for 0, I or L for 1.
    /// None if it is no code, most of all for one with a typing error: one wrong character and two that have changed
    /// places are always found. The prefix comes back as it is read.
    pub fn parse(text: &str) -> Option<UniqueCode> {
        let characters = typed(text)?.filter(|c| !matches!(c, '-' | '_'));
        let most = CodePrefix::MAX_LENGTH + CODE_LENGTHS.end();
        let values: Vec<u8> = characters.take(most + 1).map(value).collect::<Option<_>>()?;
        if values.len() < *CODE_LENGTHS.start() || values.len() > most || !check::is_right(&values) {
            return None;
        }
        let (written, told) = values[..values.len() - 1].split_at(values.len() - PLAIN);
        let length = CODE_LENGTHS.start() + usize::from(told[0] ^ mask(written));
        let start = values.len().checked_sub(length).filter(|_| CODE_LENGTHS.contains(&length))?;
        let prefix = CodePrefix::parse(&written[..start].iter().copied().map(character).collect::<String>())?;
        UniqueCode::new(prefix, written[start..].to_vec())
    }

    pub fn random(&self) -> &[u8] {
        &self.random
    }

    /// Characters without the prefix.
    pub fn length(&self) -> usize {
        self.random.len() + PLAIN
    }

    /// The values of all that comes after the prefix.
    fn body(&self) -> Vec<u8> {
        let mut values: Vec<u8> = self.prefix.values().chain(self.random.iter().copied()).collect();
        let start = values.len() - self.random.len();
        // A code is at most 24 characters long.
        let longer = u8::try_from(self.length() - CODE_LENGTHS.start()).unwrap_or_default();
        values.push(longer ^ mask(&values));
        values.push(check::character(&values));
        values.split_off(start)
    }
}

/// Makes the character that tells the length look like the others, by those before it. There are always as many.
fn mask(written: &[u8]) -> u8 {
    written.iter().rev().take(3).fold(0, |mask, value| mask ^ value)
}

impl fmt::Display for UniqueCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix.as_str())?;
        for (place, value) in self.body().into_iter().enumerate() {
            if place % GROUP == 0 && !(place == 0 && self.prefix.as_str().is_empty()) {
                f.write_str("-")?;
            }
            write!(f, "{}", character(value))?;
        }
        Ok(())
    }
}

/// Which of the codes of an offer one is, and how it is written: with another prefix it is not the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CodeName {
    /// Codes of an offer are numbered from 0 in the order in which they are issued.
    pub serial: i64,
    /// As it is read.
    pub prefix: String,
    pub length: usize,
}

/// What codes are asked for, as text and numbers that nobody has looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodesDraft {
    pub count: Option<i64>,
    pub prefix: Option<String>,
    pub length: Option<i64>,
}

/// Codes to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesOrder {
    pub count: i64,
    pub prefix: CodePrefix,
    pub length: usize,
}

impl CodesOrder {
    /// What makes two requests for codes the same one, however they are written.
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
        Err(FieldError::new("count", "out_of_range", format!("has to be from 1 to {MOST_CODES}")))
    }

    fn checked_prefix(&self) -> Result<CodePrefix, FieldError> {
        let Some(prefix) = &self.prefix else { return Ok(CodePrefix::default()) };
        CodePrefix::parse(prefix).ok_or_else(|| {
            let most = CodePrefix::MAX_LENGTH;
            FieldError::new("prefix", "invalid", format!("has to be at most {most} of A-Z and 0-9"))
        })
    }

    fn checked_length(&self) -> Result<usize, FieldError> {
        let Some(length) = self.length else { return Ok(DEFAULT_CODE_LENGTH) };
        usize::try_from(length).ok().filter(|length| CODE_LENGTHS.contains(length)).ok_or_else(|| {
            let message = format!(
                "has to be from {} to {}: the characters after the prefix",
                CODE_LENGTHS.start(),
                CODE_LENGTHS.end()
            );
            FieldError::new("length", "out_of_range", message)
        })
    }
}

#[cfg(test)]
mod tests;
