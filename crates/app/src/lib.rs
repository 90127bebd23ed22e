//! The use cases: each loads, lets the rules decide, writes, and commits, in one transaction.

mod analytics;
mod clock;
mod error;
mod forecast_jobs;
pub mod import;
mod ledger;
mod offers;
mod redeem;

pub use analytics::{DashboardView, ForecastView, dashboard, forecast};
pub use clock::Clock;
pub use error::Error;
pub use forecast_jobs::{
    ComputeOfferForecast, NightlyForecasts, compute_offer_forecast, job_counts, purge_jobs, request_forecast,
    run_nightly, schedule_nightly,
};
pub use ledger::{LedgerPage, ledger_after, ledger_page};
pub use offers::{
    OfferPage, OfferQuery, OfferView, Removal, create_offer, list_offers, remove_offer, show_offer,
    update_offer,
};
pub use redeem::{Redemption, redeem};

pub use offercast_storage::Error as StorageError;
pub use offercast_storage::jobs::{FORECAST_QUEUE, NIGHTLY_QUEUE};
pub use offercast_storage::{Difference, LedgerRow, OfferSort, Pool, PoolStatus, StoredOffer, verify};

/// What every use case works with.
#[derive(Clone)]
pub struct App {
    pub pool: Pool,
    pub clock: Clock,
}

impl App {
    /// Whether the database is there and has the tables that this program works with.
    pub async fn check_ready(&self) -> Result<(), Error> {
        let mut tx = self.pool.snapshot().await?;
        offercast_storage::check_schema(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
