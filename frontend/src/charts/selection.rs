//! The parts of a dashboard's data that charts and tables show.

use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, DailyPoint, Dashboard, ForecastPoint};

/// The days of the range.
pub fn daily_days(data: &Dashboard) -> Vec<NaiveDate> {
    data.daily.iter().map(|day| day.date).collect()
}

/// The days of the range before today. Today is unfinished and would always look like a drop.
pub fn finished(data: &Dashboard) -> &[DailyPoint] {
    let today = data.as_of.date_naive();
    &data.daily[..data.daily.partition_point(|day| day.date < today)]
}

/// Whether the range includes today.
pub fn has_today(data: &Dashboard) -> bool {
    data.range.to >= data.as_of.date_naive()
}

/// The running totals within the range. The API's start with the offer.
pub fn within_range(data: &Dashboard) -> Vec<CumulativePoint> {
    data.cumulative.iter().filter(|total| total.date >= data.range.from).copied().collect()
}

pub fn cumulative_days(data: &Dashboard) -> Vec<NaiveDate> {
    within_range(data).iter().map(|total| total.date).collect()
}

/// Whether redemptions were declined in the range.
pub fn has_declined(data: &Dashboard) -> bool {
    data.refusals.iter().any(|day| day.refusals > 0)
}

/// Redemptions declined on a day.
pub fn declined_on(data: &Dashboard, day: NaiveDate) -> i64 {
    data.refusals
        .iter()
        .find(|day_refusals| day_refusals.date == day)
        .map_or(0, |day_refusals| day_refusals.refusals)
}

/// The 7-day average on a day. `None` for today, because an unfinished day would lower it.
pub fn mean_on(data: &Dashboard, day: NaiveDate) -> Option<f64> {
    let today = data.as_of.date_naive();
    data.moving_average.iter().find(|trend| trend.date == day && day < today).map(|trend| trend.value)
}

/// Whether the range reaches today or yesterday, where the forecast starts. Earlier ranges show history only.
pub fn reaches_forecast(data: &Dashboard) -> bool {
    data.range.to.succ_opt().is_some_and(|next| next >= data.as_of.date_naive())
}

/// The forecast of a day.
pub fn expected_on(data: &Dashboard, day: NaiveDate) -> Option<&ForecastPoint> {
    data.forecast.points.iter().find(|ahead| ahead.date == day)
}

#[cfg(test)]
mod tests {
    use super::super::sample::dashboard;
    use super::*;

    #[test]
    fn totals_before_the_range_are_left_out() {
        let mut data = dashboard();
        data.range.from = "2026-11-22".parse().unwrap();
        assert_eq!(within_range(&data).len(), 2);
    }

    #[test]
    fn today_is_not_finished() {
        assert_eq!(finished(&dashboard()).len(), 4);
    }
}
