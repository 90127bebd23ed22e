//! All SQL. Concrete functions over a connection, checked against the schema at compile time; rows stay private,
//! results are types of the domain.
//!
//! There are no repository traits: there is one database, and the tests use it.

pub mod access;
pub mod analytics;
pub mod audit;
pub mod change_feed;
pub mod codes;
pub mod customer_usage;
mod error;
pub mod forecast_accuracy;
pub mod forecasts;
pub mod idempotency;
pub mod import;
pub mod jobs;
pub mod offers;
pub mod overview;
mod pool;
pub mod redemption;
mod session;
pub mod verify;

pub use error::Error;
pub use pool::{Connection, Pool, PoolStatus, Tx};
pub use session::job_pool;
pub use sqlx::PgConnection;
