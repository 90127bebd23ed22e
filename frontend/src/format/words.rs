use chrono::{DateTime, FixedOffset};
use offercast_contract::{DiscountType, Forecast, ForecastSource, Offer, OfferState, OfferStatus};

use super::{ago, count, money};

/// `10% off`, `5.00 USD off`.
pub fn discount(offer: &Offer) -> String {
    match offer.discount_type {
        DiscountType::Percent => format!("{}% off", offer.discount_value),
        DiscountType::Flat => format!("{} off", money(offer.discount_value, &offer.currency)),
    }
}

/// What a badge says.
pub fn state(state: OfferState) -> &'static str {
    match state {
        OfferState::Scheduled => "Scheduled",
        OfferState::Active => "Active",
        OfferState::Paused => "Paused",
        OfferState::Expired => "Ended",
        OfferState::BudgetExhausted => "Budget used up",
        OfferState::RedemptionsExhausted => "Fully redeemed",
        OfferState::Archived => "Archived",
    }
}

/// What staff decided, as the API writes it.
pub fn status_word(status: OfferStatus) -> &'static str {
    match status {
        OfferStatus::Active => "active",
        OfferStatus::Paused => "paused",
        OfferStatus::Archived => "archived",
    }
}

/// `1 redemption`, `1,234 redemptions`.
pub fn plural(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Where the forecast comes from.
pub fn forecast_origin(forecast: &Forecast, as_of: DateTime<FixedOffset>) -> String {
    match forecast.source {
        ForecastSource::Cached => {
            let passed = as_of.to_utc() - forecast.computed_at;
            format!("From the cache, computed {} by {}.", ago(passed), forecast.model)
        }
        ForecastSource::Computed => {
            format!("Computed on the fly by {}; a background job is storing it.", forecast.model)
        }
    }
}
