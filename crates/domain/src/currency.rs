use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

/// An ISO 4217 currency. Amounts are rounded to its minor unit, half away from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    code: &'static str,
    minor_units: u32,
}

impl Currency {
    pub fn parse(text: &str) -> Option<Currency> {
        ISO_4217.iter().find_map(|&(minor_units, codes)| {
            let code = codes.split(' ').find(|code| code.eq_ignore_ascii_case(text))?;
            Some(Currency { code, minor_units })
        })
    }

    /// Returns all supported codes, by number of minor units, then alphabetically.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        ISO_4217.iter().flat_map(|(_, codes)| codes.split(' '))
    }

    pub fn code(self) -> &'static str {
        self.code
    }

    /// Decimal places: 0 for JPY, 2 for USD, 3 for KWD.
    pub fn minor_units(self) -> u32 {
        self.minor_units
    }

    pub fn round(self, amount: Decimal) -> Decimal {
        amount.round_dp_with_strategy(self.minor_units, RoundingStrategy::MidpointAwayFromZero)
    }

    /// Rounds down to whole minor units.
    pub fn round_down(self, amount: Decimal) -> Decimal {
        amount.round_dp_with_strategy(self.minor_units, RoundingStrategy::ToNegativeInfinity)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// The active currencies by number of minor units (ISO 4217:2015, list one, without funds and metals).
const ISO_4217: [(u32, &str); 3] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
         CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD \
         HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA \
         MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN \
         QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP \
         TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(code: &str, amount: &str) -> String {
        Currency::parse(code).unwrap().round(amount.parse().unwrap()).to_string()
    }

    #[test]
    fn rounds_half_away_from_zero_to_the_minor_unit() {
        assert_eq!(rounded("JPY", "0.5"), "1");
        assert_eq!(rounded("JPY", "2.5"), "3");
        assert_eq!(rounded("USD", "1.005"), "1.01");
        assert_eq!(rounded("USD", "1.00499"), "1.00");
        assert_eq!(rounded("KWD", "0.0005"), "0.001");
    }

    #[test]
    fn only_real_currencies_are_accepted() {
        assert_eq!(Currency::parse("usd").map(Currency::code), Some("USD"));
        for text in ["", "XXX", "US", "USD EUR"] {
            assert_eq!(Currency::parse(text), None, "{text}");
        }
        assert_eq!(Currency::codes().filter(|code| code.len() != 3).count(), 0);
    }
}
