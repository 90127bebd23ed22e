use proptest::prelude::*;

use super::*;

fn fit(model: Model, values: &[f64]) -> Fitted {
    model.fit(Series { values, first_weekday: 0 })
}

fn auto(values: &[f64]) -> Fitted {
    fit(Model::Auto, values)
}

/// Poisson counts: arrivals within one unit of time.
fn counts(days: usize, rate: impl Fn(usize) -> f64, seed: u64) -> Vec<f64> {
    let mut random = SplitMix::new(seed);
    let mut uniform = move || (random.next() >> 11) as f64 / (1u64 << 53) as f64;
    (0..days)
        .map(|day| {
            let (mut time, mut count) = (0.0, 0.0);
            loop {
                time -= (1.0 - uniform()).ln() / rate(day).max(1e-9);
                if time > 1.0 {
                    return count;
                }
                count += 1.0;
            }
        })
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

proptest! {
    #[test]
    fn forecasts_are_finite_ordered_and_bounded(
        history in prop::collection::vec(prop_oneof![3 => 0u32..4, 1 => Just(0u32), 1 => 0u32..1_000_000], 0..200),
        horizon in 0usize..30,
        first_weekday in 0usize..7,
    ) {
        let values: Vec<f64> = history.into_iter().map(f64::from).collect();
        let most = values.iter().copied().fold(0.0, f64::max);
        for model in Model::ALL {
            let fitted = model.fit(Series { values: &values, first_weekday });
            let points = fitted.points(horizon);
            prop_assert_eq!(points.len(), horizon);
            for p in points.into_iter().chain([fitted.total(horizon, 50, 1)]) {
                for value in [p.mean, p.lower_80, p.upper_80, p.lower_95, p.upper_95] {
                    prop_assert!(value.is_finite() && value >= 0.0);
                }
                prop_assert!(p.lower_95 <= p.lower_80 && p.lower_80 <= p.mean);
                prop_assert!(p.mean <= p.upper_80 && p.upper_80 <= p.upper_95);
            }
            prop_assert!(fitted.mean(horizon).iter().all(|mean| *mean <= 2.0 * most));
            let mut paths = fitted.paths(horizon, 20, 1);
            while let Some(path) = paths.next() {
                let path: Vec<f64> = path.collect();
                prop_assert!(path.len() == horizon && path.iter().all(|y| y.is_finite() && *y >= 0.0));
            }
        }
    }
}

proptest! {
    /// Includes the largest and smallest values that `offercast forecast` accepts.
    #[test]
    fn forecasts_of_extreme_values_are_finite(
        values in prop::collection::vec(prop::sample::select(vec![0.0, 5e-324, 1e-160, 1e-9, 0.5, 1.0, 1e9, 3e14, 1e15]), 0..40),
    ) {
        for model in Model::ALL {
            let fitted = fit(model, &values);
            for p in fitted.points(14).into_iter().chain([fitted.total(14, 50, 1)]) {
                for value in [p.mean, p.lower_80, p.upper_80, p.lower_95, p.upper_95] {
                    prop_assert!(value.is_finite() && value >= 0.0, "{model:?} {p:?}");
                }
            }
        }
    }
}

#[test]
fn without_redemptions_in_the_history_the_forecast_is_zero() {
    for model in Model::ALL {
        for days in [0, 1, 10, 100] {
            let fitted = fit(model, &vec![0.0; days]);
            assert_eq!(fitted.mean(14), [0.0; 14], "{model:?} {days}");
            assert_eq!(fitted.total(14, 100, 1).mean, 0.0);
        }
    }
    assert_eq!(auto(&[0.0; 50]).total(14, 1000, 1), Point::NOTHING);
    assert_eq!(auto(&[0.0; 50]).points(1), [Point::NOTHING]);
}

#[test]
fn one_day_of_history_is_enough_for_a_forecast() {
    assert_eq!(auto(&[4.0]).mean(2), [4.0, 4.0]);
}

#[test]
fn constant_days_are_forecast_without_a_band() {
    let point = auto(&[50.0; 60]).points(1)[0];
    assert!((point.mean - 50.0).abs() < 1e-9);
    assert!(point.upper_95 - point.lower_95 < 1e-9);
}

#[test]
fn a_weekly_pattern_is_found_for_any_first_weekday() {
    let pattern = [10.0, 12.0, 9.0, 11.0, 20.0, 40.0, 0.0];
    for start in 0..7 {
        let values: Vec<f64> = (0..70).map(|day| pattern[(start + day) % 7]).collect();
        let means = Model::Auto.fit(Series { values: &values, first_weekday: start }).mean(14);
        for (day, mean) in means.iter().enumerate() {
            assert!((mean - pattern[(start + 70 + day) % 7]).abs() < 1.0, "{start} {day}: {mean}");
        }
    }
}

#[test]
fn no_weekly_pattern_is_found_in_random_counts() {
    let means = auto(&counts(300, |_| 3.0, 5)).mean(7);
    let (least, most) = means.iter().fold((f64::MAX, 0.0f64), |(l, m), x| (l.min(*x), m.max(*x)));
    assert!(least > 2.4 && most < 3.6 && most - least < 0.8, "{means:?}");
}

#[test]
fn a_burst_does_not_change_the_forecast() {
    let mut values = counts(90, |_| 4.0, 1);
    let before = mean(&auto(&values).mean(14));
    for day in [60, 89] {
        let usual = values[day];
        values[day] = 300.0;
        let with_burst = mean(&auto(&values).mean(14));
        assert!((with_burst / before - 1.0).abs() < 0.2, "day {day}: {before} {with_burst}");
        values[day] = usual;
    }
}

#[test]
fn a_weekly_peak_is_not_a_burst() {
    let values: Vec<f64> = (0..84).map(|day| if day % 7 == 3 { 60.0 } else { 2.0 }).collect();
    let means = auto(&values).mean(7);
    assert!((means[3] - 60.0).abs() < 3.0 && (means[0] - 2.0).abs() < 1.0, "{means:?}");
}

#[test]
fn a_lasting_rise_raises_the_forecast() {
    let values = counts(120, |day| if day < 90 { 5.0 } else { 25.0 }, 2);
    let forecast = mean(&auto(&values).mean(14));
    assert!(forecast > 17.0, "{forecast}");
}

#[test]
fn a_pause_in_the_middle_does_not_lower_the_forecast() {
    let values = counts(120, |day| if (60..90).contains(&day) { 0.0 } else { 8.0 }, 3);
    let forecast = mean(&auto(&values).mean(14));
    assert!((forecast - 8.0).abs() < 1.2, "{forecast}");
    // Two weeks into the pause the forecast is 0; one day after its end it is back at the old level.
    assert_eq!(mean(&auto(&values[..76]).mean(14)), 0.0);
    assert!(mean(&auto(&values[..91]).mean(14)) > 6.0);
}

#[test]
fn gaps_in_a_quiet_series_are_not_pauses() {
    let values = counts(200, |_| 0.15, 4);
    let forecast = mean(&auto(&values).mean(14));
    assert!((forecast / mean(&values) - 1.0).abs() < 0.3, "{forecast}");
}

#[test]
fn paths_are_the_same_for_a_seed_and_agree_with_the_points() {
    let values = counts(200, |day| if day % 7 > 4 { 12.0 } else { 4.0 }, 6);
    let fitted = auto(&values);
    assert_eq!(fitted.paths(14, 100, 7).totals(), fitted.paths(14, 100, 7).totals());
    assert_ne!(fitted.paths(14, 100, 7).totals(), fitted.paths(14, 100, 8).totals());
    let mut paths = fitted.paths(14, 4000, 1);
    let mut days = vec![Vec::new(); 14];
    while let Some(path) = paths.next() {
        days.iter_mut().zip(path).for_each(|(day, value)| day.push(value));
    }
    for (point, mut sample) in fitted.points(14).into_iter().zip(days) {
        sample.sort_unstable_by(f64::total_cmp);
        let drawn = Point::of_sample(mean(&sample), &sample);
        assert!((drawn.mean / point.mean - 1.0).abs() < 0.06, "{point:?} {drawn:?}");
        assert!((drawn.upper_80 - point.upper_80).abs() <= 1.5, "{point:?} {drawn:?}");
        assert!((drawn.lower_95 - point.lower_95).abs() <= 1.5, "{point:?} {drawn:?}");
    }
}

#[test]
fn the_band_of_a_total_is_narrower_than_the_sum_of_daily_bands() {
    let fitted = auto(&counts(200, |_| 5.0, 9));
    let total = fitted.total(14, 1000, 1);
    let daily: f64 = fitted.points(14).iter().map(|point| point.upper_80 - point.lower_80).sum();
    assert!(total.upper_80 - total.lower_80 < 0.6 * daily);
    assert!(total.upper_80 - total.lower_80 > 2.0 * 1.28 * 70f64.sqrt() * 0.9);
}

/// Counts whose rate changes every week by a random factor with this standard deviation of its logarithm.
fn launch(days: usize, weekly_change: f64, seed: u64) -> Vec<f64> {
    let mut random = SplitMix::new(!seed);
    let mut log_rate = 2.0;
    let rates: Vec<f64> = (0..days)
        .map(|day| {
            if day % 7 == 0 {
                log_rate += weekly_change * random.normal();
            }
            log_rate.exp()
        })
        .collect();
    counts(days, |day| rates[day], seed)
}

#[test]
fn the_80_band_of_a_total_holds_after_a_short_history_of_constant_or_changing_level() {
    for (weekly_change, least) in [(0.0, 0.74), (0.2, 0.67)] {
        let covered = (0..600).filter(|seed| {
            let known = 10 + usize::try_from(seed % 25).unwrap();
            let days = launch(known + 14, weekly_change, *seed);
            let total = auto(&days[..known]).total(14, 500, 1);
            let actual: f64 = days[known..].iter().sum();
            (total.lower_80..=total.upper_80).contains(&actual)
        });
        let share = covered.count() as f64 / 600.0;
        assert!((least..=0.88).contains(&share), "{weekly_change}: {share}");
    }
}

#[test]
fn the_95_band_of_a_total_holds_after_a_short_history_of_constant_or_changing_level() {
    for (weekly_change, least) in [(0.0, 0.92), (0.2, 0.85)] {
        let covered = (0..600).filter(|seed| {
            let known = 10 + usize::try_from(seed % 25).unwrap();
            let days = launch(known + 14, weekly_change, *seed);
            let total = auto(&days[..known]).total(14, 500, 1);
            (total.lower_95..=total.upper_95).contains(&days[known..].iter().sum())
        });
        let share = covered.count() as f64 / 600.0;
        assert!((least..=0.99).contains(&share), "{weekly_change}: {share}");
    }
}

#[test]
fn a_fading_launch_continues_to_fade_and_noise_does_not_count_as_fading() {
    let (mut fading, mut steady, mut actual) = (0.0, 0.0, 0.0);
    for seed in 0..50 {
        let launch = counts(32, |day| 25.0 * (-(day as f64) / 9.0).exp(), seed);
        actual += mean(&launch[18..]);
        fading += mean(&auto(&launch[..18]).mean(14));
        steady += mean(&auto(&counts(18, |_| 6.0, seed)).mean(14));
    }
    // Half of the slope is extrapolated; without it the forecast would be five times the actual values.
    assert!(fading < 3.2 * actual, "{fading} {actual}");
    assert!((steady / 300.0 - 1.0).abs() < 0.08, "{steady}");
}

#[test]
fn days_older_than_two_years_are_ignored() {
    let mut values = vec![500.0; 1000];
    values.extend(counts(740, |_| 3.0, 8));
    assert!(mean(&auto(&values).mean(14)) < 4.0);
}

#[test]
fn names_of_models_round_trip() {
    for model in Model::ALL {
        assert_eq!(Model::parse(model.name()), Some(model));
    }
    assert_eq!(Model::parse("crystal_ball"), None);
}
