//! All SQL. Concrete functions over a connection, checked against the schema at compile time; rows stay
//! private, what leaves is of the domain.
//!
//! There are no repository traits: there is one database, and the tests use it.

mod accuracy;
mod analytics;
mod batches;
mod besides;
mod changes;
mod codes;
mod error;
mod forecasts;
pub mod import;
pub mod jobs;
mod offers;
mod overview;
mod pool;
mod redemptions;
mod reservations;
mod retries;
mod session;
mod uses;
mod verify;

pub use accuracy::{open_claims, store_claims, store_comparisons};
pub use analytics::{OfferAnalyticsRepository, OfferFacts};
pub use batches::{
    Counters, FORECAST_MARGIN, Named, NewBatch, NewKey, Recorded, Refused, Written, record_batch,
    record_batches_at_once,
};
pub use besides::{ChangedIds, ClosedReservation, NewChanges, NewEntry, NewReservation, record_changes};
pub use changes::{ChangeListener, Heard, announce_changes};
pub use codes::{
    CodeBatch, CodeUse, code_batches, code_secret, code_uses, codes_alike, insert_code_batch, issued_codes,
    next_serial, used_codes,
};
pub use error::Error;
pub use forecasts::{CachedForecast, NewForecast, run_outs, store_forecasts};
pub use offers::{
    ListOffers, OfferSort, StoredOffer, delete_offer, find_offer, find_offers, has_history, insert_offer,
    list_offers, lock_counters, lock_offer, offer_exists, outdate, update_offer,
};
pub use overview::{OfferSums, OverviewRepository};
pub use pool::{Connection, Pool, PoolStatus, Tx};
pub use redemptions::{LedgerRow, ledger_page, ledger_since};
pub use reservations::{
    Reservation, WantedReservations, offer_of_reservation, offers_with_expired, reservations,
};
pub use retries::{
    Entry, KeptAnswer, KeyRecord, answers_by_key, claim_key, entries, keep_answer, kept_answer,
    offer_of_redemption, purge_keys, standing_orders,
};
pub use session::job_pool;
pub use sqlx::PgConnection;
pub use uses::{add_uses_since, count_uses, delete_uses, lock_uses, set_uses, uses};
pub use verify::{Difference, check_schema, verify};
