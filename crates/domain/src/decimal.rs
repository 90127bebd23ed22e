//! Parses decimals. JSON, CSV, forms and query parameters all use this parser.

use std::str::FromStr;

use rust_decimal::Decimal;

/// Maximum number of digits. Every number with this many digits fits a [`Decimal`] exactly.
pub const MAX_DIGITS: usize = 28;

/// Parses digits with an optional minus sign and an optional fraction, such as `-12.50`.
///
/// Returns `None` for everything else: exponents, plus signs, underscores, spaces, a point without digits on both
/// sides. Also returns `None` for more than [`MAX_DIGITS`] digits (without leading zeros), so that nothing is ever
/// rounded.
pub fn parse(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0').len();
    let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if whole + fraction > MAX_DIGITS {
        return None;
    }
    let decimal = Decimal::from_str_exact(text).ok()?;
    // Zero has no sign and no decimal places.
    Some(if decimal.is_zero() { Decimal::ZERO } else { decimal })
}

/// Parses a JSON number, which may have an exponent: `1.25e1` is 12.5. Never rounds, like [`parse`].
pub fn parse_json_number(text: &str) -> Option<Decimal> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return parse(text) };
    let mantissa = parse(mantissa)?.normalize();
    if mantissa.is_zero() {
        return Some(mantissa);
    }
    shift(mantissa, i32::from_str(exponent).ok()?)
}

/// Returns `decimal` times 10 to the power of `places`, or `None` if that cannot be represented exactly.
fn shift(mut decimal: Decimal, places: i32) -> Option<Decimal> {
    let scale = i32::try_from(decimal.scale()).ok()?.checked_sub(places)?;
    decimal.set_scale(u32::try_from(scale.max(0)).ok()?).ok()?;
    for _ in scale..0 {
        decimal = decimal.checked_mul(Decimal::TEN)?;
    }
    parse(&decimal.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_decimals_are_parsed() {
        for (text, read) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.00", "0"),
            ("007.50", "7.50"),
            ("-12.5", "-12.5"),
            ("1234567890123456789012345678", "1234567890123456789012345678"),
            ("0.1234567890123456789012345678", "0.1234567890123456789012345678"),
        ] {
            assert_eq!(parse(text).map(|decimal| decimal.to_string()).as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn other_formats_and_inexact_numbers_are_rejected() {
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "+1",
            "--1",
            " 1",
            "1 ",
            "1_000",
            "12_50",
            "1,5",
            "1e3",
            "0x1",
            "NaN",
            "inf",
            "1.2.3",
            "1.-2",
            "１２",
            "12345678901234567890123456789",
            "0.12345678901234567890123456789",
            "12345678901234567890.123456789",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(parse(&"1".repeat(1_000_000)), None);
        assert_eq!(parse(&format!("{}1", "0".repeat(100))), Some(Decimal::ONE));
    }

    #[test]
    fn json_numbers_may_have_an_exponent() {
        for (text, read) in [
            ("1e3", "1000"),
            ("1.25E1", "12.5"),
            ("125e-2", "1.25"),
            ("-1.50e+2", "-150"),
            ("0e999999999", "0"),
            ("1e27", "1000000000000000000000000000"),
            ("1e-28", "0.0000000000000000000000000001"),
        ] {
            let read_back = parse_json_number(text).map(|decimal| decimal.normalize().to_string());
            assert_eq!(read_back.as_deref(), Some(read), "{text}");
        }
        for text in
            ["1e28", "1e-29", "1e400", "1e99999999999999999999", "1.5e-28", "e3", "1e", "1e1.5", "1_0e1"]
        {
            assert_eq!(parse_json_number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_formatted_decimal_is_parsed(mantissa in -(10_i128.pow(28) - 1)..10_i128.pow(28), scale in 0_u32..=28) {
            let decimal = Decimal::from_i128_with_scale(mantissa, scale);
            prop_assert_eq!(parse(&decimal.to_string()), Some(decimal));
        }

        #[test]
        fn parsing_is_exact(text in "-?[0-9_+e.]{1,34}") {
            if let Some(decimal) = parse(&text) {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                let written: String = decimal.to_string().chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(digits.trim_start_matches('0').trim_end_matches('0'),
                    written.trim_start_matches('0').trim_end_matches('0'));
            }
        }
    }
}
