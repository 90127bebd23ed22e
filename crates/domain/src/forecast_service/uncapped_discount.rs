use offercast_forecast::normal_distribution;

/// The distribution of discounts without a cap: log-normal, as order amounts are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct UncappedDiscount {
    /// Mean and standard deviation of the logarithm.
    location: f64,
    scale: f64,
}

/// Upper bound of the fitted scale. Order amounts are not more spread out than this.
const MAX_SCALE: f64 = 3.0;
/// Steps of a bisection. They give seven digits, which is enough for an estimate.
const STEPS: usize = 24;

impl UncappedDiscount {
    /// Fits the distribution by the method of moments: capped, it has the observed mean and deviation. An observed mean
    /// that is not below the cap comes from redemptions without one.
    pub fn fit(mean: f64, deviation: f64, cap: f64) -> UncappedDiscount {
        let free = (1.0 + (deviation / mean).powi(2)).ln();
        let free = UncappedDiscount { location: mean.ln() - free / 2.0, scale: free.sqrt() };
        // The mean is so far below the cap that the cap does not matter.
        if mean >= cap || free.capped(cap).0 > mean * (1.0 - 1e-6) {
            return free;
        }
        let is_too_narrow =
            |scale| UncappedDiscount::with_capped_mean(mean, scale, cap).capped(cap).1 < deviation;
        UncappedDiscount::with_capped_mean(mean, bisect(0.0, MAX_SCALE, is_too_narrow), cap)
    }

    /// Returns the distribution of this scale whose capped mean is `mean`.
    fn with_capped_mean(mean: f64, scale: f64, cap: f64) -> UncappedDiscount {
        let reach = scale * scale / 2.0 + 6.0 * scale;
        let least = mean.ln() - scale * scale / 2.0;
        let at = |location| UncappedDiscount { location, scale };
        at(bisect(least, cap.ln() + reach, |location| at(location).capped(cap).0 < mean))
    }

    pub fn times(self, factor: f64) -> UncappedDiscount {
        UncappedDiscount { location: self.location + factor.ln(), ..self }
    }

    /// Returns the mean and the standard deviation of discounts capped at `cap`. With F the normal distribution,
    /// the mean of min(X, c) is e^(l + s^2/2) F(z - s) + c F(-z), where z = (ln c - l) / s; the mean of its square
    /// accordingly.
    pub fn capped(self, cap: f64) -> (f64, f64) {
        let UncappedDiscount { location, scale } = self;
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

/// Finds the point of an interval at which a condition stops being true.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
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
        fn the_uncapped_distribution_is_recovered_from_capped_discounts(
            // With a lower cap almost all discounts would be capped, and their size could not be recovered.
            mean in 1.0f64..100.0, spread in 0.2f64..1.0, cap in 0.9f64..4.0,
        ) {
            let original = UncappedDiscount::fit(mean, spread * mean, f64::INFINITY);
            let observed = original.capped(cap * mean);
            let fitted = UncappedDiscount::fit(observed.0, observed.1, cap * mean);
            for cap in [0.5 * cap, cap, 3.0 * cap].map(|cap| cap * mean) {
                let (expected, got) = (original.capped(cap), fitted.capped(cap));
                prop_assert!((got.0 / expected.0 - 1.0).abs() < 0.02, "{original:?} {fitted:?} {expected:?} {got:?}");
            }
        }

        #[test]
        fn the_capped_mean_never_exceeds_the_cap(
            mean in 0.01f64..1e6, spread in 0.0f64..5.0, cap in 0.01f64..1e6, factor in 0.01f64..100.0, most in 0.01f64..1e6,
        ) {
            let (mean, deviation) = UncappedDiscount::fit(mean, spread * mean, cap).times(factor).capped(most);
            prop_assert!(mean.is_finite() && mean >= 0.0 && mean <= most * (1.0 + 1e-6), "{mean}");
            prop_assert!(deviation.is_finite() && deviation <= most, "{deviation}");
        }
    }

    #[test]
    fn without_a_cap_mean_and_deviation_stay_the_same() {
        let (mean, deviation) = UncappedDiscount::fit(5.0, 2.0, f64::INFINITY).capped(f64::INFINITY);
        assert!(close(mean, 5.0) && close(deviation, 2.0), "{mean} {deviation}");
    }
}
