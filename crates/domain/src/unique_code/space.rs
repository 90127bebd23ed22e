use super::{CODE_LENGTHS, CodesOrder, UniqueCode};
use crate::FieldError;

/// Bits of a character of the alphabet.
const BITS: usize = 5;
/// Whoever guesses a code with the right prefix and length needs 2³⁰ guesses, a thousand million, for each hit.
const LEAST_GUESS_BITS: u32 = 30;
/// One offer takes at most one in two to this power of the codes of a prefix and length, so that others find room.
const SHARE_BITS: u32 = 4;

/// Codes of one prefix and length that were issued.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodesAlike {
    pub of_offer: i64,
    /// Of whichever offer.
    pub of_all: i64,
}

/// The codes of one prefix and length, among which the issued ones must be hard to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeSpace {
    length: usize,
}

impl CodeSpace {
    pub fn new(length: usize) -> CodeSpace {
        CodeSpace { length }
    }

    /// Characters that the offer and the serial of a code take up, half each.
    pub fn halves(self) -> (usize, usize) {
        let random = UniqueCode::random_characters(self.length);
        (random / 2, random - random / 2)
    }

    /// The bits by which a guess misses, where so many codes are issued: one in two to their power hits.
    pub fn guess_bits(self, issued: i64) -> u32 {
        let bits = u32::try_from(UniqueCode::random_characters(self.length) * BITS).unwrap_or_default();
        let issued = u64::try_from(issued).unwrap_or_default().max(1);
        bits.saturating_sub(issued.next_power_of_two().trailing_zeros())
    }

    /// Whether an offer has room for its codes up to this serial.
    fn holds(self, offer_id: i64, last_serial: i64) -> bool {
        let (offer, serial) = self.halves();
        fits(offer_id, offer) && fits(last_serial, serial)
    }

    pub fn check(
        order: &CodesOrder,
        offer_id: i64,
        first_serial: i64,
        alike: CodesAlike,
    ) -> Result<(), FieldError> {
        let issued = alike.of_all.saturating_add(order.count);
        let of_offer = alike.of_offer.saturating_add(order.count);
        let last_serial = first_serial.saturating_add(order.count - 1);
        let will_do = |length: &usize| {
            let space = CodeSpace::new(*length);
            space.holds(offer_id, last_serial)
                && space.guess_bits(issued) >= LEAST_GUESS_BITS
                && space.guess_bits(of_offer) >= LEAST_GUESS_BITS + SHARE_BITS
        };
        if will_do(&order.length) {
            return Ok(());
        }
        let message = match CODE_LENGTHS.clone().find(will_do) {
            Some(length) => format!("is too short for {issued} such codes; {length} characters will do"),
            None => "is too short for so many codes, as is every other; issue fewer".to_owned(),
        };
        Err(FieldError::new("length", "out_of_range", message))
    }
}

fn fits(number: i64, characters: usize) -> bool {
    let bits = characters * BITS;
    number >= 0 && (bits >= 63 || number < 1 << bits)
}
