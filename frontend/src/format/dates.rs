use chrono::{NaiveDate, TimeDelta};

/// `23 Nov 2026`: no reader takes the day for the month.
pub fn long_day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// `Mon 23 Nov 2026`.
pub fn full_day(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

/// A tick of a time axis: the year only where the axis is long enough to need it.
pub fn axis_day(day: NaiveDate, days_on_axis: usize) -> String {
    let format = if days_on_axis > 300 { "%-d %b %y" } else { "%-d %b" };
    day.format(format).to_string()
}

/// `3 – 24 Nov 2026`, `3 Oct – 24 Nov 2026`, `3 Dec 2026 – 24 Jan 2027`: what both ends share is said once.
pub fn period(from: NaiveDate, to: NaiveDate) -> String {
    let same_year = from.format("%Y").to_string() == to.format("%Y").to_string();
    let same_month = same_year && from.format("%m").to_string() == to.format("%m").to_string();
    let start = match (same_month, same_year) {
        _ if from == to => return long_day(to),
        (true, _) => "%-d",
        (_, true) => "%-d %b",
        _ => "%-d %b %Y",
    };
    format!("{} – {}", from.format(start), long_day(to))
}

/// How long ago, in the largest unit that says enough.
pub fn ago(passed: TimeDelta) -> String {
    let minutes = passed.num_minutes();
    match minutes {
        i64::MIN..1 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1_440 => format!("{} h ago", minutes / 60),
        1_440..2_880 => "a day ago".to_owned(),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_says_once_what_its_ends_share() {
        for (from, to, text) in [
            ("2026-11-03", "2026-11-03", "3 Nov 2026"),
            ("2026-11-03", "2026-11-24", "3 – 24 Nov 2026"),
            ("2026-10-03", "2026-11-24", "3 Oct – 24 Nov 2026"),
            ("2025-11-03", "2026-11-24", "3 Nov 2025 – 24 Nov 2026"),
        ] {
            assert_eq!(period(day(from), day(to)), text);
        }
    }

    #[test]
    fn time_passed_reads_in_one_unit() {
        for (seconds, text) in [
            (-5, "just now"),
            (59, "just now"),
            (180, "3 min ago"),
            (7_300, "2 h ago"),
            (90_000, "a day ago"),
            (400_000, "4 days ago"),
        ] {
            assert_eq!(ago(TimeDelta::seconds(seconds)), text);
        }
    }
}
