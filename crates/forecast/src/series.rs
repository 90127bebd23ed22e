//! Prepares a history for the models: adds weekdays, removes pauses, caps bursts.

use crate::WEEK;

/// A daily series: one value per day, oldest first, finite and not negative, and the weekday of the first day (0 to 6;
/// any weekday can be 0 as long as it is the same everywhere).
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    pub values: &'a [f64],
    pub first_weekday: usize,
}

/// Days of history that models use; older days are ignored.
pub const LONGEST_HISTORY: usize = 2 * 366;
/// A run of zeros is a pause if its probability, given the share of zeros among the other days, is below this.
const PAUSE_LIKELIHOOD: f64 = 1e-6;
/// A pause has at least this many days. At the end of the history, where the run may only be a few closed days, twice
/// as many.
const SHORTEST_PAUSE: usize = WEEK;
/// A burst is a day above `BURST_FACTOR` times the third largest value of the days around it plus `BURST_MARGIN`, which
/// allows for small counts. The third largest value is used because a weekly peak is not a burst.
const BURST_FACTOR: f64 = 2.0;
const BURST_MARGIN: f64 = 3.0;
/// Days before and after a day that count as around it.
const BURST_REACH: usize = 14;

/// The days that a model learns from. `next_weekday` is the weekday of the day after the last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past<'a> {
    pub values: &'a [f64],
    pub weekdays: &'a [usize],
    pub next_weekday: usize,
}

impl<'a> Past<'a> {
    /// The first `days` days only.
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
    /// The last [`LONGEST_HISTORY`] days, unchanged.
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

    /// Removes pauses. If a pause lasts to the end of the history, only its days are kept: earlier days say nothing
    /// about the next ones.
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
                // The share of zeros among the other days, with one more of each kind added (Laplace smoothing).
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

/// Caps bursts. The last days are compared mostly with the days before them.
pub(crate) fn cap_bursts(values: &[f64]) -> Vec<f64> {
    (0..values.len()).map(|day| capped(values, day)).collect()
}

/// Writes into `known` what [`cap_bursts`] returns for the first `days` values alone. `all` is its result for all
/// values, which differs only near the end.
pub(crate) fn cap_bursts_up_to(values: &[f64], days: usize, known: &mut Vec<f64>, all: &[f64]) {
    let unchanged = days.saturating_sub(BURST_REACH);
    known.clear();
    known.extend_from_slice(&all[..unchanged]);
    known.extend((unchanged..days).map(|day| capped(&values[..days], day)));
}

fn capped(values: &[f64], day: usize) -> f64 {
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
