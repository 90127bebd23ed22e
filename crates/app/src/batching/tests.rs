use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::*;

/// Shows each batch to the test and waits until the test continues it. The response equals the request. Keys with a
/// capital letter can be combined.
struct TestProcessor {
    exclusive: mpsc::UnboundedSender<ExclusiveBatch>,
    combined: mpsc::UnboundedSender<CombinedBatch>,
}

struct ExclusiveBatch {
    key: &'static str,
    requests: Vec<u32>,
    finish: oneshot::Sender<()>,
}

struct CombinedBatch {
    batches: Vec<(&'static str, Vec<u32>)>,
    /// Finishes all but these keys, which are retried.
    finish: oneshot::Sender<&'static [&'static str]>,
}

/// The request at which the processor panics.
const PANIC: u32 = 666;

impl BatchProcessor for TestProcessor {
    type Key = &'static str;
    type Request = u32;
    type Response = u32;
    type Retry = Vec<u32>;

    fn can_combine(&self, key: &&'static str) -> bool {
        key.starts_with(char::is_uppercase)
    }

    async fn process_combined(
        &self,
        batches: Vec<(&'static str, Vec<u32>)>,
    ) -> Vec<Result<Vec<u32>, Vec<u32>>> {
        let (finish, finished) = oneshot::channel();
        self.combined.send(CombinedBatch { batches: batches.clone(), finish }).unwrap();
        let retried = finished.await.unwrap();
        let result = |(key, batch)| if retried.contains(&key) { Err(batch) } else { Ok(batch) };
        batches.into_iter().map(result).collect()
    }

    async fn process_exclusive(
        &self,
        key: &&'static str,
        retry: Vec<u32>,
        drain: impl Drain<u32>,
    ) -> Vec<u32> {
        let batch = [retry, drain()].concat();
        if batch.is_empty() {
            return batch;
        }
        let (finish, finished) = oneshot::channel();
        self.exclusive.send(ExclusiveBatch { key, requests: batch.clone(), finish }).unwrap();
        finished.await.unwrap();
        assert!(!batch.contains(&PANIC), "the panic that the test wants");
        batch
    }
}

struct Harness {
    batcher: Batcher<TestProcessor>,
    exclusive: AsyncMutex<mpsc::UnboundedReceiver<ExclusiveBatch>>,
    combined: AsyncMutex<mpsc::UnboundedReceiver<CombinedBatch>>,
}

type Caller = JoinHandle<Result<u32, RejectReason>>;

impl Harness {
    fn new(limits: BatchLimits) -> Harness {
        let (exclusive, exclusive_batches) = mpsc::unbounded_channel();
        let (combined, combined_batches) = mpsc::unbounded_channel();
        let batcher = Batcher::new(TestProcessor { exclusive, combined }, limits);
        Harness {
            batcher,
            exclusive: AsyncMutex::new(exclusive_batches),
            combined: AsyncMutex::new(combined_batches),
        }
    }

    async fn combined(&self) -> CombinedBatch {
        self.combined.lock().await.recv().await.unwrap()
    }

    async fn batch(&self) -> ExclusiveBatch {
        self.exclusive.lock().await.recv().await.unwrap()
    }

    /// Returns once the request waits in its queue (or was rejected).
    async fn call(&self, key: &'static str, request: u32) -> Caller {
        let batcher = self.batcher.clone();
        let caller = tokio::spawn(async move { batcher.submit(key, request).await });
        tokio::task::yield_now().await;
        caller
    }

    /// Lets the other tasks run until all of them wait. The runtime has one thread.
    async fn settle(&self) {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
}

fn limits() -> BatchLimits {
    let one = NonZeroUsize::MIN;
    BatchLimits {
        max_keys: 100,
        max_queue: 100,
        max_wait: Duration::from_secs(10),
        max_batch: 10,
        combined: one,
        exclusive: one,
    }
}

fn finish(batch: ExclusiveBatch) -> Vec<u32> {
    batch.finish.send(()).unwrap();
    batch.requests
}

#[tokio::test]
async fn an_idle_key_is_processed_at_once_and_a_batch_forms_behind_it() {
    let harness = Harness::new(limits());
    let first = harness.call("a", 1).await;
    let alone = harness.batch().await;
    let others = [harness.call("a", 2).await, harness.call("a", 3).await, harness.call("a", 4).await];
    assert_eq!(finish(alone), [1]);
    assert_eq!(finish(harness.batch().await), [2, 3, 4]);
    assert_eq!(first.await.unwrap(), Ok(1));
    for (caller, request) in others.into_iter().zip(2..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
    harness.settle().await;
    assert_eq!(harness.batcher.open_keys(), 0);
}

#[tokio::test]
async fn a_batch_is_limited_and_the_other_requests_follow_in_order() {
    let harness = Harness::new(BatchLimits { max_batch: 2, ..limits() });
    let mut callers = vec![harness.call("a", 0).await];
    let first = harness.batch().await;
    for n in 1..=5 {
        callers.push(harness.call("a", n).await);
    }
    assert_eq!(finish(first), [0]);
    for expected in [&[1, 2][..], &[3, 4], &[5]] {
        assert_eq!(finish(harness.batch().await), expected);
    }
    for (caller, request) in callers.into_iter().zip(0..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
}

#[tokio::test]
async fn a_busy_key_waits_behind_the_others_after_each_batch() {
    let harness = Harness::new(BatchLimits { max_batch: 1, ..limits() });
    let mut callers = Vec::new();
    for n in 0..4 {
        callers.push(harness.call("hot", n).await);
    }
    callers.push(harness.call("b", 10).await);
    callers.push(harness.call("c", 20).await);
    let mut order = Vec::new();
    for _ in 0..callers.len() {
        let batch = harness.batch().await;
        order.push(batch.key);
        finish(batch);
    }
    assert_eq!(order, ["hot", "b", "c", "hot", "hot", "hot"]);
}

#[tokio::test]
async fn the_number_of_exclusive_batches_at_once_is_limited() {
    let harness = Harness::new(BatchLimits { exclusive: NonZeroUsize::new(2).unwrap(), ..limits() });
    let keys = ["a", "b", "c", "d", "e"];
    let mut callers = Vec::new();
    for key in keys {
        callers.push(harness.call(key, 1).await);
    }
    harness.settle().await;
    let mut active = HashMap::new();
    let mut exclusive = harness.exclusive.lock().await;
    while let Ok(batch) = exclusive.try_recv() {
        active.insert(batch.key, batch);
    }
    assert_eq!(active.len(), 2);
    assert!(active.contains_key("a") && active.contains_key("b"));
}

#[tokio::test]
async fn a_full_queue_rejects_at_once() {
    let harness = Harness::new(BatchLimits { max_queue: 2, ..limits() });
    let first = harness.call("a", 1).await;
    let batch = harness.batch().await;
    let waiting = [harness.call("a", 2).await, harness.call("a", 3).await];
    assert_eq!(harness.batcher.submit("a", 4).await, Err(RejectReason::QueueFull));
    finish(batch);
    assert_eq!(finish(harness.batch().await), [2, 3]);
    assert_eq!(first.await.unwrap(), Ok(1));
    for (caller, request) in waiting.into_iter().zip(2..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
}

#[tokio::test]
async fn a_request_that_waited_too_long_is_rejected_and_not_processed_later() {
    let harness = Harness::new(BatchLimits { max_wait: Duration::from_millis(100), ..limits() });
    let first = harness.call("a", 1).await;
    let batch = harness.batch().await;
    assert_eq!(harness.batcher.submit("a", 2).await, Err(RejectReason::WaitedTooLong));
    // A request whose batch has started is never rejected as not processed, however long it takes.
    assert_eq!(finish(batch), [1]);
    assert_eq!(first.await.unwrap(), Ok(1));
    harness.settle().await;
    assert!(harness.exclusive.lock().await.try_recv().is_err());
    assert_eq!(harness.batcher.open_keys(), 0);
}

#[tokio::test]
async fn a_request_cancelled_before_its_batch_is_not_processed_and_one_cancelled_later_is() {
    let harness = Harness::new(limits());
    let first = harness.call("a", 1).await;
    let batch = harness.batch().await;
    let (gone, stays) = (harness.call("a", 2).await, harness.call("a", 3).await);
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    first.abort();
    assert_eq!(finish(batch), [1]);
    assert_eq!(finish(harness.batch().await), [3]);
    assert_eq!(stays.await.unwrap(), Ok(3));
    harness.settle().await;
    assert_eq!(harness.batcher.open_keys(), 0);
}

#[tokio::test]
async fn a_panicking_processor_leaves_no_caller_waiting() {
    let harness = Harness::new(limits());
    let panicking = harness.call("a", PANIC).await;
    let batch = harness.batch().await;
    let behind = harness.call("a", 2).await;
    finish(batch);
    // Whether the first took effect is unknown.
    assert_eq!(panicking.await.unwrap(), Err(RejectReason::Lost));
    assert_eq!(finish(harness.batch().await), [2]);
    assert_eq!(behind.await.unwrap(), Ok(2));
    harness.settle().await;
    assert_eq!(harness.batcher.open_keys(), 0);
}

#[tokio::test]
async fn keys_that_are_ready_together_are_combined() {
    let harness = Harness::new(limits());
    let mut callers = vec![harness.call("A", 1).await];
    let first = harness.combined().await;
    assert_eq!(first.batches, [("A", vec![1])]);
    for (key, request) in [("A", 2), ("B", 3), ("A", 4), ("C", 5)] {
        callers.push(harness.call(key, request).await);
    }
    first.finish.send(&[]).unwrap();
    // The key that was just processed comes after those that have waited.
    let second = harness.combined().await;
    assert_eq!(second.batches, [("B", vec![3]), ("C", vec![5]), ("A", vec![2, 4])]);
    second.finish.send(&[]).unwrap();
    for (caller, request) in callers.into_iter().zip(1..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
    harness.settle().await;
    assert_eq!(harness.batcher.open_keys(), 0);
}

#[tokio::test]
async fn a_key_that_a_combined_batch_retries_delays_no_other() {
    let harness = Harness::new(limits());
    let first = harness.call("A", 1).await;
    let combined_batch = harness.combined().await;
    let others = [harness.call("B", 2).await, harness.call("C", 3).await];
    combined_batch.finish.send(&[]).unwrap();
    harness.combined().await.finish.send(&["B"]).unwrap();
    let alone = harness.batch().await;
    assert_eq!((alone.key, &*alone.requests), ("B", &[2][..]));
    // A new request of the key waits for that batch; the other keys do not.
    let behind = harness.call("B", 4).await;
    let passing = harness.call("C", 5).await;
    let third = harness.combined().await;
    assert_eq!(third.batches, [("C", vec![5])]);
    third.finish.send(&[]).unwrap();
    assert_eq!(passing.await.unwrap(), Ok(5));
    finish(alone);
    harness.combined().await.finish.send(&[]).unwrap();
    assert_eq!((first.await.unwrap(), behind.await.unwrap()), (Ok(1), Ok(4)));
    for (caller, request) in others.into_iter().zip(2..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
}
