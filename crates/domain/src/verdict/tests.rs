use proptest::prelude::*;

use super::*;
use crate::{ForecastService, Offer, OfferDraft, Totals, sample};

const TODAY: &str = "2026-06-15";

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The days before today with these numbers of redemptions, 5 USD each, and today with this number.
fn days(past: &[i64], today: i64) -> Vec<Day> {
    let first = date(TODAY) - chrono::Days::new(past.len() as u64);
    let counts = past.iter().chain([&today]);
    let day = |(date, redemptions): (NaiveDate, &i64)| Day {
        date,
        redemptions: *redemptions,
        discount: Decimal::from(5 * redemptions),
    };
    first.iter_days().zip(counts).map(day).filter(|day| day.redemptions > 0).collect()
}

/// The verdict at this hour of 15 June about an offer of 5 USD from 1 to 30 June, by its own forecast.
fn verdict_at(hours: f64, past: &[i64], today: i64, change: impl FnOnce(&mut OfferDraft)) -> Verdict {
    let offer = sample::offer(change);
    let days = days(past, today);
    let run_out = forecast(&offer, &days);
    inputs(&offer, &days, hours, run_out).verdict()
}

fn totals(days: &[Day]) -> Totals {
    Totals {
        redeemed: days.iter().map(|day| day.redemptions).sum(),
        spent: days.iter().map(|day| day.discount).sum(),
        ..Totals::default()
    }
}

fn forecast(offer: &Offer, days: &[Day]) -> Option<RunOut> {
    let analytics = Analytics { offer, totals: totals(days), days, today: date(TODAY) };
    ForecastService::default().forecast(&analytics).run_out
}

fn inputs<'a>(offer: &'a Offer, days: &'a [Day], hours: f64, run_out: Option<RunOut>) -> VerdictInputs<'a> {
    let analytics = Analytics { offer, totals: totals(days), days, today: date(TODAY) };
    let service = OfferService { offer, totals: totals(days), today: date(TODAY) };
    VerdictInputs { service, activity: Activity::of(&analytics, hours), run_out }
}

fn budget(amount: &'static str) -> impl FnOnce(&mut OfferDraft) {
    move |draft| draft.budget = amount.to_owned()
}

#[test]
fn an_exhausted_offer_names_the_day_of_its_last_redemption() {
    let exhausted = verdict_at(9.0, &[4, 6, 0, 0], 0, budget("50"));
    assert_eq!(exhausted, Verdict::Exhausted { limit: Limit::Budget, on: Some(date("2026-06-12")) });
    let at_once = verdict_at(0.1, &[], 10, |draft| draft.max_redemptions = "10".to_owned());
    assert_eq!(at_once, Verdict::Exhausted { limit: Limit::MaxRedemptions, on: Some(date(TODAY)) });
}

#[test]
fn half_a_budget_in_minutes_is_burning_fast_on_the_first_day_and_later() {
    for past in [&[][..], &[10, 12, 9, 11, 10, 12, 10]] {
        let spent: i64 = 5 * past.iter().sum::<i64>();
        let budget = (spent + 500).to_string();
        let verdict = verdict_at(0.5, past, 54, |draft| draft.budget = budget);
        let Verdict::BurningFast(burning) = verdict else { panic!("{verdict:?}") };
        // 270 went in half an hour, 230 are left.
        assert!((burning.hours_left - 0.5 * 230.0 / 270.0).abs() < 1e-9);
        assert_eq!(burning.used.limit, Limit::Budget);
    }
}

#[test]
fn a_usual_day_is_not_burning_fast_even_if_the_budget_ends_today() {
    let verdict = verdict_at(12.0, &[100; 10], 50, budget("5400"));
    assert!(matches!(verdict, Verdict::RunsOut { on, .. } if on == date(TODAY)), "{verdict:?}");
}

#[test]
fn the_end_of_the_offer_can_come_before_that_of_the_budget() {
    let last_day = |end: &'static str| {
        verdict_at(12.0, &[], 54, move |draft| {
            (draft.budget, draft.end_date) = ("700".to_owned(), end.to_owned());
        })
    };
    // At this pace the budget lasts until 7 in the morning.
    assert!(matches!(last_day("2026-06-16"), Verdict::BurningFast(_)));
    assert!(matches!(last_day(TODAY), Verdict::TooEarly(_)));
}

#[test]
fn with_less_than_three_full_days_it_is_too_early_and_the_share_of_today_is_given() {
    let early = |past: &[i64]| verdict_at(6.0, past, 4, budget("400"));
    let Verdict::TooEarly(used) = early(&[8, 8]) else { panic!("not early") };
    assert_eq!((used.limit, used.today, used.total), (Limit::Budget, 0.05, 0.25));
    assert!(!matches!(early(&[8, 8, 8]), Verdict::TooEarly(_)));
    // Days before the first redemption do not count.
    assert!(matches!(verdict_at(6.0, &[], 0, budget("400")), Verdict::TooEarly(_)));
    // Without a limit there is nothing to say.
    assert!(matches!(verdict_at(6.0, &[8], 4, |_| {}), Verdict::Lasts { risk: 0.0, .. }));
}

#[test]
fn days_without_redemptions_are_idle_if_some_were_expected() {
    let idle = verdict_at(9.0, &[3, 2, 4, 3, 0, 0, 0, 0], 0, budget("400"));
    assert_eq!(idle, Verdict::Idle(Idle { days: 4, expected: 12.0 }));
    // One redemption in four days: a few days without any are usual.
    let quiet = verdict_at(9.0, &[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 0, budget("400"));
    assert!(matches!(quiet, Verdict::Lasts { .. }), "{quiet:?}");
    // Closed on a weekend.
    assert!(!matches!(verdict_at(9.0, &[90, 80, 0, 0], 0, budget("9999")), Verdict::Idle(_)));
    assert!(!matches!(verdict_at(9.0, &[90, 80, 0, 0, 0], 1, budget("9999")), Verdict::Idle(_)));
}

#[test]
fn running_out_on_the_last_day_counts_as_lasting() {
    let offer = sample::offer(budget("1000"));
    let days = days(&[10; 10], 5);
    let until = |day: &str| RunOut {
        probability: 0.9,
        limit: Some(Limit::Budget),
        median: Some(date(day)),
        earliest: Some(date("2026-06-12")),
        latest: None,
    };
    let verdict = |day: &str| inputs(&offer, &days, 9.0, Some(until(day))).verdict();
    assert_eq!(verdict("2026-06-30"), Verdict::Lasts { until: date("2026-06-30"), risk: 0.9 });
    // A date of an older forecast that is over counts as today.
    let (on, earliest) = (date(TODAY), Some(date(TODAY)));
    let runs_out = Verdict::RunsOut { on, limit: Some(Limit::Budget), earliest, latest: None };
    assert_eq!(verdict("2026-06-13"), runs_out);
}

fn draft(
    budget: Option<u16>,
    most: Option<u16>,
    status: &'static str,
    end: u64,
) -> impl FnOnce(&mut OfferDraft) {
    move |draft| {
        draft.budget = budget.map_or_else(String::new, |amount| amount.to_string());
        draft.max_redemptions = most.map_or_else(String::new, |count| count.to_string());
        draft.status = status.to_owned();
        draft.end_date = (date("2026-06-10") + chrono::Days::new(end)).to_string();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Every state and every amount of history: the verdict agrees with the state, the limits and the forecast.
    #[test]
    fn the_verdict_agrees_with_the_state_and_the_forecast(
        past in prop::collection::vec(0i64..40, 0..14),
        today in 0i64..60,
        hours in 0.0f64..24.0,
        budget in prop::option::of(1u16..4000),
        most in prop::option::of(1u16..800),
        status in prop::sample::select(vec!["active", "paused", "archived"]),
        end in 0u64..60,
    ) {
        let offer = sample::offer(draft(budget, most, status, end));
        let days = days(&past, today);
        let run_out = forecast(&offer, &days);
        let inputs = inputs(&offer, &days, hours, run_out);
        let (verdict, state) = (inputs.verdict(), inputs.service.state());
        match verdict {
            Verdict::Scheduled { .. } => prop_assert_eq!(state, OfferState::Scheduled),
            Verdict::Paused => prop_assert_eq!(state, OfferState::Paused),
            Verdict::Archived => prop_assert_eq!(state, OfferState::Archived),
            Verdict::Expired { .. } => prop_assert_eq!(state, OfferState::Expired),
            Verdict::Exhausted { limit: Limit::Budget, .. } => prop_assert_eq!(state, OfferState::BudgetExhausted),
            Verdict::Exhausted { .. } => prop_assert_eq!(state, OfferState::RedemptionsExhausted),
            _ => prop_assert_eq!(state, OfferState::Active),
        }
        if let Verdict::BurningFast(Burning { used, hours_left }) = verdict {
            prop_assert!(used.today >= FAST_SHARE && used.total <= 1.0 && (0.0..=FAST_HOURS).contains(&hours_left));
        }
        if let Verdict::RunsOut { on, limit, earliest, latest } = verdict {
            let run_out = run_out.unwrap();
            prop_assert!(run_out.probability >= 0.5 && run_out.median == Some(on) && limit.is_some());
            prop_assert!(on >= inputs.service.today && on < offer.terms.end_date);
            prop_assert!(earliest.is_some_and(|day| day <= on) && latest.is_none_or(|day| day >= on));
        }
        if let Verdict::Lasts { until, risk } = verdict {
            prop_assert_eq!(until, offer.terms.end_date);
            prop_assert!(risk == run_out.map_or(0.0, |run_out| run_out.probability));
            let lasts = run_out.and_then(|run_out| run_out.median).is_none_or(|on| on >= until);
            prop_assert!(lasts, "{:?}", run_out);
        }
    }
}
