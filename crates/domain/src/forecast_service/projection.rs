use chrono::NaiveDate;
use offercast_forecast::{Fitted, Model, Path, Point, SplitMix};
use rust_decimal::prelude::ToPrimitive;

use super::{Discounts, HORIZON, Limit, RUN_OUT_HORIZON, RunOut, WhatIf, after, is_open};
use crate::{Analytics, Day};

/// Possible futures that are drawn.
const PATHS: usize = 1000;
/// Days whose money is drawn together: a limit is looked for in single days only where it is reached.
const WEEK: usize = 7;
/// One path of so many is followed until it runs out: a date needs fewer of them than a band.
const FOLLOWED: usize = 4;
/// Nobody redeems so many times more than expected over weeks.
const OUT_OF_REACH: f64 = 4.0;
/// No redemption costs nothing: what some cost stays above this part of what they cost on average.
const LEAST: f64 = 0.1;
/// What the band of days leaves out at either end.
const TENTH: f64 = 0.1;

/// What the terms leave of the demand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Days ahead (today is 0) on which the offer redeems: from, and up to but without.
    open_from: usize,
    open_to: usize,
    /// The same, whether staff have paused it or not.
    ends: usize,
    /// Redemptions and money that are left.
    redemptions: f64,
    budget: f64,
    discounts: Discounts,
    /// Redemptions of today up to now: they are in the totals already.
    today: f64,
    /// Whether there is a limit, and it can be told when it is reached.
    pub known: bool,
}

impl Limits {
    pub fn of(
        analytics: &Analytics<'_>,
        today: Option<&Day>,
        what_if: &WhatIf,
        discounts: Option<Discounts>,
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
            discounts: discounts.unwrap_or(Discounts { mean: 0.0, deviation: 0.0, error: 0.0 }),
            today: today.map_or(0.0, |day| number(day.redemptions)),
            known: maximum.is_some() || (budget.is_some() && discounts.is_some()),
        }
    }

    /// What is asked for in the days from the first on that are open.
    fn leave_open(&self, first: usize, asked: &mut [f64]) {
        for (day, asked) in (first..).zip(asked) {
            if !(self.open_from..self.open_to).contains(&day) {
                *asked = 0.0;
            }
        }
    }

    /// Whether it is worth looking beyond the first days: what is expected up to the end is not far below
    /// what is left.
    fn are_in_reach(&self, fitted: &Fitted) -> bool {
        let expected: f64 = fitted.mean(self.open_to).iter().sum();
        let spent = expected * self.discounts.mean;
        OUT_OF_REACH * expected > self.redemptions || OUT_OF_REACH * spent > self.budget
    }

    /// What is used up before anything more happens. Of two the maximum, as in a refusal.
    fn used_up(&self) -> Option<Limit> {
        let Discounts { mean, deviation, .. } = self.discounts;
        if self.redemptions < 1.0 {
            return Some(Limit::MaxRedemptions);
        }
        let is_spent = self.budget <= 0.0 || (deviation == 0.0 && is_less(self.budget, mean));
        is_spent.then_some(Limit::Budget)
    }
}

/// By more than sums of fractions are off.
fn is_less(one: f64, other: f64) -> bool {
    one < other * (1.0 - 1e-9)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 redemptions")]
fn number(count: i64) -> f64 {
    count as f64
}

/// What is drawn of the futures.
#[derive(Debug)]
pub(super) struct Projection {
    /// Redemptions of each day of each path: of the first [`HORIZON`] days.
    capped: Vec<[f64; HORIZON]>,
    /// What was asked for, on average over the paths.
    demand: [f64; HORIZON],
    /// Days on which some path got something else than it asked for.
    limited: [bool; HORIZON],
    /// The day on which each of the followed paths ran out, and of what.
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
            // Paths come from few to many: these are spread evenly.
            let followed = number % FOLLOWED == FOLLOWED / 2;
            let last = if followed { days } else { HORIZON };
            let mut purse = Purse::new(limits, &mut random);
            let near = projection.near(&mut path, limits, &mut purse);
            projection.capped.push(near);
            let mut first = HORIZON;
            while first < last && purse.empty.is_none() {
                let mut asked = [0.0; WEEK];
                asked.iter_mut().zip(&mut path).for_each(|(asked, demand)| *asked = demand);
                limits.leave_open(first, &mut asked);
                purse.redeem(first, &mut asked);
                first += WEEK;
            }
            if followed {
                projection.run_out.push(purse.empty);
            }
        }
        projection.demand.iter_mut().for_each(|demand| *demand /= PATHS as f64);
        projection
    }

    /// The first [`HORIZON`] days of a path: what each of them brings within the limits.
    fn near(&mut self, path: &mut Path<'_>, limits: &Limits, purse: &mut Purse<'_>) -> [f64; HORIZON] {
        let mut demand = [0.0; HORIZON];
        demand.iter_mut().zip(path).for_each(|(day, demand)| *day = demand);
        let mut redeemed = demand;
        redeemed[0] = (demand[0] - limits.today).max(0.0);
        limits.leave_open(0, &mut redeemed);
        for (week, days) in redeemed.chunks_mut(WEEK).enumerate() {
            purse.redeem(week * WEEK, days);
        }
        redeemed[0] += limits.today;
        for day in 0..HORIZON {
            self.demand[day] += demand[day];
            self.limited[day] |= redeemed[day] != demand[day];
        }
        redeemed
    }

    /// Each day by itself. The moving average is defined to the digit, without limits but the end date.
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

    /// What the day has brought before is certain; to that comes the mean of the model times what the limits leave of
    /// it in the paths.
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

    /// Days are whole, so a band of days holds more than it says unless a day at its end counts half: the
    /// ends are the outermost days whose middle lies between the first and the last tenth of the paths.
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

/// What one path has left.
struct Purse<'a> {
    redemptions: f64,
    budget: f64,
    /// What one redemption costs on average: nobody knows it exactly.
    mean: f64,
    deviation: f64,
    /// The day on which it ran out, and of what.
    empty: Option<(usize, Limit)>,
    random: &'a mut SplitMix,
}

impl Purse<'_> {
    fn new<'a>(limits: &Limits, random: &'a mut SplitMix) -> Purse<'a> {
        let Discounts { mean, deviation, error } = limits.discounts;
        let mean = if error > 0.0 { (mean + error * random.normal()).max(mean * LEAST) } else { mean };
        Purse {
            redemptions: limits.redemptions,
            budget: limits.budget,
            mean,
            deviation,
            empty: limits.used_up().map(|limit| (0, limit)),
            random,
        }
    }

    /// Leaves of what is asked for on successive days what is redeemed.
    fn redeem(&mut self, first: usize, asked: &mut [f64]) {
        let count: f64 = asked.iter().sum();
        let cost = self.cost(count);
        if self.empty.is_none() && self.redemptions - count >= 1.0 && !is_less(self.budget - cost, self.mean)
        {
            self.redemptions -= count;
            self.budget -= cost;
            return;
        }
        let price = if count > 0.0 { cost / count } else { 0.0 };
        for (day, asked) in (first..).zip(asked) {
            *asked = if self.empty.is_none() { self.redeem_day(day, *asked, price) } else { 0.0 };
        }
    }

    fn redeem_day(&mut self, day: usize, asked: f64, price: f64) -> f64 {
        if asked <= 0.0 {
            return 0.0;
        }
        let mut made = asked.min(self.redemptions);
        let cost = made * price;
        if is_less(self.budget, cost) {
            made = (self.budget / price + 1e-9).floor();
            self.budget = 0.0;
        } else {
            self.budget = (self.budget - cost).max(0.0);
        }
        self.redemptions -= made;
        if self.redemptions < 1.0 {
            self.empty = Some((day, Limit::MaxRedemptions));
        } else if made < asked || is_less(self.budget, self.mean) {
            self.empty = Some((day, Limit::Budget));
        }
        made
    }

    /// Of so many redemptions; nothing where there is no budget to take it from.
    fn cost(&mut self, count: f64) -> f64 {
        if self.budget == f64::INFINITY || count <= 0.0 {
            return 0.0;
        }
        let spread =
            if self.deviation > 0.0 { self.deviation * count.sqrt() * self.random.normal() } else { 0.0 };
        let expected = count * self.mean;
        (expected + spread).max(expected * LEAST)
    }
}
