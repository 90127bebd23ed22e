//! The check character: the sum of all values, each times a power of α by its place from the end, is 0 in the field
//! of 32 elements. Neighbours have different weights, none of which is 0, so one wrong character and two that have
//! changed places always show; anything else does 31 times in 32.

/// The values are the polynomials over GF(2) below x⁵, modulo this one, x⁵ + x² + 1, of which α = x is a generator.
const MODULUS: u8 = 0b10_0101;

fn times_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted > 31 { shifted ^ MODULUS } else { shifted }
}

/// By Horner's rule: the last value has the weight 1, the one before it α, and so on.
fn sum(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_alpha(sum) ^ value)
}

/// What comes after these.
pub fn character(values: &[u8]) -> u8 {
    times_alpha(sum(values))
}

/// Whether the last one is right.
pub fn is_right(values: &[u8]) -> bool {
    sum(values) == 0
}
