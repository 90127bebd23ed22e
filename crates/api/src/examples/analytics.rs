use chrono::{DateTime, FixedOffset, Utc};
use offercast_contract::{
    BudgetUse, CumulativePoint, DailyPoint, Dashboard, DateRange, DayRefusals, Forecast, ForecastAccuracy,
    ForecastPoint, ForecastSource, ForecastTotal, History, Kpis, Limit, LiveOffer, QueuedForecast, RunOut,
    TrendPoint, UnmetDemand, UnmetReason, WhatIfInput,
};
use serde_json::Value;

use super::{OFFER_ID, june, moment, money, offers, success, value};

/// Days of June and their redemptions. The first redemption was on 12 June.
const DAYS: [(u32, i64); 4] = [(12, 9), (13, 14), (14, 12), (15, 10)];

pub fn dashboard() -> Value {
    success(
        "Dashboard",
        Dashboard {
            offer: offers::offer(),
            as_of: as_of(),
            range: DateRange { from: june(13), to: june(15) },
            kpis: kpis(),
            daily: DAYS[1..].iter().map(|&(day, redemptions)| daily_point(day, redemptions)).collect(),
            cumulative: cumulative(),
            budget: budget(),
            moving_average: moving_average(),
            forecast: stored_forecast(),
            history: history(),
            refusals: (13..=15).map(|day| DayRefusals { date: june(day), refusals: 1 }).collect(),
            unmet: unmet(),
        },
    )
}

fn as_of() -> DateTime<FixedOffset> {
    let new_york = FixedOffset::west_opt(4 * 3600).expect("four hours are a valid offset");
    moment("2026-06-15T12:00:00-04:00", &new_york)
}

fn kpis() -> Kpis {
    Kpis {
        total_redemptions: 45,
        total_discount_given: money("412.5"),
        remaining_budget: Some(money("587.5")),
        redemption_rate: None,
        average_daily_redemptions: 3.0,
    }
}

pub fn daily_point(day: u32, redemptions: i64) -> DailyPoint {
    let discount_given = money(&format!("{}.5", redemptions * 9));
    DailyPoint { date: june(day), redemptions, discount_given }
}

fn cumulative() -> Vec<CumulativePoint> {
    let point = |day, redemptions, given| CumulativePoint {
        date: june(day),
        redemptions,
        discount_given: money(given),
    };
    vec![point(12, 9, "81.5"), point(13, 23, "208"), point(14, 35, "316.5"), point(15, 45, "412.5")]
}

fn budget() -> BudgetUse {
    BudgetUse {
        total: Some(money("1000")),
        spent: money("412.5"),
        held: money("0"),
        remaining: Some(money("587.5")),
    }
}

fn moving_average() -> Vec<TrendPoint> {
    let means = [(13, 3.29), (14, 5.0), (15, 6.43)];
    means.map(|(day, value)| TrendPoint { date: june(day), value }).to_vec()
}

fn history() -> History {
    let given = ["81.5", "126.5", "108.5", "96"];
    History {
        first_day: Some(june(12)),
        redemptions: DAYS.map(|(_, redemptions)| redemptions).to_vec(),
        discount_given: given.map(money).to_vec(),
    }
}

fn unmet() -> UnmetDemand {
    let reason = UnmetReason {
        reason: "order_below_minimum".to_owned(),
        refusals: 3,
        discount_not_given: money("4.2"),
    };
    UnmetDemand { refusals: 3, discount_not_given: money("4.2"), reasons: vec![reason] }
}

pub fn run_out() -> RunOut {
    RunOut {
        probability: 0.62,
        limit: Some(Limit::Budget),
        median: Some(june(22)),
        earliest_80: Some(june(20)),
        latest_80: None,
    }
}

fn stored_forecast() -> Forecast {
    Forecast {
        source: ForecastSource::Cached,
        model: "auto".to_owned(),
        model_version: 3,
        seed: 20_260_615,
        computed_at: moment("2026-06-15T15:58:12Z", &Utc),
        horizon: 14,
        points: (15..=28).map(forecast_point).collect(),
        total: ForecastTotal {
            redemptions: 154.0,
            lower_80: 118.0,
            upper_80: 192.0,
            lower_95: 101.0,
            upper_95: 215.0,
        },
        run_out: Some(run_out()),
        accuracy: Some(accuracy()),
    }
}

fn forecast_point(day: u32) -> ForecastPoint {
    ForecastPoint {
        date: june(day),
        redemptions: 11.0,
        lower_80: 6.0,
        upper_80: 16.0,
        lower_95: 4.0,
        upper_95: 19.0,
    }
}

fn accuracy() -> ForecastAccuracy {
    ForecastAccuracy {
        forecasts: 4,
        total_off_percent: Some(8.5),
        moving_average_off_percent: Some(12.1),
        days_within_80_percent: 81.2,
    }
}

pub fn forecast() -> Value {
    success("Forecast", stored_forecast())
}

pub fn what_if_input() -> Value {
    value(&WhatIfInput {
        discount_value: Some(Some(money("15"))),
        budget: Some(Some(money("2000"))),
        max_redemptions: Some(None),
        ..WhatIfInput::default()
    })
}

pub fn what_if_forecast() -> Value {
    let run_out = Some(RunOut { probability: 0.04, limit: Some(Limit::Budget), median: None, ..run_out() });
    let forecast = Forecast { source: ForecastSource::Computed, run_out, ..stored_forecast() };
    success("Forecast with different terms; nothing was changed", forecast)
}

pub fn queued_forecast() -> Value {
    success("Forecast queued", QueuedForecast { offer_id: OFFER_ID })
}

pub fn live_offer() -> Value {
    value(&LiveOffer {
        offer: offers::offer(),
        as_of: as_of(),
        kpis: kpis(),
        budget: budget(),
        today: daily_point(15, 10),
    })
}
