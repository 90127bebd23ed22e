/// Day h is the mean of the last `window` values of the history followed by the forecasts already made. With fewer
/// values than that it is the mean of all values; without any it is 0.
pub fn moving_average(history: &[f64], window: usize, horizon: usize) -> Vec<f64> {
    let start = history.len().saturating_sub(window);
    let mut values = history[start..].to_vec();
    for _ in 0..horizon {
        let recent = &values[values.len().saturating_sub(window)..];
        values.push(mean(recent));
    }
    values.split_off(history.len() - start)
}

/// The mean of each value and up to `window - 1` values before it.
pub fn trailing_mean(values: &[f64], window: usize) -> Vec<f64> {
    (1..=values.len()).map(|end| mean(&values[end.saturating_sub(window)..end])).collect()
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "windows are short")]
    let count = values.len() as f64;
    values.iter().sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_earlier_forecasts_too() {
        let week = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let ahead = moving_average(&week, 7, 2);
        assert_eq!(ahead[0], 4.0);
        // The values 2 to 7 and the forecast 4.
        assert!((ahead[1] - 31.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn averages_all_values_of_a_short_history() {
        assert_eq!(moving_average(&[2.0, 4.0], 7, 2), [3.0, 3.0]);
    }

    #[test]
    fn only_the_last_window_counts() {
        assert_eq!(moving_average(&[1000.0, 0.0, 0.0], 2, 3), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn trailing_mean_starts_with_a_shorter_window() {
        assert_eq!(trailing_mean(&[1.0, 3.0, 5.0], 2), [1.0, 2.0, 4.0]);
        assert!(trailing_mean(&[], 7).is_empty());
    }
}
