use chrono::{DateTime, FixedOffset};
use offercast_contract::{
    DiscountType, Forecast, ForecastAccuracy, ForecastSource, Offer, OfferState, OfferStatus, Role,
};

use super::{ago, money, number, percent};
use crate::i18n::{common, dashboard};

/// The discount of an offer: `10% off`, `5.00 USD off`.
pub fn discount(offer: &Offer) -> String {
    common::off(&match offer.discount_type {
        DiscountType::Percent => common::percentage(&number(offer.discount_value)),
        DiscountType::Flat => money(offer.discount_value, &offer.currency),
    })
}

/// How accurate the offer's earlier forecasts were. `None` if that is not known yet.
pub fn forecast_accuracy(accuracy: &ForecastAccuracy) -> Option<String> {
    Some(dashboard::accuracy(&percent(accuracy.total_off_percent?)))
}

/// The text of a state's badge.
pub fn state(state: OfferState) -> &'static str {
    match state {
        OfferState::Scheduled => common::scheduled(),
        OfferState::Active => common::active(),
        OfferState::Paused => common::paused(),
        OfferState::Expired => common::ended(),
        OfferState::BudgetExhausted => common::budget_used_up(),
        OfferState::RedemptionsExhausted => common::fully_redeemed(),
        OfferState::Archived => common::archived(),
    }
}

/// The name of a role.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => common::owner(),
        Role::Manager => common::manager(),
        Role::Analyst => common::analyst(),
    }
}

/// A status as in the API.
pub fn status_name(status: OfferStatus) -> &'static str {
    match status {
        OfferStatus::Active => "active",
        OfferStatus::Paused => "paused",
        OfferStatus::Archived => "archived",
    }
}

/// When the forecast was computed.
pub fn forecast_age(forecast: &Forecast, as_of: DateTime<FixedOffset>) -> String {
    match forecast.source {
        ForecastSource::Cached => {
            let passed = as_of.to_utc() - forecast.computed_at;
            dashboard::updated(&ago(passed))
        }
        ForecastSource::Computed => dashboard::updated(common::just_now()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracy_is_shown_once_it_is_known() {
        let mut accuracy = ForecastAccuracy {
            forecasts: 12,
            total_off_percent: Some(9.34),
            moving_average_off_percent: Some(14.0),
            days_within_80_percent: 82.0,
        };
        assert_eq!(forecast_accuracy(&accuracy).unwrap(), "Recent accuracy: within 9.3%");
        accuracy.total_off_percent = None;
        assert_eq!(forecast_accuracy(&accuracy), None);
    }
}
