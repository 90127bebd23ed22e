use chrono::{Days, NaiveDate};
use offercast_contract::{DateRange, Offer};

use crate::query::query_string;
use crate::words::dashboard as words;

/// What a dashboard shows, as the address of the page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    pub range: Range,
    /// Whether the days before are drawn beside it.
    pub compare: bool,
}

impl View {
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let compare = value("compare").as_deref() == Some("on");
        View { range: Range::read(value), compare }
    }

    /// The query of its address.
    pub fn query(self) -> String {
        let compare = ("compare", if self.compare { "on".to_owned() } else { String::new() });
        match self.range {
            Range::Custom(DateRange { from, to }) => {
                query_string([("from", from.to_string()), ("to", to.to_string()), compare])
            }
            Range::Last(_) | Range::All => query_string([("range", self.range.word()), compare]),
        }
    }
}

/// The days of a dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// So many days up to today, or to the end of an offer that is over.
    Last(u32),
    /// From the first day of the offer.
    All,
    Custom(DateRange),
}

pub const PRESETS: [Range; 5] =
    [Range::Last(7), Range::Last(14), Range::Last(30), Range::Last(90), Range::All];
const DEFAULT: Range = Range::Last(90);

impl Range {
    /// `?range=30d` or `?from=2026-01-01&to=2026-01-31`; what is not understood is as if left out.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let day = |name| value(name)?.parse::<NaiveDate>().ok();
        if let (Some(from), Some(to)) = (day("from"), day("to"))
            && from <= to
        {
            return Range::Custom(DateRange { from, to });
        }
        let word = value("range").unwrap_or_default();
        PRESETS.into_iter().find(|preset| preset.word() == word).unwrap_or(DEFAULT)
    }

    /// Days that were picked in a chart, which may reach into the forecast. `None` where only that was picked.
    pub fn picked(days: DateRange, shown: DateRange) -> Option<Self> {
        let (from, to) = (days.from.max(shown.from), days.to.min(shown.to));
        (from <= to).then_some(Range::Custom(DateRange { from, to }))
    }

    pub fn word(self) -> String {
        match self {
            Range::Last(days) => format!("{days}d"),
            Range::All => "all".to_owned(),
            Range::Custom(DateRange { from, to }) => format!("{from}..{to}"),
        }
    }

    pub fn label(self) -> String {
        match self {
            Range::Last(days) => words::preset(&days.to_string()),
            Range::All => words::all_days().to_owned(),
            Range::Custom(DateRange { from, to }) => crate::format::period(from, to),
        }
    }

    pub fn days(self, offer: &Offer, today: NaiveDate) -> DateRange {
        let to = today.min(offer.end_date);
        match self {
            Range::Custom(range) => range,
            // An offer that starts later has no days yet: its range ends today too.
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
    fn a_view_comes_back_from_its_address() {
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
    fn what_is_picked_in_a_chart_ends_where_the_forecast_begins() {
        let days = |from: &str, to: &str| DateRange { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let shown = days("2026-11-01", "2026-11-20");
        let picked = |from, to| Range::picked(days(from, to), shown).map(Range::word);
        assert_eq!(picked("2026-11-05", "2026-11-09").unwrap(), "2026-11-05..2026-11-09");
        assert_eq!(picked("2026-11-18", "2026-11-30").unwrap(), "2026-11-18..2026-11-20");
        assert_eq!(picked("2026-11-21", "2026-11-30"), None);
    }

    #[test]
    fn an_address_names_a_range() {
        assert_eq!(read(&[("range", "30d")]), Range::Last(30));
        assert_eq!(read(&[("range", "all")]), Range::All);
        assert_eq!(read(&[("from", "2026-01-01"), ("to", "2026-01-31")]).word(), "2026-01-01..2026-01-31");
    }

    #[test]
    fn what_is_not_a_range_is_the_usual_one() {
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
