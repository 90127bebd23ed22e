//! Computes codes from serials and serials from codes: the random-looking characters of a code are its offer and its
//! serial, encrypted by FF1 of NIST SP 800-38G with AES-256, whose output has the format of its input.

use aes::Aes256;
use fpe::ff1::{FF1, NumeralString, Operations};
use hkdf::Hkdf;
use offercast_domain::{CodeName, CodePrefix, CodeSpace, UniqueCode};
use sha2::Sha256;

/// Values of a character.
const RADIX: u32 = 32;
const BITS: usize = 5;

/// Encrypts and decrypts the codes of one key.
pub(crate) struct CodeCipher {
    key_id: i32,
    ff1: FF1<Aes256>,
}

impl CodeCipher {
    /// The cipher of key 0, which is the secret of the database alone.
    pub fn of_secret(secret: &[u8; 32]) -> CodeCipher {
        CodeCipher::new(0, secret)
    }

    /// The cipher of a key of the settings, which is combined with the secret of the database, so that neither alone
    /// is enough to compute codes.
    pub fn of_key(secret: &[u8; 32], key_id: i32, key: &[u8; 32]) -> CodeCipher {
        let mut combined = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(Some(secret), key);
        hkdf.expand(b"offercast unique codes", &mut combined).expect("SHA-256 yields 32 bytes");
        CodeCipher::new(key_id, &combined)
    }

    fn new(key_id: i32, key: &[u8; 32]) -> CodeCipher {
        CodeCipher { key_id, ff1: FF1::new(key, RADIX).expect("FF1 accepts a radix of 32") }
    }

    pub fn key_id(&self) -> i32 {
        self.key_id
    }

    /// `None` for a length that no code has. Offer and serial must fit ([`CodeSpace`]).
    pub fn encrypt(
        &self,
        offer_id: i64,
        serial: i64,
        prefix: &CodePrefix,
        length: usize,
    ) -> Option<UniqueCode> {
        let (offer, rest) = CodeSpace::new(length).halves();
        let plain = Numerals(Half::new(offer_id, offer), Half::new(serial, rest));
        let encrypted = self.ff1.encrypt(prefix.as_read().as_bytes(), &plain).ok()?;
        UniqueCode::new(prefix.clone(), encrypted.values())
    }

    /// The offer and the serial of the code, if it was issued with this key.
    pub fn decrypt(&self, code: &UniqueCode) -> Option<(i64, CodeName)> {
        let prefix = code.prefix.as_read();
        let encrypted = Numerals::of(code.random());
        let Numerals(offer, serial) = self.ff1.decrypt(prefix.as_bytes(), &encrypted).ok()?;
        let name = CodeName { serial: serial.number(), prefix, length: code.length(), key_id: self.key_id };
        Some((offer.number(), name))
    }
}

/// The random-looking characters in two halves: the first for the offer, the second for the serial. In the longest
/// codes each has 11 characters, which are 55 bits.
///
/// This replaces the general numerals of the `fpe` crate, which work with big integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Numerals(Half, Half);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Half {
    value: u64,
    characters: usize,
}

impl Numerals {
    fn of(values: &[u8]) -> Numerals {
        let half = |values: &[u8]| Half {
            value: values.iter().fold(0, |number, value| number << BITS | u64::from(*value)),
            characters: values.len(),
        };
        let (first, second) = values.split_at(values.len() / 2);
        Numerals(half(first), half(second))
    }

    fn values(self) -> Vec<u8> {
        self.0.values().chain(self.1.values()).collect()
    }
}

impl Half {
    fn new(number: i64, characters: usize) -> Half {
        Half { value: number.unsigned_abs(), characters }
    }

    /// A half has fewer than 63 bits.
    fn number(self) -> i64 {
        i64::try_from(self.value).unwrap_or_default()
    }

    fn values(self) -> impl Iterator<Item = u8> {
        let value = move |index: usize| u8::try_from(self.value >> (index * BITS) & 31).unwrap_or_default();
        (0..self.characters).rev().map(value)
    }

    /// The lowest characters of a number.
    fn modulo(number: u128, characters: usize) -> Half {
        let mask = (1_u128 << (characters * BITS)) - 1;
        Half { value: u64::try_from(number & mask).unwrap_or_default(), characters }
    }
}

/// The last bytes of a big-endian number.
struct Tail([u8; 8], usize);

impl AsRef<[u8]> for Tail {
    fn as_ref(&self) -> &[u8] {
        &self.0[8_usize.saturating_sub(self.1)..]
    }
}

fn number(bytes: impl Iterator<Item = u8>) -> u128 {
    bytes.fold(0, |number, byte| number << 8 | u128::from(byte))
}

impl Operations for Half {
    type Bytes = Tail;

    fn numeral_count(&self) -> usize {
        self.characters
    }

    fn to_be_bytes(&self, _: u32, b: usize) -> Tail {
        Tail(self.value.to_be_bytes(), b)
    }

    fn add_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, m: usize) -> Half {
        Half::modulo(u128::from(self.value).wrapping_add(number(other)), m)
    }

    fn sub_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, m: usize) -> Half {
        Half::modulo(u128::from(self.value).wrapping_sub(number(other)), m)
    }
}

impl NumeralString for Numerals {
    type Ops = Half;

    fn is_valid(&self, radix: u32) -> bool {
        let fits = |half: &Half| half.value >> (half.characters * BITS) == 0;
        radix == RADIX && fits(&self.0) && fits(&self.1)
    }

    fn numeral_count(&self) -> usize {
        self.0.characters + self.1.characters
    }

    fn split(&self) -> (Half, Half) {
        (self.0, self.1)
    }

    fn concat(first: Half, second: Half) -> Numerals {
        Numerals(first, second)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use fpe::ff1::FlexibleNumeralString;
    use offercast_domain::CODE_LENGTHS;

    use super::*;

    fn prefix(text: &str) -> CodePrefix {
        CodePrefix::parse(text).unwrap()
    }

    #[test]
    fn a_code_decrypts_to_its_offer_and_serial() {
        let cipher = CodeCipher::of_secret(&[7; 32]);
        for length in CODE_LENGTHS {
            for (offer_id, serial) in [(1, 0), (1, 999_999), (33_554_431, 33_554_431)] {
                let code = cipher.encrypt(offer_id, serial, &prefix("HOLIDAY"), length).unwrap();
                let typed = UniqueCode::parse(&code.to_string().to_lowercase()).unwrap();
                let name = CodeName { serial, prefix: "H011DAY".to_owned(), length, key_id: 0 };
                assert_eq!(cipher.decrypt(&typed), Some((offer_id, name)), "{code}");
            }
        }
    }

    #[test]
    fn codes_are_distinct_and_unpredictable() {
        let cipher = CodeCipher::of_secret(&[7; 32]);
        let code =
            |offer_id, serial, text: &str| cipher.encrypt(offer_id, serial, &prefix(text), 12).unwrap();
        let codes: HashSet<_> = (0..20_000).map(|n| code(1 + n % 2, n / 2, "").to_string()).collect();
        assert_eq!(codes.len(), 20_000);
        // Neighbours share a character only by chance: one in 32.
        let alike = (0..2_000).map(|n| {
            let (one, next) = (code(1, n, ""), code(1, n + 1, ""));
            one.random().iter().zip(next.random()).filter(|(a, b)| a == b).count()
        });
        assert!((450..800).contains(&alike.sum::<usize>()), "20,000 characters, 625 expected");
        // Another prefix, another secret: other characters.
        assert_ne!(code(1, 0, "A").random(), code(1, 0, "B").random());
        let other = CodeCipher::of_secret(&[8; 32]).encrypt(1, 0, &prefix(""), 12).unwrap();
        assert_ne!(other.random(), code(1, 0, "").random());
    }

    #[test]
    fn a_key_of_the_settings_and_the_secret_of_the_database_are_both_needed() {
        let cipher = CodeCipher::of_key(&[7; 32], 1, &[1; 32]);
        let code = cipher.encrypt(1, 5, &prefix(""), 16).unwrap();
        let name = CodeName { serial: 5, prefix: String::new(), length: 16, key_id: 1 };
        assert_eq!(cipher.decrypt(&code), Some((1, name)));
        let others = [
            CodeCipher::of_secret(&[7; 32]),
            CodeCipher::of_secret(&[1; 32]),
            CodeCipher::of_key(&[8; 32], 1, &[1; 32]),
            CodeCipher::of_key(&[7; 32], 1, &[2; 32]),
        ];
        for other in others {
            let (offer_id, name) = other.decrypt(&code).unwrap();
            assert_ne!((offer_id, name.serial), (1, 5));
        }
    }

    /// Compares our numerals with the general ones of the crate, which its authors test with the samples of NIST.
    #[test]
    fn the_result_is_that_of_ff1() {
        let secret = [3; 32];
        let (cipher, ff1) = (CodeCipher::of_secret(&secret), FF1::<Aes256>::new(&secret, RADIX).unwrap());
        for length in CODE_LENGTHS {
            let code = cipher.encrypt(31, 1_234_567, &prefix("AB"), length).unwrap();
            let (offer, serial) = CodeSpace::new(length).halves();
            let plain = Numerals(Half::new(31, offer), Half::new(1_234_567, serial)).values();
            let plain: Vec<u16> = plain.into_iter().map(u16::from).collect();
            let encrypted = ff1.encrypt(b"AB", &FlexibleNumeralString::from(plain)).unwrap();
            let encrypted: Vec<u16> = encrypted.into();
            assert_eq!(code.random().iter().copied().map(u16::from).collect::<Vec<_>>(), encrypted);
        }
    }
}
