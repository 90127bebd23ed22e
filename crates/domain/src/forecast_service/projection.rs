use chrono::NaiveDate;
use offercast_forecast::{Fitted, Model, Path, Point, SplitMix};
use rust_decimal::prelude::ToPrimitive;

use super::{DiscountEstimate, HORIZON, Limit, RUN_OUT_HORIZON, RunOut, WhatIf, after, is_open};
use crate::{Analytics, Day};

/// Number of sample paths.
const PATHS: usize = 1000;
/// Costs are drawn for a week at a time. Single days are checked only in the week in which a limit is reached.
const WEEK: usize = 7;
/// One in this many paths is followed until it runs out: a date needs fewer paths than a band.
const FOLLOWED: usize = 4;
/// A limit is out of reach if even this many times the expected redemptions do not reach it.
const OUT_OF_REACH: f64 = 4.0;
/// Lower bound of drawn costs, as a share of the mean cost.
const MIN_COST_SHARE: f64 = 0.1;
/// Share of the paths outside the 80 % band at either end.
const TENTH: f64 = 0.1;

/// The limits of the terms, counted from today.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Days ahead (0 is today) on which the offer can be redeemed: first day, and the day after the last.
    open_from: usize,
    open_to: usize,
    /// As `open_to`, ignoring a pause.
    ends: usize,
    /// Remaining redemptions and budget. Infinite without a limit.
    redemptions: f64,
    budget: f64,
    discounts: DiscountEstimate,
    /// Today's redemptions so far, which the totals include.
    today: f64,
    /// Whether a limit exists and its date can be estimated.
    pub known: bool,
}

impl Limits {
    pub fn of(
        analytics: &Analytics<'_>,
        today: Option<&Day>,
        what_if: &WhatIf,
        discounts: Option<DiscountEstimate>,
    ) -> Limits {
        let (terms, totals) = (&analytics.offer.terms, analytics.totals);
        let end_date = what_if.end_date.unwrap_or(terms.end_date);
        let maximum = what_if.max_redemptions.unwrap_or(terms.max_redemptions);
        let budget = what_if.budget.unwrap_or(terms.budget);
        let days_to = |date: NaiveDate| date.signed_duration_since(analytics.today).num_days();
        let ahead = |days: i64| usize::try_from(days).unwrap_or(0).min(RUN_OUT_HORIZON);
        let ends = ahead(days_to(end_date) + 1);
        let left = |limit: f64, used: f64| (limit - used).max(0.0);
        Limits {
            open_from: ahead(days_to(terms.start_date)),
            open_to: if is_open(terms.status) { ends } else { 0 },
            ends,
            redemptions: maximum
                .map_or(f64::INFINITY, |maximum| left(number(maximum), number(totals.redeemed))),
            budget: budget.zip(discounts).map_or(f64::INFINITY, |(budget, _)| {
                (budget - totals.spent).to_f64().unwrap_or(f64::INFINITY).max(0.0)
            }),
            discounts: discounts.unwrap_or(DiscountEstimate { mean: 0.0, deviation: 0.0, error: 0.0 }),
            today: today.map_or(0.0, |day| number(day.redemptions)),
            known: maximum.is_some() || (budget.is_some() && discounts.is_some()),
        }
    }

    /// Sets the demand to 0 on days on which the offer is not open. `first` is the day of the first entry.
    fn clear_closed_days(&self, first: usize, demand: &mut [f64]) {
        for (day, demand) in (first..).zip(demand) {
            if !(self.open_from..self.open_to).contains(&day) {
                *demand = 0.0;
            }
        }
    }

    /// Whether a limit may be reached before the offer ends, so that the paths must be followed beyond [`HORIZON`].
    fn are_in_reach(&self, fitted: &Fitted) -> bool {
        let expected: f64 = fitted.mean(self.open_to).iter().sum();
        let spent = expected * self.discounts.mean;
        OUT_OF_REACH * expected > self.redemptions || OUT_OF_REACH * spent > self.budget
    }

    /// Returns the limit that is already reached. If both are, the maximum comes first, as in
    /// [`crate::Refusal`].
    fn used_up(&self) -> Option<Limit> {
        let DiscountEstimate { mean, deviation, .. } = self.discounts;
        if self.redemptions < 1.0 {
            return Some(Limit::MaxRedemptions);
        }
        let is_spent = self.budget <= 0.0 || (deviation == 0.0 && is_less(self.budget, mean));
        is_spent.then_some(Limit::Budget)
    }
}

/// Compares with a tolerance for rounding errors of sums.
fn is_less(one: f64, other: f64) -> bool {
    one < other * (1.0 - 1e-9)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 redemptions")]
fn number(count: i64) -> f64 {
    count as f64
}

/// The sample paths, within the limits.
#[derive(Debug)]
pub(super) struct Projection {
    /// Redemptions by path, for each of the first [`HORIZON`] days.
    capped: Vec<[f64; HORIZON]>,
    /// Demand without limits: the mean over all paths.
    demand: [f64; HORIZON],
    /// Days on which the redemptions of at least one path differ from its demand.
    limited: [bool; HORIZON],
    /// The day on which each followed path ran out, and the limit it reached.
    run_out: Vec<Option<(usize, Limit)>>,
}

impl Projection {
    pub fn draw(fitted: &Fitted, limits: &Limits, seed: u64) -> Projection {
        let days = if limits.are_in_reach(fitted) { limits.open_to.max(HORIZON) } else { HORIZON };
        let mut paths = fitted.paths(days, PATHS, seed);
        let mut random = SplitMix::new(seed ^ u64::MAX);
        let mut projection = Projection {
            capped: Vec::with_capacity(PATHS),
            demand: [0.0; HORIZON],
            limited: [false; HORIZON],
            run_out: Vec::with_capacity(PATHS / FOLLOWED),
        };
        let mut drawn = 0..;
        while let (Some(mut path), Some(number)) = (paths.next(), drawn.next()) {
            // Paths are sorted from few to many redemptions: this picks them evenly.
            let followed = number % FOLLOWED == FOLLOWED / 2;
            let last = if followed { days } else { HORIZON };
            let mut remaining = RemainingLimits::new(limits, &mut random);
            let near = projection.near(&mut path, limits, &mut remaining);
            projection.capped.push(near);
            let mut first = HORIZON;
            while first < last && remaining.empty.is_none() {
                let mut week = [0.0; WEEK];
                week.iter_mut().zip(&mut path).for_each(|(day, demand)| *day = demand);
                limits.clear_closed_days(first, &mut week);
                remaining.redeem(first, &mut week);
                first += WEEK;
            }
            if followed {
                projection.run_out.push(remaining.empty);
            }
        }
        projection.demand.iter_mut().for_each(|demand| *demand /= PATHS as f64);
        projection
    }

    /// Returns the redemptions of the first [`HORIZON`] days of a path, within the limits.
    fn near(
        &mut self,
        path: &mut Path<'_>,
        limits: &Limits,
        remaining: &mut RemainingLimits<'_>,
    ) -> [f64; HORIZON] {
        let mut demand = [0.0; HORIZON];
        demand.iter_mut().zip(path).for_each(|(day, demand)| *day = demand);
        let mut redeemed = demand;
        redeemed[0] = (demand[0] - limits.today).max(0.0);
        limits.clear_closed_days(0, &mut redeemed);
        for (week, days) in redeemed.chunks_mut(WEEK).enumerate() {
            remaining.redeem(week * WEEK, days);
        }
        redeemed[0] += limits.today;
        for day in 0..HORIZON {
            self.demand[day] += demand[day];
            self.limited[day] |= redeemed[day] != demand[day];
        }
        redeemed
    }

    /// Returns a point for each day. For the moving average these are its exact values: of the limits, only the end
    /// date applies.
    pub fn points(&self, fitted: &Fitted, limits: &Limits) -> Vec<Point> {
        let free = fitted.points(HORIZON);
        let point = |(day, free): (usize, &Point)| {
            if fitted.model() == Model::MovingAverage7 {
                return if day < limits.ends { *free } else { Point::NOTHING };
            }
            let before = if day == 0 { limits.today } else { 0.0 };
            if self.limited[day] { self.limited_point(day, free, before) } else { *free }
        };
        free.iter().enumerate().map(point).collect()
    }

    /// Returns the point of a day on which a limit applies. Its mean is the redemptions `before` now, which are
    /// certain, plus the model's mean times the share of the demand that the limits let through in the paths.
    fn limited_point(&self, day: usize, free: &Point, before: f64) -> Point {
        let mut sample: Vec<f64> = self.capped.iter().map(|path| path[day]).collect();
        sample.sort_unstable_by(f64::total_cmp);
        let mean = sample.iter().sum::<f64>() / PATHS as f64;
        let demand = self.demand[day];
        let mean = if demand > 0.0 { before + free.mean * (mean - before) / demand } else { mean };
        Point::of_sample(mean, &sample)
    }

    pub fn total(&self, points: &[Point]) -> Point {
        let mut totals: Vec<f64> = self.capped.iter().map(|path| path.iter().sum()).collect();
        totals.sort_unstable_by(f64::total_cmp);
        Point::of_sample(points.iter().map(|point| point.mean).sum(), &totals)
    }

    /// Returns the distribution of run-out days. A band of whole days covers more than 80 % unless the days at its ends
    /// count half, so the ends are the outermost days whose midpoint lies within the 80 % band.
    pub fn run_out(&self, today: NaiveDate) -> Option<RunOut> {
        let mut days: Vec<usize> = self.run_out.iter().flatten().map(|(day, _)| *day).collect();
        days.sort_unstable();
        let paths = self.run_out.len() as f64;
        let before = |day: usize| days.partition_point(|other| *other < day) as f64;
        let middle = |day: usize| f64::midpoint(before(day), before(day + 1)) / paths;
        let probability = days.len() as f64 / paths;
        let earliest = days.iter().find(|day| middle(**day) >= TENTH).or(days.last());
        let latest = days.iter().rev().find(|day| middle(**day) <= 1.0 - TENTH);
        let median = days.get((self.run_out.len() / 2).max(1) - 1);
        let date = |day: &usize| after(today, *day);
        (paths > 0.0).then(|| RunOut {
            probability,
            limit: self.first_limit(),
            earliest: earliest.filter(|_| probability >= TENTH).map(date),
            median: median.map(date),
            latest: latest.filter(|_| probability >= 1.0 - TENTH).map(date),
        })
    }

    fn first_limit(&self) -> Option<Limit> {
        let limits = || self.run_out.iter().flatten().map(|(_, limit)| *limit);
        let (all, budget) = (limits().count(), limits().filter(|limit| *limit == Limit::Budget).count());
        (all > 0).then_some(if 2 * budget > all { Limit::Budget } else { Limit::MaxRedemptions })
    }
}

/// The redemptions and the budget that one path has left.
struct RemainingLimits<'a> {
    redemptions: f64,
    budget: f64,
    /// Mean cost of a redemption, drawn anew for each path because the estimate has an error.
    mean: f64,
    deviation: f64,
    /// The day on which the path ran out, and the limit it reached.
    empty: Option<(usize, Limit)>,
    random: &'a mut SplitMix,
}

impl RemainingLimits<'_> {
    fn new<'a>(limits: &Limits, random: &'a mut SplitMix) -> RemainingLimits<'a> {
        let DiscountEstimate { mean, deviation, error } = limits.discounts;
        let mean =
            if error > 0.0 { (mean + error * random.normal()).max(mean * MIN_COST_SHARE) } else { mean };
        RemainingLimits {
            redemptions: limits.redemptions,
            budget: limits.budget,
            mean,
            deviation,
            empty: limits.used_up().map(|limit| (0, limit)),
            random,
        }
    }

    /// Reduces the demand of successive days to what can be redeemed, and uses up the limits accordingly.
    fn redeem(&mut self, first: usize, demand: &mut [f64]) {
        let count: f64 = demand.iter().sum();
        let cost = self.cost(count);
        if self.empty.is_none() && self.redemptions - count >= 1.0 && !is_less(self.budget - cost, self.mean)
        {
            self.redemptions -= count;
            self.budget -= cost;
            return;
        }
        let price = if count > 0.0 { cost / count } else { 0.0 };
        for (day, demand) in (first..).zip(demand) {
            *demand = if self.empty.is_none() { self.redeem_day(day, *demand, price) } else { 0.0 };
        }
    }

    fn redeem_day(&mut self, day: usize, demand: f64, price: f64) -> f64 {
        if demand <= 0.0 {
            return 0.0;
        }
        let mut redeemed = demand.min(self.redemptions);
        let cost = redeemed * price;
        if is_less(self.budget, cost) {
            redeemed = (self.budget / price + 1e-9).floor();
            self.budget = 0.0;
        } else {
            self.budget = (self.budget - cost).max(0.0);
        }
        self.redemptions -= redeemed;
        if self.redemptions < 1.0 {
            self.empty = Some((day, Limit::MaxRedemptions));
        } else if redeemed < demand || is_less(self.budget, self.mean) {
            self.empty = Some((day, Limit::Budget));
        }
        redeemed
    }

    /// Draws the cost of this many redemptions. Returns 0 without a budget.
    fn cost(&mut self, count: f64) -> f64 {
        if self.budget == f64::INFINITY || count <= 0.0 {
            return 0.0;
        }
        let spread =
            if self.deviation > 0.0 { self.deviation * count.sqrt() * self.random.normal() } else { 0.0 };
        let expected = count * self.mean;
        (expected + spread).max(expected * MIN_COST_SHARE)
    }
}
