//! Conversions from request types of the contract to drafts of the domain, and from results of the app to response
//! types.

mod access;
mod codes;
mod overview;

use offercast_app::{
    DashboardView, ForecastView, LedgerRow, ListedOffer, LiveView, OfferView, Quote, Redemption, Released,
    Removal, Reserved, Reversal,
};
use offercast_contract as wire;
use offercast_contract::Money;
use offercast_domain::{
    Day, DeclinedByReason, Discount, ForecastAccuracy, Kpis, Limit, OfferDraft, OfferState, OfferStatus,
    OrderDraft, RunOut, Shortfall,
};

pub use access::{
    account, audit_entry, key, key_draft, link, new_key, person, person_draft, read_role, session, user,
    user_link,
};
pub use codes::{code_counts, codes_draft, issued_codes};
pub use overview::overview;

pub fn offer(view: &OfferView) -> wire::Offer {
    let stored = &view.stored;
    let terms = &stored.offer.terms;
    wire::Offer {
        id: stored.offer.id,
        name: terms.name.clone(),
        code: terms.code.to_string(),
        discount_type: match terms.discount {
            Discount::Percent(_) => wire::DiscountType::Percent,
            Discount::Flat(_) => wire::DiscountType::Flat,
        },
        discount_value: Money(terms.discount.value()),
        currency: terms.currency.to_string(),
        timezone: terms.zone.to_string(),
        start_date: terms.start_date,
        end_date: terms.end_date,
        budget: terms.budget.map(Money),
        max_redemptions: terms.max_redemptions,
        min_order_amount: terms.min_order_amount.map(Money),
        max_discount: terms.max_discount.map(Money),
        max_redemptions_per_customer: terms.max_redemptions_per_customer,
        on_budget_shortfall: match terms.on_budget_shortfall {
            Shortfall::Reject => wire::Shortfall::Reject,
            Shortfall::Partial => wire::Shortfall::Partial,
        },
        status: match terms.status {
            OfferStatus::Active => wire::OfferStatus::Active,
            OfferStatus::Paused => wire::OfferStatus::Paused,
            OfferStatus::Archived => wire::OfferStatus::Archived,
        },
        state: state(view.state),
        totals: wire::OfferTotals {
            redemptions: stored.totals.redeemed,
            discount_given: Money(stored.totals.spent),
            remaining_budget: view.remaining_budget.map(Money),
        },
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    }
}

pub fn listed_offer(listed: &ListedOffer) -> wire::ListedOffer {
    wire::ListedOffer {
        offer: offer(&listed.view),
        daily: listed.daily.iter().map(daily_point).collect(),
        run_out: listed.run_out.map(run_out),
    }
}

fn state(state: OfferState) -> wire::OfferState {
    match state {
        OfferState::Scheduled => wire::OfferState::Scheduled,
        OfferState::Active => wire::OfferState::Active,
        OfferState::Paused => wire::OfferState::Paused,
        OfferState::Expired => wire::OfferState::Expired,
        OfferState::BudgetExhausted => wire::OfferState::BudgetExhausted,
        OfferState::RedemptionsExhausted => wire::OfferState::RedemptionsExhausted,
        OfferState::Archived => wire::OfferState::Archived,
    }
}

pub fn offer_draft(input: wire::OfferInput) -> OfferDraft {
    let default = OfferDraft::default();
    OfferDraft {
        name: input.name.unwrap_or_default(),
        code: input.code.unwrap_or_default(),
        discount_type: input.discount_type.unwrap_or_default(),
        discount_value: text(input.discount_value),
        currency: input.currency.unwrap_or_default(),
        timezone: input.timezone.unwrap_or(default.timezone),
        start_date: input.start_date.unwrap_or_default(),
        end_date: input.end_date.unwrap_or_default(),
        budget: text(input.budget),
        max_redemptions: text(input.max_redemptions),
        min_order_amount: text(input.min_order_amount),
        max_discount: text(input.max_discount),
        max_redemptions_per_customer: text(input.max_redemptions_per_customer),
        on_budget_shortfall: input.on_budget_shortfall.unwrap_or(default.on_budget_shortfall),
        status: input.status.unwrap_or(default.status),
    }
}

/// Applies the fields that are present in the patch to the draft. Null clears a field.
pub fn patched(draft: OfferDraft, patch: wire::OfferPatch) -> OfferDraft {
    fn set<T: ToString>(field: &mut String, value: Option<Option<T>>) {
        if let Some(value) = value {
            *field = text(value);
        }
    }
    let mut draft = draft;
    set(&mut draft.name, patch.name);
    set(&mut draft.code, patch.code);
    set(&mut draft.discount_type, patch.discount_type);
    set(&mut draft.discount_value, patch.discount_value);
    set(&mut draft.currency, patch.currency);
    set(&mut draft.timezone, patch.timezone);
    set(&mut draft.start_date, patch.start_date);
    set(&mut draft.end_date, patch.end_date);
    set(&mut draft.budget, patch.budget);
    set(&mut draft.max_redemptions, patch.max_redemptions);
    set(&mut draft.min_order_amount, patch.min_order_amount);
    set(&mut draft.max_discount, patch.max_discount);
    set(&mut draft.max_redemptions_per_customer, patch.max_redemptions_per_customer);
    set(&mut draft.on_budget_shortfall, patch.on_budget_shortfall);
    set(&mut draft.status, patch.status);
    draft
}

/// Applies the terms of a what-if forecast to the draft.
pub fn what_if_draft(draft: OfferDraft, input: wire::WhatIfInput) -> OfferDraft {
    let wire::WhatIfInput { discount_type, discount_value, end_date, budget, max_redemptions } = input;
    let patch = wire::OfferPatch {
        discount_type,
        discount_value,
        end_date,
        budget,
        max_redemptions,
        ..wire::OfferPatch::default()
    };
    patched(draft, patch)
}

pub fn order_draft(request: wire::RedeemRequest) -> OrderDraft {
    OrderDraft {
        customer_id: request.customer_id.map(|id| id.0).unwrap_or_default(),
        order_amount: text(request.order_amount),
        order_id: request.order_id,
    }
}

pub fn reservation_draft(request: wire::ReserveRequest) -> (OrderDraft, Option<i64>) {
    let wire::ReserveRequest { customer_id, order_amount, order_id, ttl_seconds } = request;
    (order_draft(wire::RedeemRequest { customer_id, order_amount, order_id }), ttl_seconds)
}

/// The text of a value; empty for none.
fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

pub fn removed(id: i64, removal: Removal) -> wire::Removed {
    let result = match removal {
        Removal::Deleted => wire::Removal::Deleted,
        Removal::Archived => wire::Removal::Archived,
    };
    wire::Removed { id, result }
}

pub fn quote(quote: Quote) -> wire::Quote {
    wire::Quote {
        redeemable: quote.reasons.is_empty(),
        discount: Money(quote.discount),
        discount_asked: Money(quote.discount_asked),
        currency: quote.currency.to_string(),
        reasons: quote.reasons.into_iter().map(str::to_owned).collect(),
    }
}

pub fn redeemed(redemption: &Redemption) -> wire::Redeemed {
    wire::Redeemed {
        redemption_id: redemption.id,
        offer_id: redemption.offer_id,
        remaining_budget: redemption.remaining_budget.map(Money),
        total_redemptions: redemption.total_redemptions,
        discount_given: Money(redemption.discount),
        discount_asked: Money(redemption.discount_asked),
        redemption_date: redemption.redemption_date,
        currency: redemption.currency.to_string(),
    }
}

pub fn reversed(reversed: &Reversal) -> wire::Reversed {
    wire::Reversed {
        reversal_id: reversed.id,
        redemption_id: reversed.redemption_id,
        offer_id: reversed.offer_id,
        remaining_budget: reversed.remaining_budget.map(Money),
        total_redemptions: reversed.total_redemptions,
    }
}

pub fn reserved(reserved: &Reserved) -> wire::Reserved {
    wire::Reserved {
        reservation_id: reserved.id,
        offer_id: reserved.offer_id,
        expires_at: reserved.expires_at,
        discount_held: Money(reserved.discount),
        discount_asked: Money(reserved.discount_asked),
        remaining_budget: reserved.remaining_budget.map(Money),
        currency: reserved.currency.to_string(),
    }
}

pub fn released(released: &Released) -> wire::Released {
    wire::Released {
        reservation_id: released.id,
        offer_id: released.offer_id,
        discount_released: Money(released.discount),
        currency: released.currency.to_string(),
    }
}

pub fn ledger_entry(row: LedgerRow) -> wire::LedgerEntry {
    wire::LedgerEntry {
        redemption_id: row.id,
        reverses: row.reverses,
        reason: row.reason,
        customer_id: row.customer_id,
        order_id: row.order_id,
        order_amount: Money(row.order_amount),
        discount_given: Money(row.discount),
        redeemed_at: row.redeemed_at,
        redemption_date: row.redemption_date,
    }
}

pub fn dashboard(view: &DashboardView) -> wire::Dashboard {
    wire::Dashboard {
        offer: offer(&view.offer),
        as_of: view.as_of,
        range: wire::DateRange { from: view.range.from, to: view.range.to },
        kpis: kpis(&view.kpis),
        daily: view.daily.iter().map(daily_point).collect(),
        cumulative: view.cumulative.iter().map(cumulative_point).collect(),
        budget: budget_use(&view.offer),
        moving_average: view
            .moving_average
            .iter()
            .map(|point| wire::TrendPoint { date: point.date, value: rounded(point.value) })
            .collect(),
        forecast: forecast(&view.forecast),
        history: wire::History {
            first_day: view.history.first().map(|day| day.date),
            redemptions: view.history.iter().map(|day| day.redemptions).collect(),
            discount_given: view.history.iter().map(|day| Money(day.discount)).collect(),
        },
        refusals: view
            .refusals
            .iter()
            .map(|&(date, refusals)| wire::DayRefusals { date, refusals })
            .collect(),
        unmet: unmet(&view.reasons),
    }
}

fn unmet(reasons: &[DeclinedByReason]) -> wire::UnmetDemand {
    wire::UnmetDemand {
        refusals: reasons.iter().map(|reason| reason.refusals).sum(),
        discount_not_given: Money(reasons.iter().map(|reason| reason.discount).sum()),
        reasons: reasons
            .iter()
            .map(|reason| wire::UnmetReason {
                reason: reason.reason.clone(),
                refusals: reason.refusals,
                discount_not_given: Money(reason.discount),
            })
            .collect(),
    }
}

pub fn live_offer(view: &LiveView) -> wire::LiveOffer {
    wire::LiveOffer {
        offer: offer(&view.offer),
        as_of: view.as_of,
        kpis: kpis(&view.kpis),
        budget: budget_use(&view.offer),
        today: daily_point(&view.today),
    }
}

fn kpis(kpis: &Kpis) -> wire::Kpis {
    wire::Kpis {
        total_redemptions: kpis.total_redemptions,
        total_discount_given: Money(kpis.total_discount),
        remaining_budget: kpis.remaining_budget.map(Money),
        redemption_rate: kpis.redemption_rate,
        average_daily_redemptions: kpis.average_daily_redemptions,
    }
}

fn budget_use(view: &OfferView) -> wire::BudgetUse {
    wire::BudgetUse {
        total: view.stored.offer.terms.budget.map(Money),
        spent: Money(view.stored.totals.spent),
        held: Money(view.stored.totals.held.discount),
        remaining: view.remaining_budget.map(Money),
    }
}

fn daily_point(day: &Day) -> wire::DailyPoint {
    wire::DailyPoint { date: day.date, redemptions: day.redemptions, discount_given: Money(day.discount) }
}

fn cumulative_point(day: &Day) -> wire::CumulativePoint {
    wire::CumulativePoint {
        date: day.date,
        redemptions: day.redemptions,
        discount_given: Money(day.discount),
    }
}

pub fn forecast(view: &ForecastView) -> wire::Forecast {
    wire::Forecast {
        source: if view.cached { wire::ForecastSource::Cached } else { wire::ForecastSource::Computed },
        model: view.model.clone(),
        model_version: view.model_version,
        seed: view.seed,
        computed_at: view.computed_at,
        horizon: u32::try_from(view.points.len()).unwrap_or(u32::MAX),
        points: view
            .points
            .iter()
            .map(|day| wire::ForecastPoint {
                date: day.date,
                redemptions: rounded(day.point.mean),
                lower_80: rounded(day.point.lower_80),
                upper_80: rounded(day.point.upper_80),
                lower_95: rounded(day.point.lower_95),
                upper_95: rounded(day.point.upper_95),
            })
            .collect(),
        total: wire::ForecastTotal {
            redemptions: rounded(view.total.mean),
            lower_80: rounded(view.total.lower_80),
            upper_80: rounded(view.total.upper_80),
            lower_95: rounded(view.total.lower_95),
            upper_95: rounded(view.total.upper_95),
        },
        run_out: view.run_out.map(run_out),
        accuracy: view.accuracy.map(accuracy),
    }
}

fn accuracy(accuracy: ForecastAccuracy) -> wire::ForecastAccuracy {
    wire::ForecastAccuracy {
        forecasts: u32::try_from(accuracy.forecasts).unwrap_or(u32::MAX),
        total_off_percent: accuracy.total_off.map(rounded),
        moving_average_off_percent: accuracy.moving_average_off.map(rounded),
        days_within_80_percent: rounded(accuracy.days_within_80),
    }
}

fn run_out(run_out: RunOut) -> wire::RunOut {
    wire::RunOut {
        probability: run_out.probability,
        limit: run_out.limit.map(limit),
        median: run_out.median,
        earliest_80: run_out.earliest,
        latest_80: run_out.latest,
    }
}

fn limit(limit: Limit) -> wire::Limit {
    match limit {
        Limit::Budget => wire::Limit::Budget,
        Limit::MaxRedemptions => wire::Limit::MaxRedemptions,
    }
}

/// Rounds to six decimal places. That is more precision than an estimate has, and halves the size of the JSON.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
