//! Decimals, compared with arithmetic on their digits.

use offercast_contract::Money;
use offercast_domain::decimal;

pub fn decimals(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(read) = decimal::parse(text) {
        assert!(!text.contains(['e', 'E']), "{text:?} was parsed as {read}");
        check(text, Money(read));
    }
    if let Ok(money) = serde_json::from_str::<Money>(text) {
        check(text.trim_matches([' ', '\t', '\r', '\n', '"']), money);
    }
    let quoted = serde_json::to_string(text).expect("text can be serialised");
    let of_string = serde_json::from_str::<Money>(&quoted).ok();
    assert_eq!(of_string, decimal::parse(text).map(Money), "JSON is parsed differently: {text:?}");
}

/// Only decimals are accepted, and they are not rounded.
fn check(text: &str, money: Money) {
    let exact = Exact::read(text);
    assert!(exact.is_some(), "{text:?} is not a decimal and was parsed as {money}");
    assert_eq!(Exact::read(&money.0.to_string()), exact, "{text:?} was parsed as {money}");
    let written = serde_json::to_string(&money).expect("money can be serialised");
    assert_eq!(
        serde_json::from_str::<Money>(&written).ok(),
        Some(money),
        "{text:?} was serialised as {written}"
    );
}

/// The value of a decimal: its significant digits and the power of ten of the last digit.
#[derive(Debug, PartialEq, Eq)]
struct Exact {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Exact {
    /// Parses a decimal by JSON's grammar, but with leading zeros allowed; otherwise returns `None`.
    fn read(text: &str) -> Option<Exact> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let has_fraction = !unsigned.contains('.') || !fraction.is_empty();
        if whole.is_empty() || !has_fraction || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let exponent = integer(exponent)? - i64::try_from(fraction.len()).ok()?;
        Some(Exact::of(mantissa != unsigned, &format!("{whole}{fraction}"), exponent))
    }

    fn of(is_negative: bool, digits: &str, exponent: i64) -> Exact {
        let significant = digits.trim_start_matches('0');
        let digits = significant.trim_end_matches('0');
        if digits.is_empty() {
            return Exact { is_negative: false, digits: "0".to_owned(), exponent: 0 };
        }
        let zeros = i64::try_from(significant.len() - digits.len()).unwrap_or_default();
        Exact { is_negative, digits: digits.to_owned(), exponent: exponent + zeros }
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses an exponent. Exponents beyond any decimal are cut to a very large one.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !is_digits(digits) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(1 << 40).min(1 << 40);
    Some(if text.starts_with('-') { -size } else { size })
}
