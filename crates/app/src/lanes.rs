//! Redemption lanes: requests for one offer that come while a batch of that offer is being committed wait
//! together and go as the next batch. No timer makes them wait: an offer at rest is served at once, and
//! batches form by themselves as soon as requests come faster than commits are done. Lanes that are ready at
//! the same time go on one trip: their batches are written together, so that a commit is shared by offers too.
//!
//! A lane is a queue; it exists while somebody waits in it or is being served. Lanes decide nothing: the row
//! of the offer does, so any number of processes on one database stay exact.

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

/// What is done with the batches of lanes.
pub(crate) trait Work: Send + Sync + 'static {
    type Lane: Clone + Eq + Hash + Send + Sync + 'static;
    type Request: Send + 'static;
    type Answer: Send + 'static;
    /// A batch that is to be done by itself, with what is known of it. The default is of nobody.
    type Rest: Default + Send + 'static;

    /// Whether the next batch of the lane is likely to go together with those of others.
    fn goes_along(&self, lane: &Self::Lane) -> bool;

    /// Does batches of different lanes in one go. In their order: the answers, one a request in their order; or
    /// what has to be done by itself after all.
    fn together(
        &self,
        batches: Vec<(Self::Lane, Vec<Self::Request>)>,
    ) -> impl Future<Output = Vec<Result<Vec<Self::Answer>, Self::Rest>>> + Send;

    /// Does the batch of one lane, for as long as that takes: what is left of a trip, and behind that whoever waits
    /// in the lane when the work is ready to begin. Nobody has to be taken along by a rest; where there is none, they are
    /// boarded also if the work cannot begin, and told so.
    fn alone(
        &self,
        lane: &Self::Lane,
        rest: Self::Rest,
        others: impl Board<Self::Request>,
    ) -> impl Future<Output = Vec<Self::Answer>> + Send;
}

/// Takes those along who wait in a lane. From then on they count.
pub(crate) trait Board<Q>: FnOnce() -> Vec<Q> + Send {}

impl<Q, F: FnOnce() -> Vec<Q> + Send> Board<Q> for F {}

/// The bounds of the lanes.
#[derive(Debug, Clone, Copy)]
pub struct LaneLimits {
    /// Lanes that are open at the same time.
    pub lanes: usize,
    /// Requests that wait in one lane.
    pub queue: usize,
    /// How long a request waits for its batch to begin.
    pub wait: Duration,
    /// Requests of one batch, and of all batches of one trip.
    pub batch: usize,
    /// Trips that are under way at the same time.
    pub trips: NonZeroUsize,
    /// Lanes whose batches are being done by themselves at the same time.
    pub at_work: NonZeroUsize,
}

impl LaneLimits {
    /// A queue that one hot offer works off within about a second on a small machine; the patience that
    /// there is for a connection; few trips, so that much goes with each; and a quarter of the connections
    /// kept for reads and edits.
    pub fn for_connections(connections: usize) -> LaneLimits {
        let at_least_one = |n| NonZeroUsize::new(n).unwrap_or(NonZeroUsize::MIN);
        let ours = connections - connections.div_ceil(4);
        let trips = at_least_one((ours / 2).min(MOST_TRIPS));
        let at_work = at_least_one(ours.saturating_sub(trips.get()));
        LaneLimits { lanes: 10_000, queue: 10_000, wait: Duration::from_secs(10), batch: 256, trips, at_work }
    }
}

/// One is written while the next is decided; more of them at once would each carry less.
const MOST_TRIPS: usize = 2;

/// Why a request got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unserved {
    /// Nothing has happened: too many lanes were open already.
    TooManyLanes,
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
    trips: Semaphore,
    /// Where the lanes work. A web server's worker may end before the work it has begun.
    runtime: Handle,
}

impl<W: Work> Lanes<W> {
    /// Wants to be made in the runtime that lives as long as the program.
    pub fn new(work: W, limits: LaneLimits) -> Lanes<W> {
        let queues = Mutex::new(Queues::new(limits.lanes, limits.queue));
        let slots = Semaphore::new(limits.at_work.get());
        let trips = Semaphore::new(limits.trips.get());
        Lanes(Arc::new(Shared { work, limits, queues, slots, trips, runtime: Handle::current() }))
    }

    /// For what is done without waiting in a lane.
    pub fn work(&self) -> &W {
        &self.0.work
    }

    /// Whether somebody waits in the lane or is being served.
    pub fn is_open(&self, lane: &W::Lane) -> bool {
        self.0.queues().is_open(lane)
    }

    /// Requests that wait for a batch.
    pub fn waiting(&self) -> usize {
        self.0.queues().waiting()
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
        let is_new = self.0.queues().push(&lane, ticket).map_err(counted)?;
        if is_new {
            self.0.send_off(lane);
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

    /// Sees to it that a lane is served in which somebody waits and which is not being served.
    fn send_off(self: &Arc<Self>, lane: W::Lane) {
        if self.work.goes_along(&lane) {
            self.queues().line_up(lane);
            self.runtime.spawn(travel(self.clone()));
        } else {
            self.runtime.spawn(go_alone(self.clone(), lane));
        }
    }
}

/// A lane that is being served. However that ends, whoever waits in it then is served next.
struct AtWork<W: Work> {
    shared: Arc<Shared<W>>,
    lane: W::Lane,
}

impl<W: Work> Drop for AtWork<W> {
    fn drop(&mut self) {
        let is_closed = self.shared.queues().close_if_empty(&self.lane);
        if !is_closed {
            self.shared.send_off(self.lane.clone());
        }
    }
}

type Callers<W> = Vec<oneshot::Sender<<W as Work>::Answer>>;

/// Serves lanes that stand in line, as many as go on one trip. One that went with an earlier trip is gone.
async fn travel<W: Work>(shared: Arc<Shared<W>>) {
    let slot = shared.trips.acquire().await;
    let boarded = shared.queues().next_trip(shared.limits.batch);
    let mut lanes = Vec::with_capacity(boarded.len());
    let mut batches = Vec::with_capacity(boarded.len());
    for (lane, batch) in boarded {
        let at_work = AtWork { shared: shared.clone(), lane: lane.clone() };
        // Of a lane that everybody has left, there is nothing to serve.
        if let Some((requests, callers)) = begin::<W>(batch) {
            lanes.push((at_work, callers));
            batches.push((lane, requests));
        }
    }
    if batches.is_empty() {
        return;
    }
    observe("offercast_lane_trip_offers", batches.len());
    let served = shared.work.together(batches).await;
    drop(slot);
    for ((at_work, callers), done) in lanes.into_iter().zip(served) {
        match done {
            Ok(answers) => answer::<W>(callers, answers),
            Err(rest) => drop(shared.runtime.spawn(serve_alone(at_work, rest, callers))),
        }
    }
}

/// At work only once the task runs: a runtime that ends drops it instead, and nobody is to be sent off then.
async fn go_alone<W: Work>(shared: Arc<Shared<W>>, lane: W::Lane) {
    serve_alone(AtWork { shared, lane }, W::Rest::default(), Vec::new()).await;
}

/// `callers` are those of the rest.
async fn serve_alone<W: Work>(at_work: AtWork<W>, rest: W::Rest, mut callers: Callers<W>) {
    let AtWork { shared, lane } = &at_work;
    let _slot = shared.slots.acquire().await;
    let room = shared.limits.batch.saturating_sub(callers.len());
    let others = || {
        let batch = shared.queues().next(lane, room);
        let (requests, others) = begin::<W>(batch).unwrap_or_default();
        callers.extend(others);
        requests
    };
    let answers = shared.work.alone(lane, rest, others).await;
    answer::<W>(callers, answers);
}

/// None if nobody is in the batch.
fn begin<W: Work>(batch: Vec<Ticket<W::Request, W::Answer>>) -> Option<(Vec<W::Request>, Callers<W>)> {
    if batch.is_empty() {
        return None;
    }
    observe("offercast_lane_batch_size", batch.len());
    let waited = metrics::histogram!("offercast_lane_wait_seconds");
    let apart = |ticket: Ticket<W::Request, W::Answer>| {
        waited.record(ticket.since.elapsed().as_secs_f64());
        (ticket.request, ticket.answer)
    };
    Some(batch.into_iter().map(apart).unzip())
}

fn answer<W: Work>(callers: Callers<W>, answers: Vec<W::Answer>) {
    for (caller, answer) in callers.into_iter().zip(answers) {
        // One that went away in the meantime hears of it when it asks again.
        let _ = caller.send(answer);
    }
}

#[expect(clippy::cast_precision_loss, reason = "batches are small")]
fn observe(name: &'static str, size: usize) {
    metrics::histogram!(name).record(size as f64);
}

fn counted(unserved: Unserved) -> Unserved {
    let reason = match unserved {
        Unserved::TooManyLanes => "too_many_offers",
        Unserved::QueueFull => "queue_full",
        Unserved::WaitedTooLong => "waited_too_long",
        Unserved::Lost => "lost",
    };
    metrics::counter!("offercast_lane_unserved_total", "reason" => reason).increment(1);
    unserved
}
