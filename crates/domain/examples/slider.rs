//! The calculation that the browser runs while a what-if slider moves, for a year of history, as WebAssembly.
//! `slider.mjs` times it.

use std::cell::OnceCell;

use chrono::{Days, NaiveDate};
use offercast_domain::{Analytics, Day, ForecastService, Offer, OfferDraft, Totals, WhatIf};
use rust_decimal::Decimal;

thread_local! {
    static OFFER: OnceCell<Option<(Offer, Vec<Day>)>> = const { OnceCell::new() };
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap_or_default()
}

fn offer() -> Option<(Offer, Vec<Day>)> {
    let text = str::to_owned;
    let draft = OfferDraft {
        name: text("Slider"),
        code: text("SLIDER"),
        discount_type: text("percent"),
        discount_value: text("10"),
        currency: text("USD"),
        start_date: text("2025-06-01"),
        end_date: text("2027-06-14"),
        budget: text("100000"),
        max_discount: text("6"),
        ..OfferDraft::default()
    };
    let day = |ago: u64| {
        let redemptions = 3 + i64::from(u8::try_from(ago * 7919 % 11).unwrap_or_default());
        let discount = Decimal::from(redemptions * 5) + Decimal::from(ago % 3);
        Day { date: today() - Days::new(ago), redemptions, discount }
    };
    Some((Offer { id: 1, terms: draft.check().ok()? }, (1..=365).rev().map(day).collect()))
}

/// Returns the days until the budget runs out with this much of it left and this discount; -1 if it does not.
#[expect(unsafe_code, reason = "JavaScript calls the function by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn slide(budget: u32, percent: u32) -> f64 {
    OFFER.with(|cell| {
        let Some((offer, days)) = cell.get_or_init(offer) else { return f64::NAN };
        let totals = Totals {
            redeemed: days.iter().map(|day| day.redemptions).sum(),
            spent: days.iter().map(|day| day.discount).sum(),
            ..Totals::default()
        };
        let what_if = WhatIf {
            budget: Some(Some(totals.spent + Decimal::from(budget))),
            discount: Some(offercast_domain::Discount::Percent(percent.into())),
            ..WhatIf::default()
        };
        let analytics = Analytics { offer, totals, days, today: today() };
        let answer = ForecastService::default().what_if(&analytics, &what_if);
        let median = answer.run_out.and_then(|run_out| run_out.median);
        #[expect(clippy::cast_precision_loss, reason = "a few years are far fewer than 2^52 days")]
        median.map_or(-1.0, |day| day.signed_duration_since(today()).num_days() as f64)
    })
}
