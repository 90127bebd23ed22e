//! The check character of a unique code. It makes a weighted sum of all characters 0 in the field of 32 elements. The
//! weights are powers of a generator α by the position from the end. Neighbours have different weights, none of which
//! is 0, so one wrong character and two swapped neighbours are always detected; other errors are in 31 of 32 cases.

/// The values are the polynomials over GF(2) of degree less than 5, modulo x⁵ + x² + 1. α = x generates the field.
const MODULUS: u8 = 0b10_0101;

fn times_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted > 31 { shifted ^ MODULUS } else { shifted }
}

/// Computes the weighted sum by Horner's rule: the last value has the weight 1, the one before it α, and so on.
fn sum(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_alpha(sum) ^ value)
}

/// Returns the check character that follows these values.
pub fn of(values: &[u8]) -> u8 {
    times_alpha(sum(values))
}

/// Whether the last of these values is the correct check character.
pub fn is_valid(values: &[u8]) -> bool {
    sum(values) == 0
}
