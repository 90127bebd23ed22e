//! Redemption lanes: requests for one offer that come while a batch of that offer is being committed wait
//! together and go as the next batch. No timer makes them wait: an offer at rest is served at once, and
//! batches form by themselves as soon as requests come faster than commits are done.
//!
//! A lane is a queue with a task that works it off; it exists while somebody waits in it. Lanes decide
//! nothing: the row lock does, so any number of processes on one database stay exact.

mod queue;

#[cfg(test)]
mod tests;

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use queue::{Claim, Queues, Ticket};

/// What is done with a batch of a lane.
pub(crate) trait Work: Send + Sync + 'static {
    type Lane: Clone + Eq + Hash + Send + Sync + 'static;
    type Request: Send + 'static;
    type Answer: Send + 'static;

    /// One answer a request, in their order.
    fn serve(
        &self,
        lane: &Self::Lane,
        batch: Vec<Self::Request>,
    ) -> impl Future<Output = Vec<Self::Answer>> + Send;
}

/// The bounds of the lanes.
#[derive(Debug, Clone, Copy)]
pub struct LaneLimits {
    /// Requests that wait in one lane.
    pub queue: usize,
    /// How long a request waits for its batch to begin.
    pub wait: Duration,
    /// Requests of one batch.
    pub batch: usize,
    /// Lanes whose batches are being done at the same time.
    pub at_work: NonZeroUsize,
}

impl LaneLimits {
    /// A queue that one hot offer works off within about a second on a small machine; the patience that
    /// there is for a connection; and a quarter of the connections kept for reads and edits.
    pub fn for_connections(connections: usize) -> LaneLimits {
        let at_work = NonZeroUsize::new(connections - connections.div_ceil(4)).unwrap_or(NonZeroUsize::MIN);
        LaneLimits { queue: 10_000, wait: Duration::from_secs(10), batch: 256, at_work }
    }
}

/// Why a request got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unserved {
    /// Nothing has happened: too many were waiting already.
    QueueFull,
    /// Nothing has happened: its batch did not begin in time.
    WaitedTooLong,
    /// Its batch had begun, and nobody is left to say what became of it.
    Lost,
}

/// The lanes of a process. Clones share them.
pub(crate) struct Lanes<W: Work>(Arc<Shared<W>>);

impl<W: Work> Clone for Lanes<W> {
    fn clone(&self) -> Self {
        Lanes(self.0.clone())
    }
}

struct Shared<W: Work> {
    work: W,
    limits: LaneLimits,
    queues: Mutex<Queues<W::Lane, W::Request, W::Answer>>,
    /// Handed out first come, first served, and given back after each batch: a lane that always has more
    /// to do stands in line behind every other that has something to do.
    slots: Semaphore,
    /// Where the lanes work. A web server's worker may end before the work it has begun.
    runtime: Handle,
}

impl<W: Work> Lanes<W> {
    /// Wants to be made in the runtime that lives as long as the program.
    pub fn new(work: W, limits: LaneLimits) -> Lanes<W> {
        let queues = Mutex::new(Queues::new(limits.queue));
        let slots = Semaphore::new(limits.at_work.get());
        Lanes(Arc::new(Shared { work, limits, queues, slots, runtime: Handle::current() }))
    }

    /// For what is done without waiting in a lane.
    pub fn work(&self) -> &W {
        &self.0.work
    }

    /// Lanes in which somebody waits or is being served.
    pub fn open(&self) -> usize {
        self.0.queues().len()
    }

    /// Waits in the lane and gives the answer of the batch. Dropped while it waits, the request is gone;
    /// dropped while its batch is being done, it counts.
    pub async fn ask(&self, lane: W::Lane, request: W::Request) -> Result<W::Answer, Unserved> {
        let (answer, mut answered) = oneshot::channel();
        let claim = Claim::default();
        let ticket = Ticket::new(request, claim.clone(), answer);
        // Whoever goes away withdraws by dropping this.
        let place = Place(claim);
        self.join(lane, ticket)?;
        match timeout(self.0.limits.wait, &mut answered).await {
            Ok(answer) => answer.map_err(|_| place.unserved()),
            Err(_) if place.0.take() => Err(counted(Unserved::WaitedTooLong)),
            Err(_) => answered.await.map_err(|_| Unserved::Lost),
        }
    }

    fn join(&self, lane: W::Lane, ticket: Ticket<W::Request, W::Answer>) -> Result<(), Unserved> {
        let mut queues = self.0.queues();
        let is_new = queues.push(&lane, ticket).map_err(|_| counted(Unserved::QueueFull))?;
        if is_new {
            drop(queues);
            self.0.runtime.spawn(work_off(self.0.clone(), lane));
        }
        Ok(())
    }
}

/// The caller's end of a ticket.
struct Place(Claim);

impl Place {
    fn unserved(&self) -> Unserved {
        if self.0.take() { counted(Unserved::WaitedTooLong) } else { Unserved::Lost }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.take();
    }
}

impl<W: Work> Shared<W> {
    /// A panic of another thread leaves the queues as they were before or after a step, never within one.
    fn queues(&self) -> MutexGuard<'_, Queues<W::Lane, W::Request, W::Answer>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lane with a task that works it off. Closed when the task ends, however that comes about: a lane
/// without a task would keep its callers waiting for ever.
struct OpenLane<W: Work> {
    shared: Arc<Shared<W>>,
    lane: W::Lane,
    /// Then the name may belong to a lane of somebody else's already.
    is_closed: bool,
}

impl<W: Work> OpenLane<W> {
    /// Closes the lane if nobody waits in it any more.
    fn is_done(&mut self) -> bool {
        self.is_closed = self.shared.queues().close_if_empty(&self.lane);
        self.is_closed
    }
}

impl<W: Work> Drop for OpenLane<W> {
    fn drop(&mut self) {
        if !self.is_closed {
            self.shared.queues().close(&self.lane);
        }
    }
}

async fn work_off<W: Work>(shared: Arc<Shared<W>>, lane: W::Lane) {
    let mut lane = OpenLane { shared, lane, is_closed: false };
    while !lane.is_done() {
        // Taken behind the slot, so that whoever comes while the lane stands in line goes along.
        let slot = lane.shared.slots.acquire().await;
        let batch = lane.shared.queues().next(&lane.lane, lane.shared.limits.batch);
        serve(&lane.shared, &lane.lane, batch).await;
        drop(slot);
    }
}

async fn serve<W: Work>(shared: &Shared<W>, lane: &W::Lane, batch: Vec<Ticket<W::Request, W::Answer>>) {
    if batch.is_empty() {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
    metrics::histogram!("offercast_lane_batch_size").record(batch.len() as f64);
    let waited = metrics::histogram!("offercast_lane_wait_seconds");
    let mut requests = Vec::with_capacity(batch.len());
    let mut callers = Vec::with_capacity(batch.len());
    for ticket in batch {
        waited.record(ticket.since.elapsed().as_secs_f64());
        requests.push(ticket.request);
        callers.push(ticket.answer);
    }
    let answers = shared.work.serve(lane, requests).await;
    for (caller, answer) in callers.into_iter().zip(answers) {
        // One that went away in the meantime hears of it when it asks again.
        let _ = caller.send(answer);
    }
}

fn counted(unserved: Unserved) -> Unserved {
    let reason = match unserved {
        Unserved::QueueFull => "queue_full",
        Unserved::WaitedTooLong => "waited_too_long",
        Unserved::Lost => "lost",
    };
    metrics::counter!("offercast_lane_unserved_total", "reason" => reason).increment(1);
    unserved
}
