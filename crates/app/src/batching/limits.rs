use std::num::NonZeroUsize;
use std::time::Duration;

/// The limits of a [`super::Batcher`].
#[derive(Debug, Clone, Copy)]
pub struct BatchLimits {
    /// Keys with a queue at the same time.
    pub max_keys: usize,
    /// Requests that wait in one queue.
    pub max_queue: usize,
    /// How long a request waits for its batch to start.
    pub max_wait: Duration,
    /// Requests of one batch, and of all batches of a combined batch together.
    pub max_batch: usize,
    /// Combined batches that are processed at the same time.
    pub combined: NonZeroUsize,
    /// Exclusive batches that are processed at the same time.
    pub exclusive: NonZeroUsize,
}

/// One combined batch is written while the next is decided. With more of them, each would contain fewer
/// requests.
const MAX_COMBINED: usize = 2;

impl BatchLimits {
    /// The queue is as long as one busy offer can process in about a second on a small machine; the wait equals the
    /// wait for a database connection; and a quarter of the connections is left for reads and edits.
    pub fn for_connections(connections: usize) -> BatchLimits {
        let at_least_one = |n| NonZeroUsize::new(n).unwrap_or(NonZeroUsize::MIN);
        let available = connections - connections.div_ceil(4);
        let combined = at_least_one((available / 2).min(MAX_COMBINED));
        let exclusive = at_least_one(available.saturating_sub(combined.get()));
        BatchLimits {
            max_keys: 10_000,
            max_queue: 10_000,
            max_wait: Duration::from_secs(10),
            max_batch: 256,
            combined,
            exclusive,
        }
    }
}
