use offercast_forecast::normal_distribution;

/// What redemptions would cost if there were no cap on one: log-normal, as amounts of orders are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Asked {
    /// Mean and deviation of the logarithm.
    location: f64,
    scale: f64,
}

/// Nobody's orders are spread further.
const MOST_SCALE: f64 = 3.0;
/// Halvings of an interval: seven digits are plenty for an estimate.
const STEPS: usize = 24;

impl Asked {
    /// By the method of moments: the distribution of which, capped, mean and deviation are those seen. A mean that is
    /// not below the cap was made without one.
    pub fn behind(mean: f64, deviation: f64, cap: f64) -> Asked {
        let free = (1.0 + (deviation / mean).powi(2)).ln();
        let free = Asked { location: mean.ln() - free / 2.0, scale: free.sqrt() };
        // So far below the cap that it does not matter.
        if mean >= cap || free.given(cap).0 > mean * (1.0 - 1e-6) {
            return free;
        }
        let scale =
            halve(0.0, MOST_SCALE, |scale| Asked::with_mean(mean, scale, cap).given(cap).1 < deviation);
        Asked::with_mean(mean, scale, cap)
    }

    /// The one of this scale that has this mean when it is capped.
    fn with_mean(mean: f64, scale: f64, cap: f64) -> Asked {
        let reach = scale * scale / 2.0 + 6.0 * scale;
        let least = mean.ln() - scale * scale / 2.0;
        let asked = |location| Asked { location, scale };
        asked(halve(least, cap.ln() + reach, |location| asked(location).given(cap).0 < mean))
    }

    pub fn times(self, factor: f64) -> Asked {
        Asked { location: self.location + factor.ln(), ..self }
    }

    /// Mean and deviation of what is given when no redemption gives more than `cap`: with F the normal distribution,
    /// the mean of min(X, c) is e^(l + s^2/2) F(z - s) + c F(-z), where z = (ln c - l) / s; of its square accordingly.
    pub fn given(self, cap: f64) -> (f64, f64) {
        let Asked { location, scale } = self;
        if scale == 0.0 {
            return (location.exp().min(cap), 0.0);
        }
        let at_cap = (cap.ln() - location) / scale;
        let moment = |power: f64| {
            let below = (power * location + (power * scale).powi(2) / 2.0).exp();
            let above = if cap.is_finite() { cap.powf(power) * normal_distribution(-at_cap) } else { 0.0 };
            below * normal_distribution(at_cap - power * scale) + above
        };
        let (mean, square) = (moment(1.0), moment(2.0));
        (mean, (square - mean * mean).max(0.0).sqrt())
    }
}

/// Where in an interval a condition ceases to hold.
fn halve(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() <= 1e-3 * other.abs().max(1e-6)
    }

    proptest! {
        #[test]
        fn what_was_asked_is_found_behind_what_was_given(
            // Where next to all were capped nothing tells by how much.
            mean in 1.0f64..100.0, spread in 0.2f64..1.0, cap in 0.9f64..4.0,
        ) {
            let asked = Asked::behind(mean, spread * mean, f64::INFINITY);
            let given = asked.given(cap * mean);
            let found = Asked::behind(given.0, given.1, cap * mean);
            for cap in [0.5 * cap, cap, 3.0 * cap].map(|cap| cap * mean) {
                let (expected, got) = (asked.given(cap), found.given(cap));
                prop_assert!((got.0 / expected.0 - 1.0).abs() < 0.02, "{asked:?} {found:?} {expected:?} {got:?}");
            }
        }

        #[test]
        fn nothing_is_given_above_the_cap(
            mean in 0.01f64..1e6, spread in 0.0f64..5.0, cap in 0.01f64..1e6, factor in 0.01f64..100.0, most in 0.01f64..1e6,
        ) {
            let (mean, deviation) = Asked::behind(mean, spread * mean, cap).times(factor).given(most);
            prop_assert!(mean.is_finite() && mean >= 0.0 && mean <= most * (1.0 + 1e-6), "{mean}");
            prop_assert!(deviation.is_finite() && deviation <= most, "{deviation}");
        }
    }

    #[test]
    fn without_a_cap_mean_and_deviation_are_kept() {
        let (mean, deviation) = Asked::behind(5.0, 2.0, f64::INFINITY).given(f64::INFINITY);
        assert!(close(mean, 5.0) && close(deviation, 2.0), "{mean} {deviation}");
    }
}
