use std::fmt;

/// An IANA time zone. The days of an offer are days in its time zone.
#[cfg(feature = "zones")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(chrono_tz::Tz);

/// Without the time-zone database a zone is only a name, which the server validates.
#[cfg(not(feature = "zones"))]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Zone(String);

#[cfg(feature = "zones")]
impl Zone {
    pub fn parse(name: &str) -> Option<Zone> {
        name.parse().ok().map(Zone)
    }

    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Returns the date in this zone.
    pub fn day_of(&self, moment: chrono::DateTime<chrono::Utc>) -> chrono::NaiveDate {
        moment.with_timezone(&self.0).date_naive()
    }

    /// Returns the same moment with this zone's offset.
    pub fn at(&self, moment: chrono::DateTime<chrono::Utc>) -> chrono::DateTime<chrono::FixedOffset> {
        moment.with_timezone(&self.0).fixed_offset()
    }

    /// Returns the same local time some days later (earlier if negative). A local time that does not exist on that day
    /// is moved by an hour; of a local time that exists twice, the first is used.
    pub fn plus_days(
        &self,
        moment: chrono::DateTime<chrono::Utc>,
        days: i64,
    ) -> Option<chrono::DateTime<chrono::Utc>> {
        let local_time = moment
            .with_timezone(&self.0)
            .naive_local()
            .checked_add_signed(chrono::TimeDelta::try_days(days)?)?;
        let resolve = |local: chrono::NaiveDateTime| local.and_local_timezone(self.0).earliest();
        let moment = resolve(local_time).or_else(|| resolve(local_time + chrono::TimeDelta::hours(1)));
        moment.map(|moment| moment.to_utc())
    }
}

#[cfg(not(feature = "zones"))]
impl Zone {
    pub fn parse(name: &str) -> Option<Zone> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
        (!name.is_empty() && name.len() <= 64 && name.chars().all(allowed)).then(|| Zone(name.to_owned()))
    }

    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(all(test, feature = "zones"))]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day_in_the_time_zone() {
        let zone = Zone::parse("America/New_York").unwrap();
        let late = "2026-11-23T03:00:00Z".parse().unwrap();
        assert_eq!(zone.day_of(late).to_string(), "2026-11-22");
        assert_eq!(Zone::parse("UTC").unwrap().day_of(late).to_string(), "2026-11-23");
        assert_eq!(Zone::parse("Mars/Olympus"), None);
    }

    #[test]
    fn shifting_keeps_the_local_time_when_the_offset_changes() {
        let zone = Zone::parse("America/New_York").unwrap();
        // 09:30 in winter stays 09:30 in summer.
        let winter = "2026-03-01T14:30:00Z".parse().unwrap();
        assert_eq!(zone.plus_days(winter, 30).unwrap().to_rfc3339(), "2026-03-31T13:30:00+00:00");
        // 02:30 does not exist on 8 March 2026.
        let gap = "2026-03-07T07:30:00Z".parse().unwrap();
        assert_eq!(zone.plus_days(gap, 1).unwrap().to_rfc3339(), "2026-03-08T07:30:00+00:00");
    }
}
