//! Times the projection of an offer with a budget, a year of history and a year left to run:
//! `cargo run --release -p offercast-domain --example projection`

use std::hint::black_box;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use offercast_domain::{Analytics, Day, ForecastService, Offer, OfferDraft, Totals, WhatIf};
use rust_decimal::Decimal;

const ROUNDS: u32 = 500;

fn main() {
    let today = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap_or_default();
    let text = str::to_owned;
    let draft = OfferDraft {
        name: text("Time"),
        code: text("TIME"),
        discount_type: text("percent"),
        discount_value: text("10"),
        currency: text("USD"),
        start_date: text("2025-06-01"),
        end_date: text("2027-06-14"),
        budget: text("100000"),
        ..OfferDraft::default()
    };
    let Ok(terms) = draft.check() else { return };
    let offer = Offer { id: 1, terms };
    let day = |ago: u64| {
        let redemptions = 3 + i64::from(u8::try_from(ago * 7919 % 11).unwrap_or_default());
        Day { date: today - Days::new(ago), redemptions, discount: Decimal::from(redemptions * 5) }
    };
    let days: Vec<Day> = (1..=365).rev().map(day).collect();
    let analytics = Analytics { offer: &offer, totals: Totals::default(), days: &days, today };
    for (name, budget) in [("runs out within a year", 10_000), ("never runs out", 10_000_000)] {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            let what_if = WhatIf { budget: Some(Some(Decimal::from(budget))), ..WhatIf::default() };
            black_box(ForecastService::default().what_if(&analytics, &what_if));
        }
        println!("{name}: {:.2} ms", start.elapsed().as_secs_f64() * 1e3 / f64::from(ROUNDS));
    }
}
