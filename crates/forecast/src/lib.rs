//! Forecasts of daily counts: a model's mean, and bands from the model's own past errors.
//!
//! A history is one value a day, oldest first, without gaps; values are finite and not negative. What
//! comes out is finite and not negative too.

mod intervals;
mod moving_average;

pub use moving_average::{moving_average, trailing_mean};

/// Days in the window of [`Model::MovingAverage7`].
pub const WEEK: usize = 7;

/// The models there are; the name is what is stored beside a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Day h is the mean of the last 7 values of the history followed by the forecasts already made.
    MovingAverage7,
}

impl Model {
    pub const ALL: [Model; 1] = [Model::MovingAverage7];

    pub fn name(self) -> &'static str {
        match self {
            Model::MovingAverage7 => "moving_average_7",
        }
    }

    pub fn parse(name: &str) -> Option<Model> {
        Model::ALL.into_iter().find(|model| model.name() == name)
    }

    /// The expected value of each of the next `horizon` days.
    pub fn mean(self, history: &[f64], horizon: usize) -> Vec<f64> {
        match self {
            Model::MovingAverage7 => moving_average(history, WEEK, horizon),
        }
    }

    /// The next `horizon` days with bands.
    pub fn forecast(self, history: &[f64], horizon: usize) -> Vec<Point> {
        let mean = self.mean(history, horizon);
        let errors = intervals::scaled_past_errors(self, history);
        intervals::bands(&mean, errors)
    }
}

/// One day ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub mean: f64,
    /// The band that should hold 80 % of what comes.
    pub lower_80: f64,
    pub upper_80: f64,
    /// The band that should hold 95 % of what comes.
    pub lower_95: f64,
    pub upper_95: f64,
}

impl Point {
    /// A day on which nothing can happen.
    pub const NOTHING: Point =
        Point { mean: 0.0, lower_80: 0.0, upper_80: 0.0, lower_95: 0.0, upper_95: 0.0 };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_finite_and_not_negative(
            history in prop::collection::vec(0u32..1_000_000, 0..200),
            horizon in 0usize..30,
        ) {
            let history: Vec<f64> = history.into_iter().map(f64::from).collect();
            let most = history.iter().copied().fold(0.0, f64::max);
            let points = Model::MovingAverage7.forecast(&history, horizon);
            prop_assert_eq!(points.len(), horizon);
            for p in points {
                for value in [p.mean, p.lower_80, p.upper_80, p.lower_95, p.upper_95] {
                    prop_assert!(value.is_finite() && value >= 0.0);
                }
                prop_assert!(p.mean <= most);
                prop_assert!(p.lower_95 <= p.lower_80 && p.lower_80 <= p.mean);
                prop_assert!(p.mean <= p.upper_80 && p.upper_80 <= p.upper_95);
            }
        }
    }

    #[test]
    fn no_history_forecasts_nothing() {
        assert_eq!(Model::MovingAverage7.mean(&[], 3), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn names_are_read_back() {
        for model in Model::ALL {
            assert_eq!(Model::parse(model.name()), Some(model));
        }
        assert_eq!(Model::parse("crystal_ball"), None);
    }
}
