use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::words::common as words;

/// `23 Nov 2026`: no reader takes the day for the month.
pub fn long_day(day: NaiveDate) -> String {
    words::day_of_year(&day.day().to_string(), month(day), &day.year().to_string())
}

/// `Mon 23 Nov 2026`.
pub fn full_day(day: NaiveDate) -> String {
    let place = day.weekday().num_days_from_monday() as usize;
    let weekday = words::weekdays().split(' ').nth(place).unwrap_or_default();
    words::weekday_and_day(weekday, &long_day(day))
}

/// A tick of a time axis: the year only where the axis is long enough to need it.
pub fn axis_day(day: NaiveDate, days_on_axis: usize) -> String {
    if days_on_axis > 300 {
        let year = (day.year() % 100).to_string();
        words::day_of_year(&day.day().to_string(), month(day), &format!("{year:0>2}"))
    } else {
        words::day_of_month(&day.day().to_string(), month(day))
    }
}

/// `3 – 24 Nov 2026`, `3 Oct – 24 Nov 2026`, `3 Dec 2026 – 24 Jan 2027`: what both ends share is said once.
pub fn period(from: NaiveDate, to: NaiveDate) -> String {
    let number = from.day().to_string();
    let start = match (from.year() == to.year(), from.month() == to.month()) {
        _ if from == to => return long_day(to),
        (true, true) => words::day_alone(&number),
        (true, false) => words::day_of_month(&number, month(from)),
        (false, _) => long_day(from),
    };
    start + " – " + &long_day(to)
}

fn month(day: NaiveDate) -> &'static str {
    words::months().split(' ').nth(day.month0() as usize).unwrap_or_default()
}

/// How long ago, in the largest unit that says enough.
pub fn ago(passed: TimeDelta) -> String {
    let minutes = passed.num_minutes();
    match minutes {
        i64::MIN..1 => words::just_now().to_owned(),
        1..60 => words::minutes_ago(&minutes.to_string()),
        60..1_440 => words::hours_ago(&(minutes / 60).to_string()),
        1_440..2_880 => words::a_day_ago().to_owned(),
        _ => words::days_ago(&(minutes / 1_440).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::in_german;

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
    fn days_read_as_each_language_writes_them() {
        let told = || {
            [full_day(day("2026-11-23")), axis_day(day("2007-03-01"), 400), axis_day(day("2026-12-01"), 30)]
        };
        assert_eq!(told(), ["Mon 23 Nov 2026", "1 Mar 07", "1 Dec"]);
        assert_eq!(in_german(told), ["Mo., 23. Nov. 2026", "1. März 07", "1. Dez."]);
        assert_eq!(in_german(|| period(day("2026-11-03"), day("2026-11-24"))), "3. – 24. Nov. 2026");
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
