//! A history as models see it: values with weekdays, pauses cut out, bursts cut down.

use crate::WEEK;

/// A daily series: one value a day, oldest first, finite and not negative, and the weekday of the first
/// (0 to 6; which weekday is 0 makes no difference as long as it is the same everywhere).
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    pub values: &'a [f64],
    pub first_weekday: usize,
}

/// The longest past that is looked at, in days.
pub const LONGEST_HISTORY: usize = 2 * 366;
/// A run of days without anything is a pause when the other days make it less likely than this.
const PAUSE_LIKELIHOOD: f64 = 1e-6;
/// And when it is at least this long; at the end of the history, where it may yet turn out to be a few
/// closed days, twice as long.
const SHORTEST_PAUSE: usize = WEEK;
/// A burst is a day above this multiple of the third largest value of the days around it, plus a few for
/// the sake of small counts. The third largest: what happens every week is no burst.
const BURST_FACTOR: f64 = 2.0;
const BURST_MARGIN: f64 = 3.0;
const BURST_REACH: usize = 14;

/// A stretch of days that models read: as long as `values`, then comes a day on `next_weekday`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past<'a> {
    pub values: &'a [f64],
    pub weekdays: &'a [usize],
    pub next_weekday: usize,
}

impl<'a> Past<'a> {
    /// What was known after the first `days` days.
    pub fn up_to(self, days: usize) -> Past<'a> {
        Past {
            values: &self.values[..days],
            weekdays: &self.weekdays[..days],
            next_weekday: self.weekdays.get(days).copied().unwrap_or(self.next_weekday),
        }
    }
}

/// Values with their weekdays, owned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Days {
    pub values: Vec<f64>,
    pub weekdays: Vec<usize>,
    pub next_weekday: usize,
}

impl Days {
    /// The days as they are, the last [`LONGEST_HISTORY`] of them.
    pub fn new(series: Series<'_>) -> Days {
        let skipped = series.values.len().saturating_sub(LONGEST_HISTORY);
        let weekday = |day: usize| (series.first_weekday + day) % WEEK;
        Days {
            values: series.values[skipped..].to_vec(),
            weekdays: (skipped..series.values.len()).map(weekday).collect(),
            next_weekday: weekday(series.values.len()),
        }
    }

    pub fn past(&self) -> Past<'_> {
        Past { values: &self.values, weekdays: &self.weekdays, next_weekday: self.next_weekday }
    }

    /// Without the pauses. A pause that lasts to the end leaves nothing but itself: whatever was sold
    /// before says nothing about the days to come.
    pub fn without_pauses(mut self) -> Days {
        let pauses = self.pauses();
        if let Some(&(start, _)) = pauses.last().filter(|(_, end)| *end == self.values.len()) {
            self.values.drain(..start);
            self.weekdays.drain(..start);
            return self;
        }
        for (start, end) in pauses.into_iter().rev() {
            self.values.drain(start..end);
            self.weekdays.drain(start..end);
        }
        self
    }

    fn pauses(&self) -> Vec<(usize, usize)> {
        let zeros = self.values.iter().filter(|y| **y == 0.0).count();
        let days = self.values.len();
        runs_of_zeros(&self.values)
            .filter(|(start, end)| {
                let length = end - start;
                let shortest = if *end == days { 2 * SHORTEST_PAUSE } else { SHORTEST_PAUSE };
                // The share of zeros among the other days, as if one more of each kind had been seen.
                let share = (zeros - length + 1) as f64 / (days - length + 2) as f64;
                length >= shortest && length as f64 * share.ln() < PAUSE_LIKELIHOOD.ln()
            })
            .collect()
    }
}

fn runs_of_zeros(values: &[f64]) -> impl Iterator<Item = (usize, usize)> {
    let mut day = 0;
    std::iter::from_fn(move || {
        let start = day + values[day..].iter().position(|y| *y == 0.0)?;
        let end =
            values[start..].iter().position(|y| *y != 0.0).map_or(values.len(), |length| start + length);
        day = end;
        Some((start, end))
    })
}

/// Cuts bursts down. What is a burst on one of the last days is seen only by the days before it.
pub(crate) fn calm(values: &[f64]) -> Vec<f64> {
    (0..values.len()).map(|day| calm_day(values, day)).collect()
}

/// Puts into `calm`, what [`calm`] makes of all days, what was known after the first `days`: of the last
/// of these days the future was not.
pub(crate) fn calm_up_to(values: &[f64], days: usize, calm: &mut Vec<f64>, all: &[f64]) {
    let settled = days.saturating_sub(BURST_REACH);
    calm.clear();
    calm.extend_from_slice(&all[..settled]);
    calm.extend((settled..days).map(|day| calm_day(&values[..days], day)));
}

fn calm_day(values: &[f64], day: usize) -> f64 {
    let around = &values[day.saturating_sub(BURST_REACH)..values.len().min(day + BURST_REACH + 1)];
    if around.len() < WEEK {
        return values[day];
    }
    values[day].min(BURST_FACTOR * third_largest(around) + BURST_MARGIN)
}

fn third_largest(values: &[f64]) -> f64 {
    let (mut first, mut second, mut third) = (0.0f64, 0.0f64, 0.0f64);
    for &value in values {
        third = third.max(value.min(second));
        second = second.max(value.min(first));
        first = first.max(value);
    }
    third
}
