use std::time::{Duration, Instant};

use offercast_storage::jobs::FORECAST_DELAY;
use offercast_storage::redemption::commit_batch::FORECAST_MARGIN;

/// Limits how often an offer's forecast is computed while it is redeemed: the first forecast follows some seconds after
/// the first redemption, the next ones at intervals.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ForecastThrottle {
    /// When the last known forecast job runs or ran.
    last: Option<Instant>,
}

/// Minimum interval between two forecasts of an offer, plus jitter per offer, so that offers that were first redeemed
/// at the same time are not computed at the same time.
const INTERVAL: Duration = Duration::from_secs(30);
const MAX_JITTER_MS: u64 = 10_000;

impl ForecastThrottle {
    pub fn scheduled_at(at: Instant) -> ForecastThrottle {
        ForecastThrottle { last: Some(at) }
    }

    /// Delay of a forecast that includes a redemption made now. `None` if a pending one will include it.
    pub fn next_in(self, offer_id: i64, now: Instant) -> Option<Duration> {
        let Some(last) = self.last else { return Some(FORECAST_DELAY) };
        let is_pending = last > now + FORECAST_MARGIN;
        let jitter = Duration::from_millis(offer_id.unsigned_abs() % MAX_JITTER_MS * 7_919 % MAX_JITTER_MS);
        let next = last + INTERVAL + jitter;
        (!is_pending).then(|| next.saturating_duration_since(now).max(FORECAST_DELAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_forecast_follows_soon_and_the_next_after_the_interval() {
        let now = Instant::now();
        let next_in = |throttle: ForecastThrottle, now| throttle.next_in(0, now);
        assert_eq!(next_in(ForecastThrottle::default(), now), Some(FORECAST_DELAY));
        let pending = ForecastThrottle::scheduled_at(now + FORECAST_DELAY);
        assert_eq!(next_in(pending, now), None);
        // Too late to be certainly included in the pending forecast.
        let late = now + FORECAST_DELAY - FORECAST_MARGIN;
        assert_eq!(next_in(pending, late), Some(FORECAST_MARGIN + INTERVAL));
        let soon_after = now + FORECAST_DELAY + Duration::from_secs(10);
        assert_eq!(next_in(pending, soon_after), Some(INTERVAL - Duration::from_secs(10)));
        let long_after = now + FORECAST_DELAY + INTERVAL;
        assert_eq!(next_in(pending, long_after), Some(FORECAST_DELAY));
        for other in [1, i64::MAX] {
            assert!(
                pending.next_in(other, soon_after) > next_in(pending, soon_after),
                "the jitter separates offers"
            );
        }
    }
}
