use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::asked::Asked;
use crate::{Day, Discount, Offer};

/// What redemptions of an offer cost: mean and spread of one, in the offer's currency.
///
/// Estimates, not money: nothing is ever booked from them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Discounts {
    pub mean: f64,
    /// Standard deviation of one redemption.
    pub deviation: f64,
    /// Standard error of the mean.
    pub error: f64,
}

impl Discounts {
    /// As the offer's own redemptions were, turned into what the discount would give that it would have instead,
    /// and never more than the most that one redemption gives. None when nothing tells what a redemption costs.
    pub fn of(offer: &Offer, days: &[Day], instead: Option<Discount>) -> Option<Discounts> {
        let own = offer.terms.discount;
        let most = offer.terms.max_discount.map_or(Some(f64::INFINITY), |most| most.to_f64())?;
        let seen = Discounts::seen(days);
        match (own, instead.unwrap_or(own)) {
            (Discount::Percent(before), Discount::Percent(now)) => {
                let factor = (now / before).to_f64()?;
                seen.map(
                    |seen| if factor == 1.0 { seen.at_most(most) } else { seen.turned(most, factor, most) },
                )
            }
            // What a percent gave tells what orders came to: none is given more than that.
            (Discount::Percent(before), Discount::Flat(now)) => {
                let (all, now) = ((Decimal::ONE_HUNDRED / before).to_f64()?, now.to_f64()?.min(most));
                seen.map_or_else(|| Discounts::always(now), |seen| Some(seen.turned(most, all, now)))
            }
            (Discount::Flat(before), Discount::Flat(now)) => {
                let (before, now) = (before.to_f64()?.min(most), now.to_f64()?.min(most));
                seen.map_or_else(
                    || Discounts::always(now),
                    |seen| Some(seen.times(now / before).at_most(now)),
                )
            }
            // What the orders came to is not on record by the day.
            (Discount::Flat(_), Discount::Percent(_)) => None,
        }
    }

    fn times(self, factor: f64) -> Discounts {
        let Discounts { mean, deviation, error } = self;
        Discounts { mean: factor * mean, deviation: factor * deviation, error: factor * error }
    }

    /// Discounts that were capped at `cap` until now, had they been so many times as much and capped at `most`.
    fn turned(self, cap: f64, factor: f64, most: f64) -> Discounts {
        let (mean, deviation) = Asked::behind(self.mean, self.deviation, cap).times(factor).given(most);
        Discounts { mean, deviation, error: self.error * mean / self.mean }
    }

    /// As they are, unless they come from before there was a cap.
    fn at_most(self, most: f64) -> Discounts {
        if self.mean > most { self.turned(most, 1.0, most) } else { self }
    }

    fn always(mean: f64) -> Option<Discounts> {
        (mean > 0.0).then_some(Discounts { mean, deviation: 0.0, error: 0.0 })
    }

    /// From the sums of the days. With D_i spent on the n_i redemptions of day i, the mean is the sum of the
    /// D_i over that of the n_i, and the variance of one redemption the mean of (D_i - n_i mean)^2 / n_i.
    fn seen(days: &[Day]) -> Option<Discounts> {
        let sums = || days.iter().filter(|day| day.redemptions > 0).filter_map(sum_of_day);
        let (days, count, spent) = sums()
            .fold((0.0, 0.0, 0.0), |(days, count, spent), (n, sum)| (days + 1.0, count + n, spent + sum));
        if count <= 0.0 || spent <= 0.0 {
            return None;
        }
        let mean = spent / count;
        let squares: f64 = sums().map(|(n, sum)| (sum - n * mean).powi(2) / n).sum();
        let deviation = if days > 1.0 { (squares / (days - 1.0)).sqrt() } else { 0.0 };
        Some(Discounts { mean, deviation, error: deviation / count.sqrt() })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a day has far fewer than 2^52 redemptions")]
fn sum_of_day(day: &Day) -> Option<(f64, f64)> {
    Some((day.redemptions as f64, day.discount.to_f64()?))
}
