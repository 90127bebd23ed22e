//! Metrics of batches. The API adds them to `/metrics` under the names of version 0.1, too.

use std::time::Duration;

use metrics::{counter, histogram};

use super::RejectReason;

/// How a batch was processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Combined,
    /// Decided from the cache, but not written: the counters have changed or are locked, or a key or an order exists
    /// already. An exclusive batch follows.
    Outdated,
    Exclusive,
}

pub(crate) fn batch_processed(path: Path) {
    let path = match path {
        Path::Combined => "combined",
        Path::Outdated => "outdated",
        Path::Exclusive => "exclusive",
    };
    counter!("offercast_batches_total", "path" => path).increment(1);
}

/// `waits`: how long each of its requests has waited.
pub(super) fn batch_started(waits: impl ExactSizeIterator<Item = Duration>) {
    histogram!("offercast_batch_size").record(number(waits.len()));
    let seconds = histogram!("offercast_batch_wait_seconds");
    waits.for_each(|wait| seconds.record(wait.as_secs_f64()));
}

pub(super) fn offers_combined(offers: usize) {
    histogram!("offercast_batch_combined_offers").record(number(offers));
}

pub(super) fn request_rejected(reason: RejectReason) {
    counter!("offercast_batch_rejected_total", "reason" => reason.name()).increment(1);
}

#[expect(clippy::cast_precision_loss, reason = "batches are small")]
fn number(count: usize) -> f64 {
    count as f64
}
