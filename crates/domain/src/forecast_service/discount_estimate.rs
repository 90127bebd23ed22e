use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::uncapped_discount::UncappedDiscount;
use crate::{Day, Discount, Offer};

/// Estimated cost of a redemption in the offer's currency. Used for forecasts only, never for booked amounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DiscountEstimate {
    pub mean: f64,
    /// Standard deviation of a single redemption.
    pub deviation: f64,
    /// Standard error of the mean.
    pub error: f64,
}

impl DiscountEstimate {
    /// Estimates the cost from the offer's redemptions, converted to the discount `instead` if there is one and capped
    /// at the offer's `max_discount`. Returns `None` if the cost cannot be estimated.
    pub fn of(offer: &Offer, days: &[Day], instead: Option<Discount>) -> Option<DiscountEstimate> {
        let own = offer.terms.discount;
        let most = offer.terms.max_discount.map_or(Some(f64::INFINITY), |most| most.to_f64())?;
        let observed = DiscountEstimate::observed(days);
        match (own, instead.unwrap_or(own)) {
            (Discount::Percent(before), Discount::Percent(now)) => {
                let factor = (now / before).to_f64()?;
                observed.map(|observed| {
                    if factor == 1.0 {
                        observed.at_most(most)
                    } else {
                        observed.converted(most, factor, most)
                    }
                })
            }
            // The percent discounts reveal the order amounts, which a flat discount never exceeds.
            (Discount::Percent(before), Discount::Flat(now)) => {
                let (all, now) = ((Decimal::ONE_HUNDRED / before).to_f64()?, now.to_f64()?.min(most));
                observed.map_or_else(
                    || DiscountEstimate::constant(now),
                    |observed| Some(observed.converted(most, all, now)),
                )
            }
            (Discount::Flat(before), Discount::Flat(now)) => {
                let (before, now) = (before.to_f64()?.min(most), now.to_f64()?.min(most));
                observed.map_or_else(
                    || DiscountEstimate::constant(now),
                    |observed| Some(observed.times(now / before).at_most(now)),
                )
            }
            // The roll-up by day does not contain order amounts.
            (Discount::Flat(_), Discount::Percent(_)) => None,
        }
    }

    fn times(self, factor: f64) -> DiscountEstimate {
        let DiscountEstimate { mean, deviation, error } = self;
        DiscountEstimate { mean: factor * mean, deviation: factor * deviation, error: factor * error }
    }

    /// Converts discounts that were capped at `cap`: multiplies them by `factor`, then caps them at `most`.
    fn converted(self, cap: f64, factor: f64, most: f64) -> DiscountEstimate {
        let uncapped = UncappedDiscount::fit(self.mean, self.deviation, cap);
        let (mean, deviation) = uncapped.times(factor).capped(most);
        DiscountEstimate { mean, deviation, error: self.error * mean / self.mean }
    }

    /// Applies a cap, which changes only discounts that were given before the offer had one.
    fn at_most(self, most: f64) -> DiscountEstimate {
        if self.mean > most { self.converted(most, 1.0, most) } else { self }
    }

    fn constant(mean: f64) -> Option<DiscountEstimate> {
        (mean > 0.0).then_some(DiscountEstimate { mean, deviation: 0.0, error: 0.0 })
    }

    /// Computes the estimate from daily sums. With D_i spent on the n_i redemptions of day i, the mean is the sum of
    /// the D_i divided by the sum of the n_i, and the variance of one redemption is the mean of (D_i - n_i mean)^2 /
    /// n_i.
    fn observed(days: &[Day]) -> Option<DiscountEstimate> {
        let sums = || days.iter().filter(|day| day.redemptions > 0).filter_map(sum_of_day);
        let (days, count, spent) = sums()
            .fold((0.0, 0.0, 0.0), |(days, count, spent), (n, sum)| (days + 1.0, count + n, spent + sum));
        if count <= 0.0 || spent <= 0.0 {
            return None;
        }
        let mean = spent / count;
        let squares: f64 = sums().map(|(n, sum)| (sum - n * mean).powi(2) / n).sum();
        let deviation = if days > 1.0 { (squares / (days - 1.0)).sqrt() } else { 0.0 };
        Some(DiscountEstimate { mean, deviation, error: deviation / count.sqrt() })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a day has far fewer than 2^52 redemptions")]
fn sum_of_day(day: &Day) -> Option<(f64, f64)> {
    Some((day.redemptions as f64, day.discount.to_f64()?))
}
