use super::{CODE_LENGTHS, CodesOrder, UniqueCode};
use crate::FieldError;

/// Bits per character.
const BITS: usize = 5;
/// Guessing a code with a known prefix and length must take 2³⁰ (a thousand million) attempts on average.
const MIN_GUESS_BITS: u32 = 30;
/// One offer may use at most 1/2⁴ of the codes that may be issued with a prefix and length.
const SHARE_BITS: u32 = 4;

/// Number of issued codes with the same prefix and length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodesAlike {
    pub of_offer: i64,
    /// Of all offers.
    pub of_all: i64,
}

/// All possible codes with the same prefix and length. Only a small share is issued, so that codes are hard to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeSpace {
    length: usize,
}

impl CodeSpace {
    pub fn new(length: usize) -> CodeSpace {
        CodeSpace { length }
    }

    /// Returns the number of characters for the offer id and for the serial: half of the random-looking ones each.
    pub fn halves(self) -> (usize, usize) {
        let random = UniqueCode::random_characters(self.length);
        (random / 2, random - random / 2)
    }

    /// Returns the bits of security with this many issued codes: with n bits, one guess in 2ⁿ hits a code.
    pub fn guess_bits(self, issued: i64) -> u32 {
        let bits = u32::try_from(UniqueCode::random_characters(self.length) * BITS).unwrap_or_default();
        let issued = u64::try_from(issued).unwrap_or_default().max(1);
        bits.saturating_sub(issued.next_power_of_two().trailing_zeros())
    }

    /// Whether this offer id and this serial fit into a code.
    fn fits(self, offer_id: i64, last_serial: i64) -> bool {
        let (offer, serial) = self.halves();
        fits_into(offer_id, offer) && fits_into(last_serial, serial)
    }

    /// Checks whether the ordered codes fit and are hard to guess. If not, the error suggests a length that is.
    pub fn check(
        order: &CodesOrder,
        offer_id: i64,
        first_serial: i64,
        alike: CodesAlike,
    ) -> Result<(), FieldError> {
        let issued = alike.of_all.saturating_add(order.count);
        let of_offer = alike.of_offer.saturating_add(order.count);
        let last_serial = first_serial.saturating_add(order.count - 1);
        let is_long_enough = |length: &usize| {
            let space = CodeSpace::new(*length);
            space.fits(offer_id, last_serial)
                && space.guess_bits(issued) >= MIN_GUESS_BITS
                && space.guess_bits(of_offer) >= MIN_GUESS_BITS + SHARE_BITS
        };
        if is_long_enough(&order.length) {
            return Ok(());
        }
        let message = match CODE_LENGTHS.clone().find(is_long_enough) {
            Some(length) => {
                format!("is too short for {issued} codes with this prefix; use {length} characters")
            }
            None => "is too short for this many codes, and so is every other length; issue fewer".to_owned(),
        };
        Err(FieldError::new("length", "out_of_range", message))
    }
}

fn fits_into(number: i64, characters: usize) -> bool {
    let bits = characters * BITS;
    number >= 0 && (bits >= 63 || number < 1 << bits)
}
