use chrono::{DateTime, FixedOffset};
use offercast_contract::{
    DiscountType, Forecast, ForecastAccuracy, ForecastSource, Offer, OfferState, OfferStatus,
};

use super::{ago, money, number, percent};
use crate::words::{common, dashboard};

/// `10% off`, `5.00 USD off`.
pub fn discount(offer: &Offer) -> String {
    common::off(&match offer.discount_type {
        DiscountType::Percent => common::percentage(&number(offer.discount_value)),
        DiscountType::Flat => money(offer.discount_value, &offer.currency),
    })
}

/// How good the offer's earlier forecasts were. `None` where that cannot be said yet.
pub fn forecast_accuracy(accuracy: &ForecastAccuracy) -> Option<String> {
    let off = percent(accuracy.total_off_percent?);
    let average = accuracy.moving_average_off_percent;
    let average = average.map_or(String::new(), |average| dashboard::average_off(&percent(average)));
    let forecasts = dashboard::forecasts(i64::from(accuracy.forecasts));
    Some(dashboard::accuracy(&forecasts, &off, &average, &percent(accuracy.days_within_80_percent)))
}

/// What a badge says.
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

/// What staff decided, as the API writes it.
pub fn status_word(status: OfferStatus) -> &'static str {
    match status {
        OfferStatus::Active => "active",
        OfferStatus::Paused => "paused",
        OfferStatus::Archived => "archived",
    }
}

/// Where the forecast comes from.
pub fn forecast_origin(forecast: &Forecast, as_of: DateTime<FixedOffset>) -> String {
    match forecast.source {
        ForecastSource::Cached => {
            let passed = as_of.to_utc() - forecast.computed_at;
            dashboard::from_cache(&ago(passed), &forecast.model)
        }
        ForecastSource::Computed => dashboard::on_the_fly(&forecast.model),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_forecasts_are_held_against_what_came() {
        let mut accuracy = ForecastAccuracy {
            forecasts: 12,
            total_off_percent: Some(9.34),
            moving_average_off_percent: Some(14.0),
            days_within_80_percent: 82.0,
        };
        assert_eq!(
            forecast_accuracy(&accuracy).unwrap(),
            "Its last 12 forecasts were off by 9.3% in total (a 7-day average: 14%); 82% of the days lay in their 80% range."
        );
        accuracy.total_off_percent = None;
        assert_eq!(forecast_accuracy(&accuracy), None);
    }
}
