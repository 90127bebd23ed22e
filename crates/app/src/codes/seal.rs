//! Which code a serial has, and which serial a code: the random-looking characters of a code are its offer and its
//! serial, encrypted by FF1 of NIST SP 800-38G with AES-256, whose result has the format of what goes in.

use aes::Aes256;
use fpe::ff1::{FF1, NumeralString, Operations};
use offercast_domain::{CodeName, CodePrefix, CodeSpace, UniqueCode};

/// The values that a character has.
const RADIX: u32 = 32;
const BITS: usize = 5;

/// What turns serials into codes and codes into serials. There is one for all, by the secret of the installation.
pub(crate) struct Seal(FF1<Aes256>);

impl Seal {
    pub fn new(secret: &[u8; 32]) -> Seal {
        Seal(FF1::new(secret, RADIX).expect("FF1 takes a radix of 32"))
    }

    /// None for a length that no code has. Offer and serial have to fit ([`CodeSpace`]).
    pub fn code(&self, offer_id: i64, serial: i64, prefix: &CodePrefix, length: usize) -> Option<UniqueCode> {
        let (offer, rest) = CodeSpace::new(length).halves();
        let plain = Numerals(Half::new(offer_id, offer), Half::new(serial, rest));
        let sealed = self.0.encrypt(prefix.as_read().as_bytes(), &plain).ok()?;
        UniqueCode::new(prefix.clone(), sealed.values())
    }

    /// The offer and the code that this would be if it was issued.
    pub fn open(&self, code: &UniqueCode) -> Option<(i64, CodeName)> {
        let prefix = code.prefix.as_read();
        let sealed = Numerals::of(code.random());
        let Numerals(offer, serial) = self.0.decrypt(prefix.as_bytes(), &sealed).ok()?;
        Some((offer.number(), CodeName { serial: serial.number(), prefix, length: code.length() }))
    }
}

/// Random-looking characters in two halves, the first for the offer, the second for the serial. Of a long code each has
/// 11 characters, which are 55 bits.
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

    /// A half has less than 63 bits.
    fn number(self) -> i64 {
        i64::try_from(self.value).unwrap_or_default()
    }

    fn values(self) -> impl Iterator<Item = u8> {
        let value = move |place: usize| u8::try_from(self.value >> (place * BITS) & 31).unwrap_or_default();
        (0..self.characters).rev().map(value)
    }

    /// With so many characters, of a number that may be larger.
    fn modulo(number: u128, characters: usize) -> Half {
        let mask = (1_u128 << (characters * BITS)) - 1;
        Half { value: u64::try_from(number & mask).unwrap_or_default(), characters }
    }
}

/// A big-endian number, as many of its last bytes as are asked for.
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
    fn a_code_tells_its_offer_and_its_serial() {
        let seal = Seal::new(&[7; 32]);
        for length in CODE_LENGTHS {
            for (offer_id, serial) in [(1, 0), (1, 999_999), (33_554_431, 33_554_431)] {
                let code = seal.code(offer_id, serial, &prefix("HOLIDAY"), length).unwrap();
                let typed = UniqueCode::parse(&code.to_string().to_lowercase()).unwrap();
                let name = CodeName { serial, prefix: "H011DAY".to_owned(), length };
                assert_eq!(seal.open(&typed), Some((offer_id, name)), "{code}");
            }
        }
    }

    #[test]
    fn no_two_codes_are_alike_and_none_tells_the_next() {
        let seal = Seal::new(&[7; 32]);
        let code = |offer_id, serial, text: &str| seal.code(offer_id, serial, &prefix(text), 12).unwrap();
        let codes: HashSet<_> = (0..20_000).map(|n| code(1 + n % 2, n / 2, "").to_string()).collect();
        assert_eq!(codes.len(), 20_000);
        // Neighbours share a character by chance only: one in 32.
        let alike = (0..2_000).map(|n| {
            let (one, next) = (code(1, n, ""), code(1, n + 1, ""));
            one.random().iter().zip(next.random()).filter(|(a, b)| a == b).count()
        });
        assert!((450..800).contains(&alike.sum::<usize>()), "20,000 characters, 625 expected");
        // Another prefix, another secret: other characters.
        assert_ne!(code(1, 0, "A").random(), code(1, 0, "B").random());
        let other = Seal::new(&[8; 32]).code(1, 0, &prefix(""), 12).unwrap();
        assert_ne!(other.random(), code(1, 0, "").random());
    }

    /// Our arithmetic on numerals, beside the general one of the crate, which its authors hold against the samples of
    /// NIST.
    #[test]
    fn it_is_ff1() {
        let secret = [3; 32];
        let (seal, ff1) = (Seal::new(&secret), FF1::<Aes256>::new(&secret, RADIX).unwrap());
        for length in CODE_LENGTHS {
            let code = seal.code(31, 1_234_567, &prefix("AB"), length).unwrap();
            let (offer, serial) = CodeSpace::new(length).halves();
            let plain = Numerals(Half::new(31, offer), Half::new(1_234_567, serial)).values();
            let plain: Vec<u16> = plain.into_iter().map(u16::from).collect();
            let sealed = ff1.encrypt(b"AB", &FlexibleNumeralString::from(plain)).unwrap();
            let sealed: Vec<u16> = sealed.into();
            assert_eq!(code.random().iter().copied().map(u16::from).collect::<Vec<_>>(), sealed);
        }
    }
}
