use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::{Analytics, Day, Limit, OfferService, OfferState, RunOut};

#[cfg(test)]
mod tests;

/// With fewer full days since the first redemption, nothing is said about running out.
pub const FULL_DAYS: i64 = 3;
/// A pace is fast if it uses up a limit within this many hours ...
pub const FAST_HOURS: f64 = 24.0;
/// ... if it has used at least this share of the limit today ...
pub const FAST_SHARE: f64 = 0.1;
/// ... with at least this many redemptions, because few may come by chance ...
pub const FAST_REDEMPTIONS: i64 = 10;
/// ... and if today has at least this many times the redemptions of a usual day.
pub const FAST_MULTIPLE: f64 = 2.0;
/// An offer is idle after at least this many full days without redemptions: shops close for a day or two ...
pub const IDLE_DAYS: i64 = 3;
/// ... if so many such days in a row are less likely than this.
pub const IDLE_PROBABILITY: f64 = 0.01;
/// The dispersion of daily redemptions by which that is judged, as in the prior of the forecast.
const DISPERSION: f64 = 0.35;
/// The usual day is the mean of this many days up to the last redemption.
const USUAL_DAYS: i64 = 28;

/// Whether and when an offer runs out: the one answer of its page, the overview, the list, the API and the alerts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    Scheduled {
        starts: NaiveDate,
    },
    Paused,
    Archived,
    Expired {
        ended: NaiveDate,
    },
    /// The limit is reached. `on` is the day of the last redemption.
    Exhausted {
        limit: Limit,
        on: Option<NaiveDate>,
    },
    /// At today's pace a limit is reached within [`FAST_HOURS`].
    BurningFast(Burning),
    /// Fewer than [`FULL_DAYS`] full days are known.
    TooEarly(Used),
    /// Redemptions were expected and none came.
    Idle(Idle),
    /// More likely than not, the limit is reached on `on`, before the end date.
    RunsOut {
        on: NaiveDate,
        limit: Option<Limit>,
        /// First and last day of the 80 % band. `None` means after the end date.
        earliest: Option<NaiveDate>,
        latest: Option<NaiveDate>,
    },
    /// The limits probably last until the end date. `risk` is the probability that they do not.
    Lasts {
        until: NaiveDate,
        risk: f64,
    },
}

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Used {
    pub limit: Limit,
    /// The share that today used, 0 to 1.
    pub today: f64,
    /// The share that is used altogether, holds included.
    pub total: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burning {
    pub used: Used,
    /// Hours until the limit is reached at today's pace.
    pub hours_left: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Idle {
    /// Full days without redemptions.
    pub days: i64,
    /// Redemptions that so many usual days have.
    pub expected: f64,
}

/// What a verdict needs to know of the days so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activity {
    /// The first and the last day with redemptions.
    pub first_day: Option<NaiveDate>,
    pub last_day: Option<NaiveDate>,
    /// Redemptions of today and their discount.
    pub redemptions_today: i64,
    pub discount_today: Decimal,
    /// Hours of today during which the offer could be redeemed.
    pub hours_today: f64,
    /// Redemptions of a usual day, before today. `None` if none is known.
    pub usual_day: Option<f64>,
}

/// The facts that decide the verdict about an offer, or about hypothetical terms if the offer and the run-out are those
/// of a [`crate::WhatIf`].
#[derive(Debug, Clone, Copy)]
pub struct VerdictInputs<'a> {
    pub service: OfferService<'a>,
    pub activity: Activity,
    /// From the forecast under the same terms.
    pub run_out: Option<RunOut>,
}

impl Activity {
    pub fn of(analytics: &Analytics<'_>, hours_today: f64) -> Activity {
        let mut active = analytics.days.iter().filter(|day| day.redemptions > 0);
        let first_day = active.clone().next().map(|day| day.date);
        let last_day = active.next_back().map(|day| day.date);
        let today = analytics.days.iter().rfind(|day| day.date == analytics.today);
        Activity {
            first_day,
            last_day,
            redemptions_today: today.map_or(0, |day| day.redemptions),
            discount_today: today.map_or(Decimal::ZERO, |day| day.discount),
            hours_today,
            usual_day: usual_day(analytics.days, analytics.today),
        }
    }
}

/// The mean of the last [`USUAL_DAYS`] days up to the last one with redemptions before today.
fn usual_day(days: &[Day], today: NaiveDate) -> Option<f64> {
    let past = days.iter().filter(|day| day.date < today && day.redemptions > 0);
    let last = past.clone().next_back()?.date;
    let age = |day: &Day| last.signed_duration_since(day.date).num_days();
    let count = age(past.clone().next()?).saturating_add(1).min(USUAL_DAYS);
    let recent: i64 = past.filter(|day| age(day) < USUAL_DAYS).map(|day| day.redemptions).sum();
    Some(number(recent) / number(count))
}

impl VerdictInputs<'_> {
    pub fn verdict(&self) -> Verdict {
        let terms = &self.service.offer.terms;
        match self.service.state() {
            OfferState::Scheduled => Verdict::Scheduled { starts: terms.start_date },
            OfferState::Paused => Verdict::Paused,
            OfferState::Archived => Verdict::Archived,
            OfferState::Expired => Verdict::Expired { ended: terms.end_date },
            OfferState::BudgetExhausted => self.exhausted(Limit::Budget),
            OfferState::RedemptionsExhausted => self.exhausted(Limit::MaxRedemptions),
            OfferState::Active => self.outlook(),
        }
    }

    fn exhausted(&self, limit: Limit) -> Verdict {
        Verdict::Exhausted { limit, on: self.activity.last_day }
    }

    fn outlook(&self) -> Verdict {
        let early = || self.used().filter(|_| self.full_days() < FULL_DAYS);
        self.burning()
            .map(Verdict::BurningFast)
            .or_else(|| early().map(Verdict::TooEarly))
            .or_else(|| self.idle().map(Verdict::Idle))
            .unwrap_or_else(|| self.by_forecast())
    }

    fn by_forecast(&self) -> Verdict {
        let until = self.service.offer.terms.end_date;
        let Some(run_out) = self.run_out else { return Verdict::Lasts { until, risk: 0.0 } };
        // The date of an older forecast may be over by now.
        let now_or_later = |day: NaiveDate| day.max(self.service.today);
        match run_out.median.map(now_or_later).filter(|on| *on < until) {
            Some(on) => Verdict::RunsOut {
                on,
                limit: run_out.limit,
                earliest: run_out.earliest.map(now_or_later),
                latest: run_out.latest.map(now_or_later),
            },
            None => Verdict::Lasts { until, risk: run_out.probability },
        }
    }

    /// Full days from the first redemption to yesterday.
    fn full_days(&self) -> i64 {
        let since = |first: NaiveDate| self.service.today.signed_duration_since(first).num_days();
        self.activity.first_day.map_or(0, since)
    }

    /// The limit of which most is used.
    fn used(&self) -> Option<Used> {
        let both = [self.used_of(Limit::Budget), self.used_of(Limit::MaxRedemptions)];
        both.into_iter().flatten().max_by(|one, other| one.total.total_cmp(&other.total))
    }

    fn used_of(&self, limit: Limit) -> Option<Used> {
        let (most, left, today) = self.amounts(limit)?;
        let share = |amount: f64| if most > 0.0 { (amount / most).clamp(0.0, 1.0) } else { 1.0 };
        Some(Used { limit, today: share(today), total: share(most - left) })
    }

    /// The limit, what is left of it and what today used.
    fn amounts(&self, limit: Limit) -> Option<(f64, f64, f64)> {
        let OfferService { offer, totals, .. } = self.service;
        let Activity { redemptions_today, discount_today, .. } = self.activity;
        match limit {
            Limit::Budget => {
                let budget = offer.terms.budget?;
                Some((amount(budget), amount(totals.left_of(budget)), amount(discount_today)))
            }
            Limit::MaxRedemptions => {
                let most = offer.terms.max_redemptions?;
                Some((number(most), number((most - totals.taken()).max(0)), number(redemptions_today)))
            }
        }
    }

    /// The limit that today's pace reaches first, if it does so soon and the offer does not end before.
    fn burning(&self) -> Option<Burning> {
        let both = [self.burning_of(Limit::Budget), self.burning_of(Limit::MaxRedemptions)];
        let first =
            both.into_iter().flatten().min_by(|one, other| one.hours_left.total_cmp(&other.hours_left));
        first.filter(|burning| {
            burning.hours_left <= FAST_HOURS && self.is_unusual() && !self.ends_first(*burning)
        })
    }

    fn burning_of(&self, limit: Limit) -> Option<Burning> {
        let (_, left, today) = self.amounts(limit)?;
        let used = self.used_of(limit).filter(|used| used.today >= FAST_SHARE)?;
        Some(Burning { used, hours_left: left * self.activity.hours_today.max(0.0) / today })
    }

    fn is_unusual(&self) -> bool {
        let Activity { redemptions_today, usual_day, .. } = self.activity;
        let is_more = |usual: f64| number(redemptions_today) >= FAST_MULTIPLE * usual;
        redemptions_today >= FAST_REDEMPTIONS && usual_day.is_none_or(is_more)
    }

    /// Whether the offer ends today, before the limit is reached.
    fn ends_first(&self, burning: Burning) -> bool {
        let is_last_day = self.service.today == self.service.offer.terms.end_date;
        is_last_day && self.activity.hours_today + burning.hours_left >= 24.0
    }

    fn idle(&self) -> Option<Idle> {
        let (last, usual) = (self.activity.last_day?, self.activity.usual_day?);
        let days = self.service.today.signed_duration_since(last).num_days() - 1;
        // The logarithm of the probability that a negative binomial count is 0.
        let zero = -(DISPERSION * usual).ln_1p() / DISPERSION;
        let is_unlikely = number(days) * zero < IDLE_PROBABILITY.ln();
        (days >= IDLE_DAYS && is_unlikely).then(|| Idle { days, expected: number(days) * usual })
    }
}

fn amount(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or(f64::INFINITY)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 redemptions")]
fn number(count: i64) -> f64 {
    count as f64
}
