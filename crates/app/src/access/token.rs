//! Tokens of keys, sessions and links: 256 random bits in base 62. API keys begin with `ofc_`, so that scanners for
//! secrets find them, and end with check characters, so that typing errors are found without a lookup.

use offercast_storage::access::TokenHash;
use sha2::{Digest, Sha256};

use crate::Error;

const PREFIX: &str = "ofc_";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Characters of 256 bits in base 62.
const LENGTH: usize = 43;
/// Characters of a CRC-32 in base 62.
const CHECK_LENGTH: usize = 6;
/// Characters of a key that are shown to recognise it by: the prefix and 36 bits.
const SHOWN: usize = PREFIX.len() + 6;

/// A new token with its hash.
pub struct Token {
    pub text: String,
    pub hash: TokenHash,
}

impl Token {
    pub fn random() -> Result<Token, Error> {
        let text = base_62(&random_bytes::<32>()?, LENGTH);
        Ok(Token { hash: hash(&text), text })
    }

    /// A new API key.
    pub fn random_key() -> Result<Token, Error> {
        let random = base_62(&random_bytes::<32>()?, LENGTH);
        let text = format!("{PREFIX}{random}{}", check_characters(&random));
        Ok(Token { hash: hash(&text), text })
    }

    /// The characters of a key to recognise it by.
    pub fn shown(&self) -> &str {
        &self.text[..SHOWN]
    }
}

pub fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Busy("the operating system has no random numbers"))?;
    Ok(bytes)
}

/// The hash of an API key. `None` if it cannot be one.
pub fn parse_key(text: &str) -> Option<TokenHash> {
    let rest = text.strip_prefix(PREFIX)?;
    let (random, check) = rest.split_at_checked(LENGTH)?;
    (is_base_62(random) && check == check_characters(random)).then(|| hash(text))
}

/// The hash of any other token. `None` if it cannot be one.
pub fn parse(text: &str) -> Option<TokenHash> {
    (text.len() == LENGTH && is_base_62(text)).then(|| hash(text))
}

pub fn hash(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}

fn is_base_62(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn check_characters(random: &str) -> String {
    base_62(&crc32fast::hash(random.as_bytes()).to_be_bytes(), CHECK_LENGTH)
}

/// Writes a number in base 62, with leading zeros.
fn base_62(number: &[u8], length: usize) -> String {
    let mut digits = number.to_vec();
    let mut text = vec![b'0'; length];
    for character in text.iter_mut().rev() {
        let mut remainder = 0_u16;
        for digit in &mut digits {
            let value = remainder << 8 | u16::from(*digit);
            *digit = u8::try_from(value / 62).unwrap_or_default();
            remainder = value % 62;
        }
        *character = ALPHABET[usize::from(remainder)];
    }
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_base_62() {
        assert_eq!(base_62(&[0], 3), "000");
        assert_eq!(base_62(&[61], 2), "0z");
        assert_eq!(base_62(&[1, 0], 3), "048");
        assert_eq!(base_62(&[255; 32], LENGTH).len(), LENGTH);
        // 2^256 - 1 has 43 digits: nothing is cut off.
        assert_ne!(base_62(&[255; 32], LENGTH), base_62(&[127; 32], LENGTH));
    }

    #[test]
    fn a_key_is_recognised_and_its_typing_errors_are_found() {
        let key = Token::random_key().unwrap();
        assert_eq!(key.text.len(), PREFIX.len() + LENGTH + CHECK_LENGTH);
        assert_eq!(parse_key(&key.text), Some(key.hash));
        for position in 0..key.text.len() {
            let mut wrong = key.text.clone().into_bytes();
            wrong[position] = if wrong[position] == b'a' { b'b' } else { b'a' };
            assert_eq!(parse_key(&String::from_utf8(wrong).unwrap()), None, "{position}");
        }
        for wrong in ["", "ofc_", &key.text[1..], &key.text[..52], &format!("{}0", key.text), "ofc_ü"] {
            assert_eq!(parse_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn tokens_differ() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(one.text, other.text);
        assert_eq!(parse(&one.text), Some(one.hash));
        assert_eq!(parse("short"), None);
    }
}
