//! The queues of a batcher. Nothing in this module waits.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::sync::oneshot;

/// Why a request got no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RejectReason {
    /// Not processed: too many keys have a queue.
    TooManyKeys,
    /// Not processed: the queue of the key is full.
    QueueFull,
    /// Not processed: its batch did not start in time.
    WaitedTooLong,
    /// Its batch had started and ended without a response. Whether it took effect is unknown.
    Lost,
}

impl RejectReason {
    /// As a label of metrics.
    pub fn name(self) -> &'static str {
        match self {
            RejectReason::TooManyKeys => "too_many_offers",
            RejectReason::QueueFull => "queue_full",
            RejectReason::WaitedTooLong => "waited_too_long",
            RejectReason::Lost => "lost",
        }
    }
}

/// Whether a request is cancelled or processed. If the caller takes the token first, the request is not processed; if
/// the batch takes it first, the request can no longer be cancelled.
#[derive(Clone, Default)]
pub(super) struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Returns true for the first call.
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }

    fn is_taken(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The caller's side of a [`CancelToken`]. Cancels when dropped.
#[derive(Default)]
pub(super) struct CancelGuard(CancelToken);

impl CancelGuard {
    pub fn token(&self) -> CancelToken {
        self.0.clone()
    }

    /// Returns false if the request is in a batch already.
    pub fn cancel(&self) -> bool {
        self.0.take()
    }
}

impl Drop for CancelGuard {
    fn drop(&mut self) {
        self.0.take();
    }
}

/// A request that waits for a batch.
pub(super) struct PendingRequest<Q, R> {
    pub request: Q,
    pub sender: oneshot::Sender<R>,
    pub since: Instant,
    token: CancelToken,
}

impl<Q, R> PendingRequest<Q, R> {
    pub fn new(request: Q, token: CancelToken, sender: oneshot::Sender<R>) -> PendingRequest<Q, R> {
        PendingRequest { request, sender, since: Instant::now(), token }
    }
}

/// A queue per key, in order of arrival. A key has a queue while requests of it wait or are being processed.
pub(super) struct KeyedQueues<K, Q, R> {
    queues: HashMap<K, VecDeque<PendingRequest<Q, R>>>,
    /// Keys that wait for a combined batch.
    combined: VecDeque<K>,
    max_keys: usize,
    /// Requests per queue.
    max_queue: usize,
}

impl<K: Clone + Eq + Hash, Q, R> KeyedQueues<K, Q, R> {
    pub fn new(max_keys: usize, max_queue: usize) -> KeyedQueues<K, Q, R> {
        KeyedQueues { queues: HashMap::new(), combined: VecDeque::new(), max_keys, max_queue }
    }

    pub fn is_open(&self, key: &K) -> bool {
        self.queues.contains_key(key)
    }

    /// Waiting requests of all keys.
    pub fn waiting(&self) -> usize {
        self.queues.values().map(VecDeque::len).sum()
    }

    /// Keys with a queue.
    pub fn len(&self) -> usize {
        self.queues.len()
    }

    /// Returns true if the request has opened the queue, whose processing the caller must then schedule.
    pub fn push(&mut self, key: &K, request: PendingRequest<Q, R>) -> Result<bool, RejectReason> {
        let is_full = self.queues.len() >= self.max_keys;
        match self.queues.entry(key.clone()) {
            Entry::Vacant(_) if is_full => Err(RejectReason::TooManyKeys),
            Entry::Vacant(entry) => {
                entry.insert(VecDeque::from([request]));
                Ok(true)
            }
            Entry::Occupied(mut entry) => {
                let queue = entry.get_mut();
                if queue.len() >= self.max_queue {
                    // Cancelled requests make room.
                    queue.retain(|pending| !pending.token.is_taken());
                }
                if queue.len() >= self.max_queue {
                    return Err(RejectReason::QueueFull);
                }
                queue.push_back(request);
                Ok(false)
            }
        }
    }

    /// Takes up to `max` requests of the key that are not cancelled, oldest first. They can no longer be cancelled.
    pub fn take(&mut self, key: &K, max: usize) -> Vec<PendingRequest<Q, R>> {
        let Some(queue) = self.queues.get_mut(key) else { return Vec::new() };
        let mut batch = Vec::with_capacity(max.min(queue.len()));
        while batch.len() < max {
            let Some(pending) = queue.pop_front() else { break };
            if pending.token.take() {
                batch.push(pending);
            }
        }
        batch
    }

    /// Adds the key to those that wait for a combined batch.
    pub fn enqueue_combined(&mut self, key: K) {
        self.combined.push_back(key);
    }

    /// Takes the batches of the keys that have waited longest for a combined batch, with at most `max` requests
    /// together. A queue that does not fit completely is left for the next combined batch.
    pub fn take_combined(&mut self, max: usize) -> Vec<(K, Vec<PendingRequest<Q, R>>)> {
        let mut batches = Vec::new();
        let mut room = max;
        while let Some(key) = self.combined.front() {
            let waiting = self.queues.get(key).map_or(0, VecDeque::len);
            if waiting > room && !batches.is_empty() {
                break;
            }
            let Some(key) = self.combined.pop_front() else { break };
            let batch = self.take(&key, max);
            room = room.saturating_sub(batch.len());
            batches.push((key, batch));
        }
        batches
    }

    /// Closes the queue of the key if it is empty, and returns whether it was.
    pub fn close_if_empty(&mut self, key: &K) -> bool {
        let is_empty = self.queues.get(key).is_none_or(VecDeque::is_empty);
        if is_empty {
            self.queues.remove(key);
        }
        is_empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type TestQueues = KeyedQueues<&'static str, u32, ()>;

    /// Returns the caller's token. The response is not used here.
    fn push(
        queues: &mut TestQueues,
        key: &'static str,
        request: u32,
    ) -> (Result<bool, RejectReason>, CancelToken) {
        let token = CancelToken::default();
        let request = PendingRequest::new(request, token.clone(), oneshot::channel().0);
        (queues.push(&key, request), token)
    }

    fn take(queues: &mut TestQueues, key: &'static str, max: usize) -> Vec<u32> {
        queues.take(&key, max).iter().map(|pending| pending.request).collect()
    }

    #[test]
    fn the_first_request_opens_a_queue_and_the_last_closes_it() {
        let mut queues = TestQueues::new(10, 10);
        assert_eq!(push(&mut queues, "a", 1).0, Ok(true));
        assert_eq!(push(&mut queues, "a", 2).0, Ok(false));
        assert_eq!(push(&mut queues, "b", 3).0, Ok(true));
        assert_eq!(take(&mut queues, "a", 10), [1, 2]);
        // While the batch is processed, the queue stays open for new requests.
        assert_eq!(push(&mut queues, "a", 4).0, Ok(false));
        assert!(!queues.close_if_empty(&"a"));
        assert_eq!(take(&mut queues, "a", 10), [4]);
        assert!(queues.close_if_empty(&"a"));
        assert_eq!(queues.len(), 1);
        assert_eq!(push(&mut queues, "a", 5).0, Ok(true));
    }

    #[test]
    fn a_batch_takes_the_oldest_requests_up_to_its_size() {
        let mut queues = TestQueues::new(10, 10);
        (1..=5).for_each(|n| drop(push(&mut queues, "a", n)));
        assert_eq!(take(&mut queues, "a", 2), [1, 2]);
        assert_eq!(take(&mut queues, "a", 2), [3, 4]);
        assert_eq!(take(&mut queues, "a", 2), [5]);
        assert!(take(&mut queues, "a", 2).is_empty());
    }

    #[test]
    fn queues_are_combined_as_far_as_they_fit() {
        let mut queues = TestQueues::new(10, 10);
        for (key, requests) in [("a", 1..3), ("b", 3..4), ("c", 4..7), ("d", 7..8)] {
            requests.for_each(|n| drop(push(&mut queues, key, n)));
            queues.enqueue_combined(key);
        }
        let mut take_combined = || {
            let batches = queues.take_combined(4).into_iter();
            batches.map(|(key, batch)| (key, batch.len())).collect::<Vec<_>>()
        };
        assert_eq!(take_combined(), [("a", 2), ("b", 1)]);
        assert_eq!(take_combined(), [("c", 3), ("d", 1)]);
        assert_eq!(take_combined(), []);
    }

    #[test]
    fn a_cancelled_request_is_in_no_batch_and_a_request_in_a_batch_cannot_be_cancelled() {
        let mut queues = TestQueues::new(10, 10);
        let tokens: Vec<CancelToken> = (1..=4).map(|n| push(&mut queues, "a", n).1).collect();
        assert!(tokens[1].take());
        assert_eq!(take(&mut queues, "a", 2), [1, 3]);
        assert!(!tokens[0].take());
        assert!(tokens[3].take());
        assert!(take(&mut queues, "a", 2).is_empty());
        assert!(queues.close_if_empty(&"a"));
    }

    #[test]
    fn the_number_of_keys_is_limited() {
        let mut queues = TestQueues::new(2, 10);
        assert_eq!(push(&mut queues, "a", 1).0, Ok(true));
        assert_eq!(push(&mut queues, "b", 2).0, Ok(true));
        assert_eq!(push(&mut queues, "c", 3).0, Err(RejectReason::TooManyKeys));
        assert_eq!(push(&mut queues, "a", 4).0, Ok(false));
        assert_eq!(take(&mut queues, "a", 10), [1, 4]);
        assert!(queues.close_if_empty(&"a"));
        assert_eq!(push(&mut queues, "c", 5).0, Ok(true));
    }

    #[test]
    fn a_full_queue_rejects_and_cancelled_requests_make_room() {
        let mut queues = TestQueues::new(10, 2);
        let (_, first) = push(&mut queues, "a", 1);
        assert_eq!(push(&mut queues, "a", 2).0, Ok(false));
        assert_eq!(push(&mut queues, "a", 3).0, Err(RejectReason::QueueFull));
        assert_eq!(push(&mut queues, "b", 4).0, Ok(true));
        assert!(first.take());
        assert_eq!(push(&mut queues, "a", 5).0, Ok(false));
        assert_eq!(take(&mut queues, "a", 10), [2, 5]);
    }
}
