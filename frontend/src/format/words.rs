use chrono::{DateTime, FixedOffset};
use offercast_contract::{
    DiscountType, Forecast, ForecastAccuracy, ForecastSource, Offer, OfferState, OfferStatus,
};

use super::{ago, count, money, percent};

/// `10% off`, `5.00 USD off`.
pub fn discount(offer: &Offer) -> String {
    match offer.discount_type {
        DiscountType::Percent => format!("{}% off", offer.discount_value),
        DiscountType::Flat => format!("{} off", money(offer.discount_value, &offer.currency)),
    }
}

/// How good the offer's earlier forecasts were. `None` where that cannot be said yet.
pub fn forecast_accuracy(accuracy: &ForecastAccuracy) -> Option<String> {
    let off = percent(accuracy.total_off_percent?);
    let forecasts = plural(i64::from(accuracy.forecasts), "forecast", "forecasts");
    let average = accuracy
        .moving_average_off_percent
        .map_or(String::new(), |average| format!(" (a 7-day average: {})", percent(average)));
    let within = percent(accuracy.days_within_80_percent);
    Some(format!(
        "Its last {forecasts} were off by {off} in total{average}; {within} of the days lay in their 80% range."
    ))
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
