use std::fmt;

/// An IANA time zone. A day of an offer is a day on this zone's wall clock.
#[cfg(feature = "zones")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(chrono_tz::Tz);

/// Without the time-zone database a zone is its name; the server has the last word on it.
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

    /// The day that this zone's wall clock shows.
    pub fn day_of(&self, moment: chrono::DateTime<chrono::Utc>) -> chrono::NaiveDate {
        moment.with_timezone(&self.0).date_naive()
    }

    /// The same moment with this zone's offset.
    pub fn at(&self, moment: chrono::DateTime<chrono::Utc>) -> chrono::DateTime<chrono::FixedOffset> {
        moment.with_timezone(&self.0).fixed_offset()
    }

    /// The same wall-clock time some days later (or earlier, if negative). A time that the zone skips on
    /// that day becomes the one an hour later; of one that it has twice, the first is meant.
    pub fn plus_days(
        &self,
        moment: chrono::DateTime<chrono::Utc>,
        days: i64,
    ) -> Option<chrono::DateTime<chrono::Utc>> {
        let wall = moment
            .with_timezone(&self.0)
            .naive_local()
            .checked_add_signed(chrono::TimeDelta::try_days(days)?)?;
        let local = |wall: chrono::NaiveDateTime| wall.and_local_timezone(self.0).earliest();
        local(wall).or_else(|| local(wall + chrono::TimeDelta::hours(1))).map(|moment| moment.to_utc())
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
    fn a_day_is_a_day_on_the_wall_clock() {
        let zone = Zone::parse("America/New_York").unwrap();
        let late = "2026-11-23T03:00:00Z".parse().unwrap();
        assert_eq!(zone.day_of(late).to_string(), "2026-11-22");
        assert_eq!(Zone::parse("UTC").unwrap().day_of(late).to_string(), "2026-11-23");
        assert_eq!(Zone::parse("Mars/Olympus"), None);
    }

    #[test]
    fn shifting_keeps_the_wall_clock_over_a_change_of_offset() {
        let zone = Zone::parse("America/New_York").unwrap();
        // 09:30 in winter stays 09:30 in summer.
        let winter = "2026-03-01T14:30:00Z".parse().unwrap();
        assert_eq!(zone.plus_days(winter, 30).unwrap().to_rfc3339(), "2026-03-31T13:30:00+00:00");
        // 02:30 does not exist on 8 March 2026.
        let gap = "2026-03-07T07:30:00Z".parse().unwrap();
        assert_eq!(zone.plus_days(gap, 1).unwrap().to_rfc3339(), "2026-03-08T07:30:00+00:00");
    }
}
