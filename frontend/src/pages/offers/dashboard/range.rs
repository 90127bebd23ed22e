use chrono::{Days, NaiveDate};
use offercast_contract::{DateRange, Offer};

use crate::i18n::dashboard as texts;
use crate::query_string::query_string;

/// What a dashboard shows, as in the address of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    pub range: Range,
    /// Whether the previous period is shown, too.
    pub compare: bool,
}

impl View {
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let compare = value("compare").as_deref() == Some("on");
        View { range: Range::read(value), compare }
    }

    /// The query of the address.
    pub fn query(self) -> String {
        let compare = ("compare", if self.compare { "on".to_owned() } else { String::new() });
        match self.range {
            Range::Custom(DateRange { from, to }) => {
                query_string([("from", from.to_string()), ("to", to.to_string()), compare])
            }
            Range::Last(_) | Range::All => query_string([("range", self.range.key()), compare]),
        }
    }
}

/// The range of days of a dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The last days up to today, or up to the end date of an offer that has ended.
    Last(u32),
    /// From the start date of the offer.
    All,
    Custom(DateRange),
}

pub const PRESETS: [Range; 5] =
    [Range::Last(7), Range::Last(14), Range::Last(30), Range::Last(90), Range::All];
const DEFAULT: Range = Range::Last(90);

impl Range {
    /// Reads `?range=30d` or `?from=2026-01-01&to=2026-01-31`. Invalid values are ignored.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let day = |name| value(name)?.parse::<NaiveDate>().ok();
        if let (Some(from), Some(to)) = (day("from"), day("to"))
            && from <= to
        {
            return Range::Custom(DateRange { from, to });
        }
        let key = value("range").unwrap_or_default();
        PRESETS.into_iter().find(|preset| preset.key() == key).unwrap_or(DEFAULT)
    }

    /// The range of days picked in a chart, cut off where the forecast starts. `None` if only forecast days were
    /// picked.
    pub fn picked(days: DateRange, shown: DateRange) -> Option<Self> {
        let (from, to) = (days.from.max(shown.from), days.to.min(shown.to));
        (from <= to).then_some(Range::Custom(DateRange { from, to }))
    }

    pub fn key(self) -> String {
        match self {
            Range::Last(days) => format!("{days}d"),
            Range::All => "all".to_owned(),
            Range::Custom(DateRange { from, to }) => format!("{from}..{to}"),
        }
    }

    pub fn label(self) -> String {
        match self {
            Range::Last(days) => texts::preset(&days.to_string()),
            Range::All => texts::all_days().to_owned(),
            Range::Custom(DateRange { from, to }) => crate::format::period(from, to),
        }
    }

    pub fn days(self, offer: &Offer, today: NaiveDate) -> DateRange {
        let to = today.min(offer.end_date);
        match self {
            Range::Custom(range) => range,
            // An offer that has not started has no days yet, so its range is today.
            Range::All => DateRange { from: offer.start_date.min(to), to },
            Range::Last(days) => {
                let before = Days::new(u64::from(days.saturating_sub(1)));
                DateRange { from: to.checked_sub_days(before).unwrap_or(to), to }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Range {
        Range::read(|name| query.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn days(range: Range, today: &str) -> String {
        let DateRange { from, to } = range.days(&crate::charts::sample_offer(), today.parse().unwrap());
        format!("{from}..{to}")
    }

    #[test]
    fn a_view_survives_its_address() {
        let days = DateRange { from: "2026-01-01".parse().unwrap(), to: "2026-01-31".parse().unwrap() };
        for range in [Range::Last(7), Range::All, Range::Custom(days)] {
            for compare in [true, false] {
                let view = View { range, compare };
                let query = view.query();
                let pairs = query[1..].split('&').filter_map(|pair| pair.split_once('='));
                let back = View::read(|name| {
                    pairs.clone().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
                });
                assert_eq!(back, view);
            }
        }
    }

    #[test]
    fn picked_days_end_where_the_forecast_starts() {
        let days = |from: &str, to: &str| DateRange { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let shown = days("2026-11-01", "2026-11-20");
        let picked = |from, to| Range::picked(days(from, to), shown).map(Range::key);
        assert_eq!(picked("2026-11-05", "2026-11-09").unwrap(), "2026-11-05..2026-11-09");
        assert_eq!(picked("2026-11-18", "2026-11-30").unwrap(), "2026-11-18..2026-11-20");
        assert_eq!(picked("2026-11-21", "2026-11-30"), None);
    }

    #[test]
    fn an_address_names_a_range() {
        assert_eq!(read(&[("range", "30d")]), Range::Last(30));
        assert_eq!(read(&[("range", "all")]), Range::All);
        assert_eq!(read(&[("from", "2026-01-01"), ("to", "2026-01-31")]).key(), "2026-01-01..2026-01-31");
    }

    #[test]
    fn invalid_ranges_are_the_default() {
        for query in [[("range", "7 weeks"), ("to", "")], [("from", "2026-02-01"), ("to", "2026-01-01")]] {
            assert_eq!(read(&query), Range::Last(90));
        }
    }

    #[test]
    fn a_range_ends_today_or_with_the_offer() {
        assert_eq!(days(Range::Last(30), "2026-12-20"), "2026-11-21..2026-12-20");
        assert_eq!(days(Range::All, "2026-12-20"), "2026-11-19..2026-12-20");
        assert_eq!(days(Range::Last(30), "2027-06-01"), "2026-12-02..2026-12-31");
        assert_eq!(days(Range::All, "2026-10-01"), "2026-10-01..2026-10-01");
    }
}
