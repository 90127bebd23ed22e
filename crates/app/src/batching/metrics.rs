//! Metrics of batches. Each value is also recorded under the name that version 0.1 used; those names are deprecated and
//! go with version 0.3.

use std::time::Duration;

use metrics::{counter, histogram};

use super::RejectReason;

/// How a batch was processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Combined,
    /// Decided from the cache, which turned out to be outdated; an exclusive batch follows.
    Outdated,
    Exclusive,
}

pub(crate) fn batch_processed(path: Path) {
    let (path, deprecated) = match path {
        Path::Combined => ("combined", "at_once"),
        Path::Outdated => ("outdated", "outdated"),
        Path::Exclusive => ("exclusive", "behind_lock"),
    };
    counter!("offercast_batches_total", "path" => path).increment(1);
    counter!("offercast_lane_batches_total", "way" => deprecated).increment(1);
}

pub(super) fn batch_size(requests: usize) {
    let requests = number(requests);
    histogram!("offercast_batch_size").record(requests);
    histogram!("offercast_lane_batch_size").record(requests);
}

pub(super) fn combined_offers(offers: usize) {
    let offers = number(offers);
    histogram!("offercast_batch_combined_offers").record(offers);
    histogram!("offercast_lane_trip_offers").record(offers);
}

pub(super) fn request_waited(wait: Duration) {
    histogram!("offercast_batch_wait_seconds").record(wait.as_secs_f64());
    histogram!("offercast_lane_wait_seconds").record(wait.as_secs_f64());
}

pub(super) fn request_rejected(reason: RejectReason) {
    counter!("offercast_batch_rejected_total", "reason" => reason.name()).increment(1);
    counter!("offercast_lane_unserved_total", "reason" => reason.name()).increment(1);
}

#[expect(clippy::cast_precision_loss, reason = "batches are small")]
fn number(count: usize) -> f64 {
    count as f64
}
