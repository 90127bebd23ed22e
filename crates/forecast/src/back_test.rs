//! Rolling-origin evaluation (Tashman: Out-of-sample tests of forecasting accuracy, 2000): the model is run
//! again on the part of the history that was known at past days, and its forecasts are compared with the actual values.

/// Days forecast from each origin.
pub(crate) const AHEAD: usize = 14;
/// The largest number of origins.
const ORIGINS: usize = 24;
/// The earliest origin, in days before the last one.
const SPAN: usize = 98;
/// An origin has at least this many days of history.
const SHORTEST_HISTORY: usize = 7;

/// Forecast and actual values at past origins, oldest origin first.
#[derive(Debug, Clone, Default)]
pub(crate) struct PastErrors {
    /// Forecast and actual value of each day, origin by origin.
    pub days: Vec<(f64, f64)>,
    /// How many of these days belong to each origin.
    pub lengths: Vec<usize>,
    /// The days of history known at each origin.
    pub starts: Vec<usize>,
    /// The days of the whole history.
    pub known: usize,
    /// Days between the first origin and the end of the history.
    pub span: usize,
}

/// Returns up to [`ORIGINS`] evenly spaced lengths of history to forecast from.
pub(crate) fn origins(days: usize) -> impl Iterator<Item = usize> {
    let first = SHORTEST_HISTORY.max(days.saturating_sub(1 + SPAN));
    let last = days.saturating_sub(1);
    let count = if last >= first { ORIGINS.min(last - first + 1) } else { 0 };
    (0..count).map(move |i| first + (last - first) * i / (count - 1).max(1))
}

impl PastErrors {
    /// Calls `forecast` for each origin, with the days known and the days ahead; it returns the expected values.
    pub fn collect(actual: &[f64], mut forecast: impl FnMut(usize, usize) -> Vec<f64>) -> PastErrors {
        let mut errors = PastErrors::default();
        for origin in origins(actual.len()) {
            let ahead = AHEAD.min(actual.len() - origin);
            errors.starts.push(origin);
            errors.push(forecast(origin, ahead), &actual[origin..origin + ahead]);
        }
        errors.known = actual.len();
        errors.span = origins(actual.len()).next().map_or(0, |first| actual.len() - first);
        errors
    }

    fn push(&mut self, forecast: Vec<f64>, actual: &[f64]) {
        self.lengths.push(actual.len());
        self.days.extend(forecast.into_iter().zip(actual.iter().copied()));
    }

    /// How many days each of [`PastErrors::days`] lies before the last day of the history.
    pub fn ages(&self) -> Vec<usize> {
        let mut ages = Vec::with_capacity(self.days.len());
        for (length, start) in self.lengths.iter().zip(&self.starts) {
            ages.extend((0..*length).map(|day| self.known - 1 - start - day));
        }
        ages
    }

    /// The days of each origin.
    pub fn by_origin(&self) -> impl Iterator<Item = &[(f64, f64)]> {
        let mut rest = self.days.as_slice();
        self.lengths.iter().map(move |length| {
            let (days, others) = rest.split_at(*length);
            rest = others;
            days
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_stay_inside_the_history() {
        for days in 0..300 {
            let all: Vec<usize> = origins(days).collect();
            assert!(all.len() <= ORIGINS);
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{days}: {all:?}");
            assert!(all.iter().all(|&o| (SHORTEST_HISTORY..days).contains(&o)));
        }
    }

    #[test]
    fn ages_count_back_from_the_last_day_of_the_history() {
        let errors = PastErrors::collect(&[1.0; 10], |_, ahead| vec![0.0; ahead]);
        assert_eq!(errors.lengths, [3, 2, 1]);
        assert_eq!(errors.ages(), [2, 1, 0, 1, 0, 0]);
        assert_eq!(errors.by_origin().map(<[_]>::len).sum::<usize>(), 6);
    }
}
