use offercast_contract::Money;
use offercast_domain::Currency;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::i18n::{common as texts, grouped};

/// Formats `1234567` as `1,234,567`.
pub fn count(value: i64) -> String {
    grouped(&value.to_string())
}

/// A length as `i64`.
pub fn whole(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// An average or a forecast with one decimal place, without it if it is zero or the value is 100 or more.
pub fn decimal(value: f64) -> String {
    let digits = if value.abs() >= 100.0 { 0 } else { 1 };
    let text = format!("{value:.digits$}");
    grouped(text.strip_suffix(".0").unwrap_or(&text))
}

/// Formats `12.34` as `12.3%`.
pub fn percent(value: f64) -> String {
    texts::percentage(&decimal(value))
}

/// An amount with the currency's minor units: `1,234.50 USD`, `1,235 JPY`.
pub fn money(amount: Money, currency: &str) -> String {
    figure(amount, currency) + " " + currency
}

/// Like [`money`] without the currency. Always with minor units, so that columns align.
pub fn figure(amount: Money, currency: &str) -> String {
    grouped(&fixed(amount.0, minor_units(currency)))
}

/// An amount for narrow places, without minor units if they are zero: `25 USD`, `49.50 USD`.
pub fn compact(money: Money, currency: &str) -> String {
    amount(money, currency) + " " + currency
}

/// Like [`compact`] without the currency.
pub fn amount(money: Money, currency: &str) -> String {
    let digits = if money.0.fract().is_zero() { 0 } else { minor_units(currency) };
    grouped(&fixed(money.0, digits))
}

/// An estimated amount: `about 1,235 USD`.
pub fn estimate(value: f64, currency: &str) -> String {
    texts::about(&(decimal(value) + " " + currency))
}

/// A number with all its digits: `12.5`.
pub fn number(value: Money) -> String {
    grouped(&value.to_string())
}

/// The share of a part in the whole in percent, clamped to 0 to 100. 0 if the whole is zero.
pub fn percent_of(part: Decimal, whole: Decimal) -> f64 {
    if whole.is_zero() {
        return 0.0;
    }
    let share = part / whole * Decimal::ONE_HUNDRED;
    f64::try_from(share.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED)).unwrap_or(0.0)
}

fn minor_units(currency: &str) -> u32 {
    Currency::parse(currency).map_or(2, Currency::minor_units)
}

fn fixed(amount: Decimal, digits: u32) -> String {
    let rounded = amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    format!("{rounded:.0$}", digits as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::in_german;

    fn parsed(text: &str) -> Money {
        Money(text.parse().unwrap())
    }

    #[test]
    fn counts_are_grouped() {
        for (value, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(count(value), text);
        }
    }

    #[test]
    fn averages_have_one_decimal_below_a_hundred() {
        for (value, text) in [(0.0, "0"), (4.0, "4"), (4.25, "4.2"), (99.96, "100"), (1234.5, "1,234")] {
            assert_eq!(decimal(value), text);
        }
    }

    #[test]
    fn money_has_the_digits_of_its_currency() {
        assert_eq!(money(parsed("1234.5"), "USD"), "1,234.50 USD");
        assert_eq!(money(parsed("1234.5"), "JPY"), "1,235 JPY");
        assert_eq!(money(parsed("0.5"), "KWD"), "0.500 KWD");
        assert_eq!(money(parsed("-12"), "USD"), "-12.00 USD");
    }

    #[test]
    fn german_swaps_points_and_commas() {
        assert_eq!(in_german(|| money(parsed("1234567.5"), "EUR")), "1.234.567,50 EUR");
        assert_eq!(in_german(|| [count(1_000), percent(12.34)]), ["1.000", "12,3 %"]);
    }

    #[test]
    fn compact_money_drops_empty_minor_units() {
        assert_eq!(compact(parsed("2500.00"), "USD"), "2,500 USD");
        assert_eq!(compact(parsed("49.5"), "USD"), "49.50 USD");
    }

    #[test]
    fn shares_are_clamped() {
        let share = |part, whole| percent_of(Decimal::from(part), Decimal::from(whole));
        assert_eq!([share(1, 4), share(5, 4), share(3, 0)], [25.0, 100.0, 0.0]);
    }
}
