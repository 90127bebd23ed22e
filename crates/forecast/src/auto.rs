//! The default model: a mix of four weekly forecasts, weighted by their accuracy on the series' past.

use crate::WEEK;
use crate::back_test::{AHEAD, PastErrors, origins};
use crate::level::{FEWEST_DAYS, Smoothing};
use crate::series::{Days, Past, cap_bursts, cap_bursts_up_to};
use crate::weekday::Estimate;
use crate::weekly::{Buffers, Week, level_and_factors, seasonal_naive};

const EXPERTS: usize = 4;
/// The weight of each expert before its errors are known.
const PRIOR: [f64; EXPERTS] = [1.0, 0.5, 0.05, 0.05];
/// The index of the expert [`seasonal_naive`].
const SEASONAL_NAIVE: usize = EXPERTS - 1;
/// Origins with fewer days of history are not used to compare the experts.
const SHORTEST_HISTORY: usize = 21;

const SMOOTHING: Smoothing<5> = Smoothing {
    alphas: [0.02, 0.05, 0.1, 0.2, 0.4],
    overall_mean: true,
    caution: 0.2,
    short_mean: 0.5,
    fades: false,
};
/// Weekday factors that change slowly.
const STEADY: Estimate = Estimate { window: 182, half_life: 56.0, cut: Some(4.0) };
/// Weekday factors of the last five weeks.
const RECENT: Estimate = Estimate { window: 35, half_life: f64::INFINITY, cut: None };

/// Returns the expected value of each weekday and the errors of the mix at past origins.
pub(crate) fn fit(days: &Days) -> (Week, PastErrors) {
    let capped = cap_bursts(&days.values);
    let actual = Past { values: &capped, weekdays: &days.weekdays, next_weekday: days.next_weekday };
    let mut buffers = Buffers::default();
    // Depends on the whole history, so past origins of a long history do not assume fading although they were short.
    let smoothing = Smoothing { fades: days.values.len() < FEWEST_DAYS, ..SMOOTHING };
    let past_weeks = past_weeks(days, &capped, &smoothing, &mut buffers);
    let weights = weights(actual, &past_weeks);
    let mut weeks = past_weeks.into_iter();
    let errors = PastErrors::collect(&capped, |origin, ahead| {
        let week = weeks.next().map_or([0.0; WEEK], |(_, experts)| mix(&experts, weights));
        days.weekdays[origin..origin + ahead].iter().map(|day| week[*day]).collect()
    });
    (mix(&experts(actual, &smoothing, &mut buffers), weights), errors)
}

fn experts(past: Past<'_>, smoothing: &Smoothing<5>, buffers: &mut Buffers) -> [Week; EXPERTS] {
    [
        level_and_factors(past, &(STEADY, *smoothing), buffers),
        level_and_factors(past, &(RECENT, *smoothing), buffers),
        last_fortnight(past),
        seasonal_naive(past),
    ]
}

/// The mean of the last two weeks, for every weekday. It adapts quickly to an offer that fades or grows.
fn last_fortnight(past: Past<'_>) -> Week {
    let recent = &past.values[past.values.len().saturating_sub(2 * WEEK)..];
    [recent.iter().sum::<f64>() / recent.len().max(1) as f64; WEEK]
}

/// The forecast of each expert at each origin.
fn past_weeks(
    days: &Days,
    capped: &[f64],
    smoothing: &Smoothing<5>,
    buffers: &mut Buffers,
) -> Vec<(usize, [Week; EXPERTS])> {
    let mut known = Vec::with_capacity(capped.len());
    origins(capped.len())
        .map(|origin| {
            cap_bursts_up_to(&days.values, origin, &mut known, capped);
            let past = Past { values: &known, ..days.past().up_to(origin) };
            (origin, experts(past, smoothing, buffers))
        })
        .collect()
}

/// The weights of the experts: prior x (mean absolute error)^(-n/14), for n forecast days.
///
/// The absolute error is used so that one bad day does not decide between experts. If most days are 0, however, it
/// favours a forecast of 0, which is what `seasonal_naive` then gives. That expert therefore counts only if its
/// squared error is the smallest too.
fn weights(actual: Past<'_>, past_weeks: &[(usize, [Week; EXPERTS])]) -> [f64; EXPERTS] {
    let (mut errors, mut squares, mut forecast_days) = ([0.0; EXPERTS], [0.0; EXPERTS], 0);
    for (origin, weeks) in past_weeks.iter().filter(|(origin, _)| *origin >= SHORTEST_HISTORY) {
        let days = actual.values[*origin..].iter().zip(&actual.weekdays[*origin..]).take(AHEAD);
        for (y, &day) in days {
            forecast_days += 1;
            for (expert, week) in weeks.iter().enumerate() {
                errors[expert] += (week[day] - y).abs();
                squares[expert] += (week[day] - y).powi(2);
            }
        }
    }
    let tiny = 1e-9 * f64::from(forecast_days).max(1.0);
    let least = errors.iter().fold(f64::INFINITY, |least, error| least.min(error.max(tiny)));
    let fortnights = f64::from(forecast_days) / AHEAD as f64;
    let mut prior = PRIOR;
    let least_square = squares[..SEASONAL_NAIVE].iter().copied().fold(f64::INFINITY, f64::min);
    if forecast_days > 0 && squares[SEASONAL_NAIVE] > least_square {
        prior[SEASONAL_NAIVE] = 0.0;
    }
    let raw: [f64; EXPERTS] =
        std::array::from_fn(|i| prior[i] * (-fortnights * (errors[i].max(tiny) / least).ln()).exp());
    let total: f64 = raw.iter().sum();
    raw.map(|weight| weight / total)
}

fn mix(experts: &[Week; EXPERTS], weights: [f64; EXPERTS]) -> Week {
    std::array::from_fn(|day| experts.iter().zip(weights).map(|(week, weight)| weight * week[day]).sum())
}
