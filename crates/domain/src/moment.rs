//! Parses timestamps (RFC 3339).

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// The last microsecond of a second.
const LAST_MICROSECOND: u32 = 999_999;

/// Parses an RFC 3339 timestamp to the microsecond, the precision of the database. More digits are cut off, not
/// rounded, so that 23:59:59.9999999 stays on its day.
///
/// A leap second (`:60`) is valid only at the end of 30 June or 31 December in UTC. It is converted to the last
/// microsecond before it, so that it stays on its day.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = (time.get(..8)?, time.get(8..)?);
    let (microsecond, offset) = fraction(rest)?;
    let (hour, minute, second) = (pair(time, 0, None)?, pair(time, 3, Some(':'))?, pair(time, 6, Some(':'))?);
    let (second, microsecond, is_leap) =
        if second == 60 { (59, LAST_MICROSECOND, true) } else { (second, microsecond, false) };
    let time = NaiveTime::from_hms_micro_opt(hour, minute, second, microsecond)?;
    let local = NaiveDateTime::new(day(date)?, time);
    let moment = local.checked_sub_signed(TimeDelta::minutes(minutes(offset)?))?;
    (!is_leap || can_be_leap(moment)).then(|| moment.and_utc())
}

fn can_be_leap(last_second: NaiveDateTime) -> bool {
    let ends_at_midnight = NaiveTime::from_hms_opt(23, 59, 59).is_some_and(|last| last_second.time() >= last);
    ends_at_midnight && matches!((last_second.month(), last_second.day()), (6, 30) | (12, 31))
}

fn day(text: &str) -> Option<NaiveDate> {
    let year = number(text.get(..4)?)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, pair(text, 5, Some('-'))?, pair(text, 8, Some('-'))?)
}

/// Parses an optional fraction of a second. Returns its microseconds and the remaining text.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(text) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = text.bytes().position(|byte| !byte.is_ascii_digit())?;
    let (digits, rest) = text.split_at(end);
    let micro = number(digits.get(..6).unwrap_or(digits))?;
    let missing = 6_u32.saturating_sub(u32::try_from(digits.len()).unwrap_or(6));
    Some((micro * 10_u32.pow(missing), rest))
}

/// Parses an offset. Returns the minutes ahead of UTC.
fn minutes(offset: &str) -> Option<i64> {
    if matches!(offset, "Z" | "z") {
        return Some(0);
    }
    let sign = match offset.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (pair(offset, 1, None)?, pair(offset, 4, Some(':'))?);
    let fits = offset.len() == 6 && hours < 24 && minutes < 60;
    fits.then(|| sign * i64::from(hours * 60 + minutes))
}

/// Parses two digits at a byte position. `after`: the character that must precede them.
fn pair(text: &str, position: usize, after: Option<char>) -> Option<u32> {
    let before = position.checked_sub(1).and_then(|start| text.get(start..position));
    let is_after = after.is_none_or(|after| before == Some(after.encode_utf8(&mut [0; 4])));
    number(text.get(position..position + 2)?).filter(|_| is_after)
}

fn number(digits: &str) -> Option<u32> {
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| are_digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Option<String> {
        parse(text).map(|moment| moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }

    #[test]
    fn offsets_are_applied() {
        for (text, moment) in [
            ("2026-11-22T18:30:00-05:00", "2026-11-22T23:30:00Z"),
            ("2026-11-22t18:30:00z", "2026-11-22T18:30:00Z"),
            ("2026-11-22 18:30:00.5+05:45", "2026-11-22T12:45:00.500Z"),
            ("2026-01-01T00:30:00+14:00", "2025-12-31T10:30:00Z"),
            ("2026-11-22T18:30:00-00:00", "2026-11-22T18:30:00Z"),
            ("2026-11-22T18:30:00.123456+00:00", "2026-11-22T18:30:00.123456Z"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(moment), "{text}");
        }
    }

    #[test]
    fn digits_beyond_microseconds_are_cut_off() {
        for digits in ["999999", "9999994", "9999999", "999999999", "99999999999999999999999999999999"] {
            let last = parsed(&format!("2025-06-30T23:59:59.{digits}Z"));
            assert_eq!(last.as_deref(), Some("2025-06-30T23:59:59.999999Z"), "{digits}");
        }
        assert_eq!(parsed("2025-06-30T23:59:59.0000019Z").as_deref(), Some("2025-06-30T23:59:59.000001Z"));
    }

    #[test]
    fn a_valid_leap_second_becomes_the_last_microsecond_of_its_day() {
        for (text, moment) in [
            ("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59.999999Z")),
            ("2015-06-30T23:59:60.999Z", Some("2015-06-30T23:59:59.999999Z")),
            ("2016-12-31T18:59:60-05:00", Some("2016-12-31T23:59:59.999999Z")),
            ("2017-01-01T05:29:60+05:30", Some("2016-12-31T23:59:59.999999Z")),
            ("2016-12-31T23:59:60-05:00", None),
            ("2016-12-30T23:59:60Z", None),
            ("2016-12-31T12:59:60Z", None),
            ("2016-03-31T23:59:60Z", None),
            ("2016-12-31T23:59:61Z", None),
        ] {
            assert_eq!(parsed(text).as_deref(), moment, "{text}");
        }
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T18:30:00",
            "2026-11-22T18:30Z",
            "2026-11-22T18:30:00.Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T18:60:00Z",
            "2026-02-30T18:30:00Z",
            "2026-11-22T18:30:00+24:00",
            "2026-11-22T18:30:00+05:60",
            "2026-11-22T18:30:00+0500",
            "2026-11-22T18:30:00+05",
            "2026-11-22T18:30:00\u{2212}05:00",
            "2026-11-22T18:30:00+05:00 ",
            "26-11-22T18:30:00Z",
            "+2026-11-22T18:30:00Z",
            "2026-11-22T+8:30:00Z",
            "2026/11/22T18:30:00Z",
            "2026-11-22T18:30:00,5Z",
            "2026-11-22T1é:30:00Z",
            "éééééééééé",
            "2026-11-22T18:30:00.1",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_formatted_timestamp_is_parsed(micros in -62_000_000_000_000_000_i64..253_000_000_000_000_000) {
            let moment = DateTime::from_timestamp_micros(micros).unwrap();
            prop_assume!((0..10_000).contains(&moment.year()));
            prop_assert_eq!(parse(&moment.to_rfc3339()), Some(moment));
        }

        #[test]
        fn no_text_causes_a_panic(text in "[0-9TtZz:.+ -é]{0,40}") {
            parse(&text);
        }
    }
}
