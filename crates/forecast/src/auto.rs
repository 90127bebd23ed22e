//! The default model: a mix of four weekly forecasts, weighted by how well each did on the series' past.

use crate::WEEK;
use crate::back_test::{AHEAD, PastErrors, origins};
use crate::level::{FEWEST_DAYS, Smoothing};
use crate::series::{Days, Past, calm, calm_up_to};
use crate::weekday::Estimate;
use crate::weekly::{Buffers, Week, level_and_factors, seasonal_naive};

const EXPERTS: usize = 4;
/// What an expert weighs before anything is known of it.
const PRIOR: [f64; EXPERTS] = [1.0, 0.5, 0.05, 0.05];
/// The last of them.
const TIMETABLE: usize = EXPERTS - 1;
/// From how many days of history on experts are compared.
const SHORTEST_HISTORY: usize = 21;

const SMOOTHING: Smoothing<5> = Smoothing {
    alphas: [0.02, 0.05, 0.1, 0.2, 0.4],
    overall_mean: true,
    caution: 0.2,
    short_mean: 0.5,
    fades: false,
};
/// Factors that move slowly.
const STEADY: Estimate = Estimate { window: 182, half_life: 56.0, cut: Some(4.0) };
/// Factors of the last five weeks.
const RECENT: Estimate = Estimate { window: 35, half_life: f64::INFINITY, cut: None };

/// The expected value of each weekday, and the errors that the mix made in the past.
pub(crate) fn fit(days: &Days) -> (Week, PastErrors) {
    let calm_values = calm(&days.values);
    let actual = Past { values: &calm_values, weekdays: &days.weekdays, next_weekday: days.next_weekday };
    let mut buffers = Buffers::default();
    // A longer history has shown whether it fades: what its beginning alone would have said is not held against it.
    let smoothing = Smoothing { fades: days.values.len() < FEWEST_DAYS, ..SMOOTHING };
    let past_weeks = past_weeks(days, &calm_values, &smoothing, &mut buffers);
    let weights = weights(actual, &past_weeks);
    let mut weeks = past_weeks.into_iter();
    let errors = PastErrors::collect(&calm_values, |origin, ahead| {
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

/// The mean of the last two weeks on every weekday: follows an offer that fades or takes off.
fn last_fortnight(past: Past<'_>) -> Week {
    let recent = &past.values[past.values.len().saturating_sub(2 * WEEK)..];
    [recent.iter().sum::<f64>() / recent.len().max(1) as f64; WEEK]
}

/// What each expert would have said at each origin.
fn past_weeks(
    days: &Days,
    calm_values: &[f64],
    smoothing: &Smoothing<5>,
    buffers: &mut Buffers,
) -> Vec<(usize, [Week; EXPERTS])> {
    let mut known = Vec::with_capacity(calm_values.len());
    origins(calm_values.len())
        .map(|origin| {
            calm_up_to(&days.values, origin, &mut known, calm_values);
            let past = Past { values: &known, ..days.past().up_to(origin) };
            (origin, experts(past, smoothing, buffers))
        })
        .collect()
}

/// prior x (mean absolute error)^(-n/14), for n days foretold. The absolute error: one bad day must not
/// decide between experts. But where most days are 0 it rewards who expects nothing, and repeating last week
/// does: a timetable has to be the better one by squares as well.
fn weights(actual: Past<'_>, past_weeks: &[(usize, [Week; EXPERTS])]) -> [f64; EXPERTS] {
    let (mut errors, mut squares, mut foretold) = ([0.0; EXPERTS], [0.0; EXPERTS], 0);
    for (origin, weeks) in past_weeks.iter().filter(|(origin, _)| *origin >= SHORTEST_HISTORY) {
        let days = actual.values[*origin..].iter().zip(&actual.weekdays[*origin..]).take(AHEAD);
        for (y, &day) in days {
            foretold += 1;
            for (expert, week) in weeks.iter().enumerate() {
                errors[expert] += (week[day] - y).abs();
                squares[expert] += (week[day] - y).powi(2);
            }
        }
    }
    let tiny = 1e-9 * f64::from(foretold).max(1.0);
    let least = errors.iter().fold(f64::INFINITY, |least, error| least.min(error.max(tiny)));
    let pasts = f64::from(foretold) / AHEAD as f64;
    let mut prior = PRIOR;
    if foretold > 0 && squares[TIMETABLE] > squares[..TIMETABLE].iter().copied().fold(f64::INFINITY, f64::min)
    {
        prior[TIMETABLE] = 0.0;
    }
    let raw: [f64; EXPERTS] =
        std::array::from_fn(|i| prior[i] * (-pasts * (errors[i].max(tiny) / least).ln()).exp());
    let total: f64 = raw.iter().sum();
    raw.map(|weight| weight / total)
}

fn mix(experts: &[Week; EXPERTS], weights: [f64; EXPERTS]) -> Week {
    std::array::from_fn(|day| experts.iter().zip(weights).map(|(week, weight)| weight * week[day]).sum())
}
