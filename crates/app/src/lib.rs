//! The use cases: each loads, lets the rules decide, writes and commits in one transaction.

pub mod access;
mod analytics;
mod app;
mod audit;
mod batching;
mod clock;
mod codes;
mod concurrency_limit;
pub mod csv_file;
mod error;
mod forecast_jobs;
mod forecasts;
mod idempotency;
pub mod import;
mod ledger;
mod live;
mod not_found_limiter;
mod offers;
mod overview;
mod quote;
mod redemption;

pub use analytics::{DashboardView, ForecastView, dashboard, forecast, what_if};
pub use app::{App, Limits};
pub use audit::{AuditPage, AuditQuery, Change as AuditChange, Entry as AuditEntry, audit_page};
pub use batching::BatchLimits;
pub use clock::Clock;
pub use codes::{
    CodeCounts, CodeKey, CodesAnswer, IssuedCodes, ListedCode, codes_between, count_codes, issue_codes,
};
pub use error::Error;
pub use forecast_jobs::{
    compute_offer_forecast, job_counts, purge_jobs, request_forecast, run_chunk, run_nightly,
    schedule_nightly,
};
pub use idempotency::{IdempotentRequest, IdempotentResponse, purge_idempotency_keys, respond_once};
pub use ledger::{LedgerPage, ledger_after, ledger_page};
pub use live::{LiveView, Subscription, subscribe};
pub use offers::{
    ListedOffer, OfferPage, OfferQuery, OfferView, Removal, create_offer, list_offers, remove_offer,
    show_offer, update_offer,
};
pub use overview::{OverviewView, States, TopOffer, overview};
pub use quote::{Quote, quote};
pub use redemption::{
    Outcome, Redemption, Released, RequestMeta, Reserved, Response, Reversal, confirm, expire_reservations,
    redeem, redeem_by_code, release, reserve, reverse, visible_offer,
};

pub use offercast_domain::{HoldLimits, MAX_HOLD_SECONDS, OfferState};
pub use offercast_storage::access::keys::StoredKey;
pub use offercast_storage::access::sessions::StoredSession;
pub use offercast_storage::access::users::StoredUser;
pub use offercast_storage::codes::CodeUse;
pub use offercast_storage::idempotency::StoredResponse;
pub use offercast_storage::jobs::{
    CHUNK_QUEUE, ComputeOfferForecast, FORECAST_QUEUE, ForecastChunk, NIGHTLY_QUEUE, NightlyForecasts,
};
pub use offercast_storage::offers::{OfferSort, StoredOffer};
pub use offercast_storage::redemption::ledger::LedgerRow;
pub use offercast_storage::verify::{Difference, verify};
pub use offercast_storage::{Error as StorageError, Pool, PoolStatus, Tx, job_pool};
