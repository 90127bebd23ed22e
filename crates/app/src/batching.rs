//! Forms batches by key. Requests for one key that arrive while a batch of that key is being processed wait in a queue
//! and form the next batch. No timer delays them: an idle key is processed at once, and batches form by themselves when
//! requests arrive faster than they are processed. Batches of different keys that are ready at the same time are
//! combined, so that several keys share one commit.
//!
//! Correctness never depends on this module: the database row of the offer decides, so several processes on one
//! database stay exact.

mod batcher;
mod limits;
pub(crate) mod metrics;
mod queue;

#[cfg(test)]
mod tests;

pub(crate) use batcher::{BatchProcessor, Batcher, Drain};
pub use limits::BatchLimits;
pub(crate) use queue::RejectReason;
