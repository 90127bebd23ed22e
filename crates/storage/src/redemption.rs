//! Everything that redeeming reads and writes. All statements concern rows of one offer, except for
//! [`commit_batch::commit_batches`], which writes several offers in one statement.

mod columns;
pub mod commit_batch;
pub mod commit_changes;
pub mod ledger;
pub mod prior;
pub mod reservations;

pub use commit_batch::{BatchResult, Counters, FORECAST_MARGIN, NewBatch};
pub use written_ids::WrittenIds;

mod written_ids;
