//! Forecasts that consist of one value for each weekday.

use crate::WEEK;
use crate::level::{Smoothing, level};
use crate::series::Past;
use crate::weekday::{CLOSED, Estimate, Scratch, factors};

/// The expected value of a weekday.
pub(crate) type Week = [f64; WEEK];

/// Weeks in the mean of `same_weekday_mean_4`.
const WEEKS: usize = 4;
/// With fewer open days than this, closed weekdays are not left out.
const FEWEST_OPEN_DAYS: usize = 5;

/// The parameters of the reference model `dow_ses`.
pub(crate) const DOW_SES: (Estimate, Smoothing<8>) = (
    Estimate { window: 126, half_life: f64::INFINITY, cut: None },
    Smoothing {
        alphas: [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
        overall_mean: false,
        caution: 0.0,
        short_mean: 0.0,
        fades: false,
    },
);

/// The level times the factor of each weekday. The level is that of y / factor, without closed weekdays.
pub(crate) fn level_and_factors<const N: usize>(
    past: Past<'_>,
    (estimate, smoothing): &(Estimate, Smoothing<N>),
    buffers: &mut Buffers,
) -> Week {
    if past.values.is_empty() {
        return [0.0; WEEK];
    }
    let factors = factors(past, *estimate, &mut buffers.scratch);
    let open = &mut buffers.open;
    open.clear();
    let inverse = factors.map(|factor| if factor > CLOSED { 1.0 / factor } else { 0.0 });
    if inverse.contains(&0.0) {
        let days = past.values.iter().zip(past.weekdays).filter(|(_, day)| inverse[**day] > 0.0);
        open.extend(days.map(|(y, day)| y * inverse[*day]));
    } else {
        open.extend(past.values.iter().zip(past.weekdays).map(|(y, day)| y * inverse[*day]));
    }
    let values = if open.len() < FEWEST_OPEN_DAYS { past.values } else { open };
    let level = level(values, smoothing);
    factors.map(|factor| level * factor)
}

/// Buffers that are reused for every origin.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    scratch: Scratch,
    open: Vec<f64>,
}

/// The last value of the same weekday; the mean of all days if the history has none.
pub(crate) fn seasonal_naive(past: Past<'_>) -> Week {
    same_weekday_mean(past, 1)
}

/// The mean of the last 4 days of the same weekday; the mean of all days if the history has none.
pub(crate) fn same_weekday_mean_4(past: Past<'_>) -> Week {
    same_weekday_mean(past, WEEKS)
}

fn same_weekday_mean(past: Past<'_>, weeks: usize) -> Week {
    let (mut sum, mut count) = ([0.0; WEEK], [0usize; WEEK]);
    for (y, &day) in past.values.iter().zip(past.weekdays).rev() {
        if count[day] < weeks {
            sum[day] += y;
            count[day] += 1;
        }
        if count == [weeks; WEEK] {
            break;
        }
    }
    let mean = past.values.iter().sum::<f64>() / past.values.len().max(1) as f64;
    std::array::from_fn(|day| if count[day] > 0 { sum[day] / count[day] as f64 } else { mean })
}
