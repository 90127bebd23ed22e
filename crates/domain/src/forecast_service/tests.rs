use offercast_forecast::SplitMix;
use proptest::prelude::*;

use super::*;
use crate::{Day, Offer, Totals, sample};

const TODAY: &str = "2026-06-15";

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An offer of 5 USD that starts on 1 June.
fn offer(end_date: &str, budget: &str, max_redemptions: &str) -> Offer {
    sample::offer(|draft| {
        draft.end_date = end_date.to_owned();
        draft.budget = budget.to_owned();
        draft.max_redemptions = max_redemptions.to_owned();
    })
}

/// The days before today with these numbers of redemptions, 5 USD each.
fn days(counts: &[i64], today: NaiveDate) -> Vec<Day> {
    let first = today - Days::new(counts.len() as u64);
    let day = |(date, redemptions): (NaiveDate, &i64)| Day {
        date,
        redemptions: *redemptions,
        discount: Decimal::from(5 * redemptions),
    };
    first.iter_days().zip(counts).map(day).collect()
}

fn totals(days: &[Day]) -> Totals {
    Totals {
        redeemed: days.iter().map(|day| day.redemptions).sum(),
        spent: days.iter().map(|day| day.discount).sum(),
        ..Totals::default()
    }
}

fn project(offer: &Offer, days: &[Day], what_if: &WhatIf) -> OfferForecast {
    let analytics = Analytics { offer, totals: totals(days), days, today: date(TODAY) };
    ForecastService::default().what_if(&analytics, what_if)
}

fn means(forecast: &OfferForecast) -> Vec<f64> {
    forecast.points.iter().map(|day| day.point.mean).collect()
}

#[test]
fn the_moving_average_starts_today_and_is_zero_after_the_end_date() {
    let forecast = |counts: &[i64]| {
        let days = days(counts, date(TODAY));
        let offer = offer("2026-06-20", "", "");
        let analytics = Analytics { offer: &offer, totals: totals(&days), days: &days, today: date(TODAY) };
        ForecastService { model: Model::MovingAverage7 }.forecast(&analytics)
    };
    let mut counts = [0; 14];
    counts[0] = 14;
    let quiet = forecast(&counts);
    assert_eq!((quiet.points.len(), quiet.history_days), (HORIZON, 14));
    assert_eq!(quiet.first_day.to_string(), TODAY);
    assert_eq!(means(&quiet), [0.0; 14]);
    let busy = forecast(&[3; 14]);
    assert_eq!(means(&busy)[..6], [3.0; 6]);
    assert_eq!(means(&busy)[6..], [0.0; 8]);
    // Each day is the mean of the 7 days before it, the first of which are history.
    let short = means(&forecast(&[2, 0, 1]));
    assert_eq!((short[0], short[1]), (1.0, 1.0));
}

#[test]
fn without_history_the_forecast_is_zero_and_has_no_run_out() {
    let forecast = project(&offer("2026-06-30", "100", "10"), &[], &WhatIf::default());
    assert_eq!(means(&forecast), [0.0; 14]);
    assert_eq!(forecast.run_out, None);
}

#[test]
fn without_a_limit_there_is_no_run_out() {
    let days = days(&[4; 14], date(TODAY));
    assert_eq!(project(&offer("2026-12-31", "", ""), &days, &WhatIf::default()).run_out, None);
}

#[test]
fn the_forecast_is_zero_while_paused_and_after_the_end_date() {
    let days = days(&[4; 14], date(TODAY));
    let mut offer = offer("2026-06-20", "", "1000");
    let open = project(&offer, &days, &WhatIf::default());
    assert!(means(&open)[..6].iter().all(|mean| (mean - 4.0).abs() < 0.01));
    assert_eq!(means(&open)[6..], [0.0; 8]);
    assert!((open.total.mean - 24.0).abs() < 0.1, "{:?}", open.total);
    offer.terms.status = OfferStatus::Paused;
    let paused = project(&offer, &days, &WhatIf::default());
    assert_eq!(paused.total, Point::NOTHING);
    assert_eq!(paused.run_out.unwrap().probability, 0.0);
}

#[test]
fn the_budget_limits_the_forecast_and_gives_a_run_out_date() {
    // 4 a day for 5 each: 20 a day. 280 of 380 are spent, so 100 are left: 5 days.
    let days = days(&[4; 14], date(TODAY));
    let forecast = project(&offer("2026-12-31", "380", ""), &days, &WhatIf::default());
    assert!((forecast.total.mean - 20.0).abs() < 0.2, "{:?}", forecast.total);
    assert!(forecast.total.upper_95 <= 20.0 + 1e-9);
    let run_out = forecast.run_out.unwrap();
    assert_eq!(run_out.probability, 1.0);
    assert_eq!((run_out.median, run_out.limit), (Some(date("2026-06-19")), Some(Limit::Budget)));
    assert!(run_out.earliest <= run_out.median && run_out.median <= run_out.latest);
}

#[test]
fn what_if_uses_the_hypothetical_terms() {
    let days = days(&[4; 14], date(TODAY));
    let offer = offer("2026-12-31", "380", "");
    let median =
        |what_if: WhatIf| project(&offer, &days, &what_if).run_out.and_then(|run_out| run_out.median);
    let money = |amount: i64| Some(Some(Decimal::from(amount)));
    assert_eq!(median(WhatIf { budget: money(480), ..WhatIf::default() }), Some(date("2026-06-24")));
    assert_eq!(median(WhatIf { budget: Some(None), ..WhatIf::default() }), None);
    let half = Some(Discount::Flat(Decimal::new(25, 1)));
    assert_eq!(median(WhatIf { discount: half, ..WhatIf::default() }), Some(date("2026-06-24")));
    assert_eq!(
        median(WhatIf { max_redemptions: Some(Some(56 + 8)), ..WhatIf::default() }),
        Some(date("2026-06-16"))
    );
    // It ends before it runs out.
    let over = project(&offer, &days, &WhatIf { end_date: Some(date("2026-06-16")), ..WhatIf::default() });
    assert_eq!(over.run_out.unwrap().probability, 0.0);
    // The search for the run-out date goes beyond the 14 days.
    let far = median(WhatIf { budget: money(280 + 20 * 100), ..WhatIf::default() }).unwrap();
    assert!((far - date(TODAY)).num_days().abs_diff(100) < 3, "{far}");
    // The cost of a percentage is unknown, because the order amounts are.
    let percent = Some(Discount::Percent(Decimal::TEN));
    assert_eq!(project(&offer, &days, &WhatIf { discount: percent, ..WhatIf::default() }).run_out, None);
}

#[test]
fn the_limit_reported_is_the_one_reached_first() {
    let days = days(&[4; 14], date(TODAY));
    let limit = |budget, maximum| {
        project(&offer("2026-12-31", budget, maximum), &days, &WhatIf::default()).run_out.unwrap().limit
    };
    // The budget lasts for 20 more and the maximum for 21; 40 and 21; 20 and 20; neither is ever reached.
    assert_eq!(limit("380", "77"), Some(Limit::Budget));
    assert_eq!(limit("480", "77"), Some(Limit::MaxRedemptions));
    assert_eq!(limit("380", "76"), Some(Limit::MaxRedemptions));
    assert_eq!(limit("99999", "99999"), None);
}

#[test]
fn what_if_with_the_offers_own_terms_equals_its_forecast() {
    let days = days(&[3, 5, 4, 9, 0, 2, 7, 1], date(TODAY));
    let offer = offer("2026-08-31", "380", "77");
    let own = WhatIf::from(&offer.terms);
    assert_eq!(project(&offer, &days, &own), project(&offer, &days, &WhatIf::default()));
}

#[test]
fn an_exhausted_offer_stays_exhausted() {
    let days = days(&[4; 14], date(TODAY));
    for offer in
        [offer("2026-12-31", "280", ""), offer("2026-12-31", "283", ""), offer("2026-12-31", "", "56")]
    {
        let forecast = project(&offer, &days, &WhatIf::default());
        assert_eq!(forecast.total, Point::NOTHING);
        assert_eq!(forecast.run_out.unwrap().latest, Some(date(TODAY)));
    }
}

#[test]
fn todays_redemptions_are_not_history_and_are_not_counted_twice() {
    let mut days = days(&[4; 14], date(TODAY));
    days.push(Day { date: date(TODAY), redemptions: 9, discount: Decimal::from(45) });
    // 20 redemptions are left. Today gets none of them: it already has more than a usual day.
    let forecast = project(&offer("2026-12-31", "425", ""), &days, &WhatIf::default());
    assert_eq!(forecast.history_days, 14);
    assert!(means(&forecast)[0] >= 8.99, "{:?}", forecast.points[0]);
    assert_eq!(forecast.run_out.unwrap().median, Some(date("2026-06-20")));
}

/// The paths of a short history spread far, so that their mean is above the model's.
#[test]
fn todays_forecast_is_never_below_todays_redemptions() {
    let mut days = days(&[2, 0, 1], date(TODAY));
    days.push(Day { date: date(TODAY), redemptions: 4, discount: Decimal::from(20) });
    let forecast = project(&offer("2026-12-31", "", ""), &days, &WhatIf::default());
    assert!(means(&forecast)[0] >= 4.0, "{:?}", forecast.points[0]);
}

#[test]
fn future_discounts_are_as_spread_out_as_past_ones() {
    let mut days = days(&[10; 28], date(TODAY));
    for (day, cents) in days.iter_mut().zip((0..).map(|i| [3000, 7000][i % 2])) {
        day.discount = Decimal::new(cents, 2);
    }
    let mut offer = offer("2026-12-31", "2400", "");
    offer.terms.discount = Discount::Percent(Decimal::TEN);
    let run_out = project(&offer, &days, &WhatIf::default()).run_out.unwrap();
    // 1000 are left, at a mean of 50 a day.
    assert!((run_out.median.unwrap() - date(TODAY)).num_days().abs_diff(19) <= 1, "{run_out:?}");
    assert!(run_out.earliest < run_out.median && run_out.median < run_out.latest, "{run_out:?}");
    let double = WhatIf { discount: Some(Discount::Percent(Decimal::from(20))), ..WhatIf::default() };
    let run_out = project(&offer, &days, &double).run_out.unwrap();
    assert!((run_out.median.unwrap() - date(TODAY)).num_days().abs_diff(9) <= 1, "{run_out:?}");
}

/// Simulated customers.
struct World(SplitMix);

impl World {
    fn uniform(&mut self) -> f64 {
        ((self.0.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Draws the number of arrivals of a Poisson process in one day.
    fn count(&mut self, rate: f64) -> i64 {
        let (mut time, mut count) = (-self.uniform().ln() / rate, 0);
        while time < 1.0 {
            time -= self.uniform().ln() / rate;
            count += 1;
        }
        count
    }

    /// Draws a discount in whole cents: 10 % of an order amount that is log-normal around 50.
    fn discount(&mut self) -> Decimal {
        let order = 50.0 * (0.5 * self.0.normal()).exp();
        Decimal::from_f64_retain(order / 10.0).unwrap().round_dp(2)
    }

    fn day(&mut self, date: NaiveDate, rate: f64) -> Day {
        let redemptions = self.count(rate);
        Day { date, redemptions, discount: (0..redemptions).map(|_| self.discount()).sum() }
    }
}

#[test]
fn max_discount_also_caps_a_hypothetical_discount() {
    let mut world = World(SplitMix::new(7));
    let orders: Vec<f64> = (0..28 * 40).map(|_| 50.0 * (0.5 * world.0.normal()).exp()).collect();
    // Discounts of this share of the order amount, capped at 5.
    let given = |share: f64| orders.iter().map(move |order| (share * order).min(5.0));
    let past: Vec<Day> = given(0.1)
        .collect::<Vec<_>>()
        .chunks(40)
        .zip(0..)
        .map(|(discounts, day)| Day {
            date: date(TODAY) - Days::new(28 - day),
            redemptions: 40,
            discount: Decimal::from_f64_retain(discounts.iter().sum()).unwrap().round_dp(2),
        })
        .collect();
    let mut offer = offer("2026-12-31", "", "");
    offer.terms.discount = Discount::Percent(Decimal::TEN);
    offer.terms.max_discount = Some(Decimal::from(5));
    let spent = totals(&past).spent;
    // The run-out day of a budget that lasts for 30 days under this discount if the orders stay the same.
    let days = |discount: Discount, mean: f64| {
        let budget = spent + Decimal::from_f64_retain(30.0 * 40.0 * mean).unwrap().round_dp(2);
        let what_if = WhatIf { budget: Some(Some(budget)), discount: Some(discount), ..WhatIf::default() };
        let median = project(&offer, &past, &what_if).run_out.unwrap().median.unwrap();
        (median - date(TODAY)).num_days() + 1
    };
    let mean = |share: f64| given(share).sum::<f64>() / orders.len() as f64;
    for percent in [5, 10, 20, 40] {
        let days = days(Discount::Percent(percent.into()), mean(f64::from(percent) / 100.0));
        assert!(days.abs_diff(30) <= 1, "{percent} %: {days} days instead of 30");
    }
    assert!(days(Discount::Flat(Decimal::from(9)), 5.0).abs_diff(30) <= 1);
}

/// Redemptions to expect of a simulated offer on a day: more on weekends.
fn rate(level: f64, date: NaiveDate) -> f64 {
    if date.weekday().num_days_from_monday() > 4 { 1.6 * level } else { level }
}

/// Returns the share of simulated offers whose actual run-out date lies within its band.
fn share_within_band(offers: u32, seed: u64) -> f64 {
    let mut world = World(SplitMix::new(seed));
    let mut within = 0;
    for _ in 0..offers {
        let level = 0.7 * (3.2 * world.uniform()).exp();
        let history = 20 + world.0.next() % 100;
        let lasts = 15.0 + 45.0 * world.uniform();
        let today = date(TODAY);
        let past: Vec<Day> = (1..=history)
            .rev()
            .map(|ago| today - Days::new(ago))
            .map(|date| world.day(date, rate(level, date)))
            .filter(|day| day.redemptions > 0)
            .collect();
        let spent = totals(&past).spent;
        let left = Decimal::from_f64_retain(level * 1.17 * 5.6 * lasts).unwrap().round_dp(2);
        let mut offer = offer("2027-06-30", "1", "");
        offer.terms.discount = Discount::Percent(Decimal::TEN);
        offer.terms.budget = Some(spent + left);
        let run_out = project(&offer, &past, &WhatIf::default()).run_out.unwrap();
        let mut rest = left;
        let truth = today
            .iter_days()
            .find(|date| {
                let day = world.day(*date, rate(level, *date));
                rest -= day.discount;
                rest <= Decimal::from(5)
            })
            .unwrap();
        let from = run_out.earliest.unwrap();
        if from <= truth && run_out.latest.is_none_or(|latest| truth <= latest) {
            within += 1;
        }
    }
    f64::from(within) / f64::from(offers)
}

#[test]
fn the_band_covers_the_actual_run_out_date_in_80_percent() {
    for seed in [1, 2026] {
        let share = share_within_band(1000, seed);
        assert!((0.75..=0.85).contains(&share), "{share}");
    }
}

proptest! {
    #[test]
    fn is_finite_ordered_and_within_the_remaining_redemptions(
        counts in prop::collection::vec(0i64..1_000, 0..60), left in 0i64..2_000,
    ) {
        let days = days(&counts, date(TODAY));
        let limit = totals(&days).redeemed + left;
        let what_if = WhatIf { max_redemptions: Some(Some(limit)), ..WhatIf::default() };
        let forecast = project(&offer("2026-07-20", "", ""), &days, &what_if);
        for p in forecast.points.iter().map(|day| day.point).chain([forecast.total]) {
            for value in [p.mean, p.lower_80, p.upper_80, p.lower_95, p.upper_95] {
                prop_assert!(value.is_finite() && value >= 0.0);
            }
            prop_assert!(p.lower_95 <= p.lower_80 && p.lower_80 <= p.mean);
            prop_assert!(p.mean <= p.upper_80 && p.upper_80 <= p.upper_95);
        }
        prop_assert!(forecast.total.lower_95 <= left as f64 + 1e-6);
    }
}
