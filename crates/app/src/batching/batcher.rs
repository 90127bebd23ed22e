use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::queue::{CancelGuard, KeyedQueues, PendingRequest, RejectReason};
use super::{BatchLimits, metrics};

/// Processes the batches of a [`Batcher`].
pub(crate) trait BatchProcessor: Send + Sync + 'static {
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    type Request: Send + 'static;
    type Response: Send + 'static;
    /// A batch that a combined batch could not process, with what is known about it. The default is empty.
    type Retry: Default + Send + 'static;

    /// Whether the next batch of the key can probably be combined with batches of other keys.
    fn can_combine(&self, key: &Self::Key) -> bool;

    /// Processes batches of different keys together. Returns for each batch, in their order, either the responses to
    /// its requests, in their order, or a batch to retry on its own.
    fn process_combined(
        &self,
        batches: Vec<(Self::Key, Vec<Self::Request>)>,
    ) -> impl Future<Output = Vec<Result<Vec<Self::Response>, Self::Retry>>> + Send;

    /// Processes the batch of one key, however long that takes: the requests of `retry`, and those that `drain` takes
    /// from the queue when processing is ready to start. Returns the responses to both, in this order. With requests to
    /// retry, calling `drain` is optional; otherwise call it even if processing cannot start, so that the callers get
    /// the error.
    fn process_exclusive(
        &self,
        key: &Self::Key,
        retry: Self::Retry,
        drain: impl Drain<Self::Request>,
    ) -> impl Future<Output = Vec<Self::Response>> + Send;
}

/// Takes the waiting requests of a key from its queue. Their callers can no longer cancel them.
pub(crate) trait Drain<Q>: FnOnce() -> Vec<Q> + Send {}

impl<Q, F: FnOnce() -> Vec<Q> + Send> Drain<Q> for F {}

/// Collects requests into batches. Clones share the queues.
pub(crate) struct Batcher<P: BatchProcessor>(Arc<Shared<P>>);

impl<P: BatchProcessor> Clone for Batcher<P> {
    fn clone(&self) -> Self {
        Batcher(self.0.clone())
    }
}

type Queues<P> =
    KeyedQueues<<P as BatchProcessor>::Key, <P as BatchProcessor>::Request, <P as BatchProcessor>::Response>;
type Senders<P> = Vec<oneshot::Sender<<P as BatchProcessor>::Response>>;

struct Shared<P: BatchProcessor> {
    processor: P,
    limits: BatchLimits,
    queues: Mutex<Queues<P>>,
    /// First come, first served, with one permit per batch: a busy key waits behind every other key that has
    /// requests.
    exclusive: Semaphore,
    combined: Semaphore,
    /// Batches run here, because an actix worker may end before the batches that it has started.
    runtime: Handle,
}

impl<P: BatchProcessor> Batcher<P> {
    /// Must be called in the runtime that lives as long as the program.
    pub fn new(processor: P, limits: BatchLimits) -> Batcher<P> {
        let queues = Mutex::new(KeyedQueues::new(limits.max_keys, limits.max_queue));
        let exclusive = Semaphore::new(limits.exclusive.get());
        let combined = Semaphore::new(limits.combined.get());
        Batcher(Arc::new(Shared {
            processor,
            limits,
            queues,
            exclusive,
            combined,
            runtime: Handle::current(),
        }))
    }

    /// For work that does not go through a queue.
    pub fn processor(&self) -> &P {
        &self.0.processor
    }

    /// Whether a request of the key waits or is being processed.
    pub fn is_open(&self, key: &P::Key) -> bool {
        self.0.queues().is_open(key)
    }

    /// Requests that wait for a batch.
    pub fn waiting(&self) -> usize {
        self.0.queues().waiting()
    }

    /// Keys whose requests wait or are being processed.
    pub fn open_keys(&self) -> usize {
        self.0.queues().len()
    }

    /// Waits for the batch that processes the request, and returns its response. If the future is dropped while the
    /// request waits, the request is cancelled; dropped later, the request is processed anyway.
    pub async fn submit(&self, key: P::Key, request: P::Request) -> Result<P::Response, RejectReason> {
        let (sender, mut receiver) = oneshot::channel();
        let guard = CancelGuard::default();
        let request = PendingRequest::new(request, guard.token(), sender);
        self.enqueue(key, request)?;
        match timeout(self.0.limits.max_wait, &mut receiver).await {
            Ok(response) => response.map_err(|_| {
                counted(if guard.cancel() { RejectReason::WaitedTooLong } else { RejectReason::Lost })
            }),
            Err(_) if guard.cancel() => Err(counted(RejectReason::WaitedTooLong)),
            Err(_) => receiver.await.map_err(|_| counted(RejectReason::Lost)),
        }
    }

    fn enqueue(
        &self,
        key: P::Key,
        request: PendingRequest<P::Request, P::Response>,
    ) -> Result<(), RejectReason> {
        let is_new = self.0.queues().push(&key, request).map_err(counted)?;
        if is_new {
            self.0.schedule(key);
        }
        Ok(())
    }
}

impl<P: BatchProcessor> Shared<P> {
    /// A panic in another thread cannot leave the queues half changed.
    fn queues(&self) -> MutexGuard<'_, Queues<P>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the processing of a key that has waiting requests and is not being processed.
    fn schedule(self: &Arc<Self>, key: P::Key) {
        if self.processor.can_combine(&key) {
            self.queues().enqueue_combined(key);
            self.runtime.spawn(run_combined(self.clone()));
        } else {
            self.runtime.spawn(run_exclusive(self.clone(), key));
        }
    }
}

/// A key that is being processed. When that ends, in whatever way, the next batch of the key is scheduled.
struct ActiveKey<P: BatchProcessor> {
    shared: Arc<Shared<P>>,
    key: P::Key,
}

impl<P: BatchProcessor> Drop for ActiveKey<P> {
    fn drop(&mut self) {
        let is_closed = self.shared.queues().close_if_empty(&self.key);
        if !is_closed {
            self.shared.schedule(self.key.clone());
        }
    }
}

/// Processes the keys that wait for a combined batch, as many as fit. An earlier call may have taken them all.
async fn run_combined<P: BatchProcessor>(shared: Arc<Shared<P>>) {
    let permit = shared.combined.acquire().await;
    let taken = shared.queues().take_combined(shared.limits.max_batch);
    let mut active = Vec::with_capacity(taken.len());
    let mut batches = Vec::with_capacity(taken.len());
    for (key, batch) in taken {
        let active_key = ActiveKey { shared: shared.clone(), key: key.clone() };
        // The batch is empty if all callers have cancelled.
        if let Some((requests, senders)) = start::<P>(batch) {
            active.push((active_key, senders));
            batches.push((key, requests));
        }
    }
    if batches.is_empty() {
        return;
    }
    metrics::offers_combined(batches.len());
    let results = shared.processor.process_combined(batches).await;
    drop(permit);
    for ((active_key, senders), result) in active.into_iter().zip(results) {
        match result {
            Ok(responses) => respond::<P>(senders, responses),
            Err(retry) => drop(shared.runtime.spawn(process_exclusive(active_key, retry, senders))),
        }
    }
}

/// Creates the [`ActiveKey`] within the task: when the runtime shuts down, it drops tasks that have not run, and then
/// nothing must be scheduled.
async fn run_exclusive<P: BatchProcessor>(shared: Arc<Shared<P>>, key: P::Key) {
    process_exclusive(ActiveKey { shared, key }, P::Retry::default(), Vec::new()).await;
}

/// `senders` belong to the requests of `retry`.
async fn process_exclusive<P: BatchProcessor>(
    active_key: ActiveKey<P>,
    retry: P::Retry,
    mut senders: Senders<P>,
) {
    let ActiveKey { shared, key } = &active_key;
    let _permit = shared.exclusive.acquire().await;
    let room = shared.limits.max_batch.saturating_sub(senders.len());
    let drain = || {
        let batch = shared.queues().take(key, room);
        let (requests, drained) = start::<P>(batch).unwrap_or_default();
        senders.extend(drained);
        requests
    };
    let responses = shared.processor.process_exclusive(key, retry, drain).await;
    respond::<P>(senders, responses);
}

/// Separates requests from the channels of their callers. `None` for an empty batch.
fn start<P: BatchProcessor>(
    batch: Vec<PendingRequest<P::Request, P::Response>>,
) -> Option<(Vec<P::Request>, Senders<P>)> {
    if batch.is_empty() {
        return None;
    }
    metrics::batch_started(batch.iter().map(|pending| pending.since.elapsed()));
    Some(batch.into_iter().map(|pending| (pending.request, pending.sender)).unzip())
}

fn respond<P: BatchProcessor>(senders: Senders<P>, responses: Vec<P::Response>) {
    for (sender, response) in senders.into_iter().zip(responses) {
        // Fails if the caller has gone. It gets the response when it retries.
        let _ = sender.send(response);
    }
}

fn counted(reason: RejectReason) -> RejectReason {
    metrics::request_rejected(reason);
    reason
}
