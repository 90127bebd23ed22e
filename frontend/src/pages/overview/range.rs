use chrono::{Days, NaiveDate};
use offercast_contract::DateRange;

use crate::i18n::common;
use crate::query_string::query_string;

/// The number of days that the overview shows, as in the address of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range(u64);

const DEFAULT: Range = Range(30);

pub const RANGES: [Range; 3] = [Range(7), DEFAULT, Range(90)];

impl Range {
    /// Unknown values are ignored.
    pub fn read(key: Option<&str>) -> Range {
        RANGES.into_iter().find(|range| key == Some(range.key().as_str())).unwrap_or(DEFAULT)
    }

    pub fn key(self) -> String {
        format!("{}d", self.0)
    }

    pub fn label(self) -> String {
        common::days(i64::try_from(self.0).unwrap_or_default())
    }

    pub fn address(self) -> String {
        let key = if self == DEFAULT { String::new() } else { self.key() };
        format!("/admin{}", query_string([("range", key)]))
    }

    /// The days up to today. `None` leaves the choice to the server.
    pub fn until(self, today: Option<NaiveDate>) -> Option<DateRange> {
        let to = today?;
        Some(DateRange { from: to.checked_sub_days(Days::new(self.0 - 1))?, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_has_the_range_unless_it_is_the_default() {
        assert_eq!(RANGES.map(Range::address), ["/admin?range=7d", "/admin", "/admin?range=90d"]);
        for range in RANGES {
            assert_eq!(Range::read(Some(&range.key())), range);
        }
        assert_eq!((Range::read(None), Range::read(Some("5d"))), (DEFAULT, DEFAULT));
    }

    #[test]
    fn seven_days_end_today() {
        let days = Range(7).until("2026-06-15".parse().ok()).unwrap();
        assert_eq!(
            (days.from.to_string(), days.to.to_string()),
            ("2026-06-09".to_owned(), "2026-06-15".to_owned())
        );
    }
}
