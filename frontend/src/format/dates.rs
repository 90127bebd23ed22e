use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, Timelike};

use crate::i18n::common as texts;

/// Formats a day as `23 Nov 2026`, in which day and month cannot be confused.
pub fn long_day(day: NaiveDate) -> String {
    texts::day_of_year(&day.day().to_string(), month(day), &day.year().to_string())
}

/// Formats a day as `Mon 23 Nov 2026`.
pub fn full_day(day: NaiveDate) -> String {
    let place = day.weekday().num_days_from_monday() as usize;
    let weekday = texts::weekdays().split(' ').nth(place).unwrap_or_default();
    texts::weekday_and_day(weekday, &long_day(day))
}

/// Formats a moment as `23 Nov 2026, 14:05`.
pub fn moment(at: DateTime<FixedOffset>) -> String {
    // chrono's own formats are large.
    texts::day_and_time(&long_day(at.date_naive()), &format!("{:02}:{:02}", at.hour(), at.minute()))
}

/// The label of a day on an axis. Has the year on axes of more than 300 days.
pub fn axis_day(day: NaiveDate, days_on_axis: usize) -> String {
    if days_on_axis > 300 {
        let year = (day.year() % 100).to_string();
        texts::day_of_year(&day.day().to_string(), month(day), &format!("{year:0>2}"))
    } else {
        texts::day_of_month(&day.day().to_string(), month(day))
    }
}

/// Formats a period without repeating month or year: `3–24 Nov 2026`, `3 Oct – 24 Nov 2026`, `3 Dec 2026 – 24 Jan
/// 2027`.
pub fn period(from: NaiveDate, to: NaiveDate) -> String {
    let number = from.day().to_string();
    let (start, dash) = match (from.year() == to.year(), from.month() == to.month()) {
        _ if from == to => return long_day(to),
        (true, true) => (texts::day_alone(&number), "–"),
        (true, false) => (texts::day_of_month(&number, month(from)), " – "),
        (false, _) => (long_day(from), " – "),
    };
    start + dash + &long_day(to)
}

fn month(day: NaiveDate) -> &'static str {
    texts::months().split(' ').nth(day.month0() as usize).unwrap_or_default()
}

/// The time passed in one unit, such as `3 min ago`.
pub fn ago(passed: TimeDelta) -> String {
    let minutes = passed.num_minutes();
    match minutes {
        i64::MIN..1 => texts::just_now().to_owned(),
        1..60 => texts::minutes_ago(&minutes.to_string()),
        60..1_440 => texts::hours_ago(&(minutes / 60).to_string()),
        1_440..2_880 => texts::a_day_ago().to_owned(),
        _ => texts::days_ago(&(minutes / 1_440).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::in_german;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_does_not_repeat_month_or_year() {
        for (from, to, text) in [
            ("2026-11-03", "2026-11-03", "3 Nov 2026"),
            ("2026-11-03", "2026-11-24", "3–24 Nov 2026"),
            ("2026-10-03", "2026-11-24", "3 Oct – 24 Nov 2026"),
            ("2025-11-03", "2026-11-24", "3 Nov 2025 – 24 Nov 2026"),
        ] {
            assert_eq!(period(day(from), day(to)), text);
        }
    }

    #[test]
    fn dates_follow_the_language() {
        let dates = || {
            [full_day(day("2026-11-23")), axis_day(day("2007-03-01"), 400), axis_day(day("2026-12-01"), 30)]
        };
        assert_eq!(dates(), ["Mon 23 Nov 2026", "1 Mar 07", "1 Dec"]);
        assert_eq!(in_german(dates), ["Mo., 23. Nov. 2026", "1. März 07", "1. Dez."]);
        let at = || moment("2026-11-23T14:05:59+01:00".parse().unwrap());
        assert_eq!(
            (at(), in_german(at)),
            ("23 Nov 2026, 14:05".to_owned(), "23. Nov. 2026, 14:05".to_owned())
        );
        assert_eq!(in_german(|| period(day("2026-11-03"), day("2026-11-24"))), "3.–24. Nov. 2026");
    }

    #[test]
    fn time_passed_has_one_unit() {
        for (seconds, text) in [
            (-5, "just now"),
            (59, "just now"),
            (180, "3 min ago"),
            (7_300, "2 h ago"),
            (90_000, "1 day ago"),
            (400_000, "4 days ago"),
        ] {
            assert_eq!(ago(TimeDelta::seconds(seconds)), text);
        }
    }
}
