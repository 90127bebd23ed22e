//! Everything that redeeming reads and writes. All statements concern rows of one offer, except for
//! [`commit_batch::commit_batches`], which writes several offers in one statement.

mod columns;
pub mod commit_batch;
pub mod commit_changes;
pub mod ledger;
pub mod prior;
pub mod reservations;
mod written_ids;

pub use written_ids::WrittenIds;
