use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::*;

/// Work that shows each batch and waits until it is told to go on; the answer is the request. Lanes with a capital go
/// along.
struct Bench {
    begun: mpsc::UnboundedSender<Batch>,
    left: mpsc::UnboundedSender<Trip>,
}

struct Batch {
    lane: &'static str,
    requests: Vec<u32>,
    go_on: oneshot::Sender<()>,
}

struct Trip {
    batches: Vec<(&'static str, Vec<u32>)>,
    /// With the lanes that are left behind.
    go_on: oneshot::Sender<&'static [&'static str]>,
}

/// The request at which the work breaks down.
const POISON: u32 = 666;

impl Work for Bench {
    type Lane = &'static str;
    type Request = u32;
    type Answer = u32;
    type Rest = Vec<u32>;

    fn goes_along(&self, lane: &&'static str) -> bool {
        lane.starts_with(char::is_uppercase)
    }

    async fn together(&self, batches: Vec<(&'static str, Vec<u32>)>) -> Vec<Result<Vec<u32>, Vec<u32>>> {
        let (go_on, wait) = oneshot::channel();
        self.left.send(Trip { batches: batches.clone(), go_on }).unwrap();
        let left_behind = wait.await.unwrap();
        let done = |(lane, batch)| if left_behind.contains(&lane) { Err(batch) } else { Ok(batch) };
        batches.into_iter().map(done).collect()
    }

    async fn alone(&self, lane: &&'static str, rest: Vec<u32>, others: impl Board<u32>) -> Vec<u32> {
        let batch = [rest, others()].concat();
        if batch.is_empty() {
            return batch;
        }
        let (go_on, wait) = oneshot::channel();
        self.begun.send(Batch { lane, requests: batch.clone(), go_on }).unwrap();
        wait.await.unwrap();
        assert!(!batch.contains(&POISON), "this is how the work breaks down");
        batch
    }
}

struct Hall {
    lanes: Lanes<Bench>,
    begun: AsyncMutex<mpsc::UnboundedReceiver<Batch>>,
    left: AsyncMutex<mpsc::UnboundedReceiver<Trip>>,
}

type Caller = JoinHandle<Result<u32, Unserved>>;

impl Hall {
    fn new(limits: LaneLimits) -> Hall {
        let (begun, batches) = mpsc::unbounded_channel();
        let (left, trips) = mpsc::unbounded_channel();
        let lanes = Lanes::new(Bench { begun, left }, limits);
        Hall { lanes, begun: AsyncMutex::new(batches), left: AsyncMutex::new(trips) }
    }

    async fn trip(&self) -> Trip {
        self.left.lock().await.recv().await.unwrap()
    }

    async fn batch(&self) -> Batch {
        self.begun.lock().await.recv().await.unwrap()
    }

    /// Comes back once the request waits in its lane (or was turned away).
    async fn call(&self, lane: &'static str, request: u32) -> Caller {
        let lanes = self.lanes.clone();
        let caller = tokio::spawn(async move { lanes.ask(lane, request).await });
        tokio::task::yield_now().await;
        caller
    }

    /// Lets the tasks run until nothing moves any more. The runtime has one thread.
    async fn settle(&self) {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
}

fn limits() -> LaneLimits {
    let one = NonZeroUsize::MIN;
    LaneLimits { lanes: 100, queue: 100, wait: Duration::from_secs(10), batch: 10, trips: one, at_work: one }
}

fn done(batch: Batch) -> Vec<u32> {
    batch.go_on.send(()).unwrap();
    batch.requests
}

#[tokio::test]
async fn an_idle_lane_serves_at_once_and_a_batch_forms_behind_it() {
    let hall = Hall::new(limits());
    let first = hall.call("a", 1).await;
    let alone = hall.batch().await;
    let others = [hall.call("a", 2).await, hall.call("a", 3).await, hall.call("a", 4).await];
    assert_eq!(done(alone), [1]);
    assert_eq!(done(hall.batch().await), [2, 3, 4]);
    assert_eq!(first.await.unwrap(), Ok(1));
    for (caller, request) in others.into_iter().zip(2..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
    hall.settle().await;
    assert_eq!(hall.lanes.open(), 0);
}

#[tokio::test]
async fn a_batch_is_bounded_and_the_rest_goes_in_order() {
    let hall = Hall::new(LaneLimits { batch: 2, ..limits() });
    let mut callers = vec![hall.call("a", 0).await];
    let first = hall.batch().await;
    for n in 1..=5 {
        callers.push(hall.call("a", n).await);
    }
    assert_eq!(done(first), [0]);
    for expected in [&[1, 2][..], &[3, 4], &[5]] {
        assert_eq!(done(hall.batch().await), expected);
    }
    for (caller, request) in callers.into_iter().zip(0..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
}

#[tokio::test]
async fn a_hot_lane_lets_every_other_go_first_after_each_batch() {
    let hall = Hall::new(LaneLimits { batch: 1, ..limits() });
    let mut callers = Vec::new();
    for n in 0..4 {
        callers.push(hall.call("hot", n).await);
    }
    callers.push(hall.call("b", 10).await);
    callers.push(hall.call("c", 20).await);
    let mut order = Vec::new();
    for _ in 0..callers.len() {
        let batch = hall.batch().await;
        order.push(batch.lane);
        done(batch);
    }
    assert_eq!(order, ["hot", "b", "c", "hot", "hot", "hot"]);
}

#[tokio::test]
async fn only_so_many_lanes_work_at_once() {
    let hall = Hall::new(LaneLimits { at_work: NonZeroUsize::new(2).unwrap(), ..limits() });
    let lanes = ["a", "b", "c", "d", "e"];
    let mut callers = Vec::new();
    for lane in lanes {
        callers.push(hall.call(lane, 1).await);
    }
    hall.settle().await;
    let mut at_work = HashMap::new();
    let mut begun = hall.begun.lock().await;
    while let Ok(batch) = begun.try_recv() {
        at_work.insert(batch.lane, batch);
    }
    assert_eq!(at_work.len(), 2);
    assert!(at_work.contains_key("a") && at_work.contains_key("b"));
}

#[tokio::test]
async fn a_full_lane_says_so_at_once() {
    let hall = Hall::new(LaneLimits { queue: 2, ..limits() });
    let first = hall.call("a", 1).await;
    let batch = hall.batch().await;
    let waiting = [hall.call("a", 2).await, hall.call("a", 3).await];
    assert_eq!(hall.lanes.ask("a", 4).await, Err(Unserved::QueueFull));
    done(batch);
    assert_eq!(done(hall.batch().await), [2, 3]);
    assert_eq!(first.await.unwrap(), Ok(1));
    for (caller, request) in waiting.into_iter().zip(2..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
}

#[tokio::test]
async fn who_waits_too_long_is_told_and_not_served_afterwards() {
    let hall = Hall::new(LaneLimits { wait: Duration::from_millis(100), ..limits() });
    let first = hall.call("a", 1).await;
    let batch = hall.batch().await;
    assert_eq!(hall.lanes.ask("a", 2).await, Err(Unserved::WaitedTooLong));
    // One whose batch has begun is not told that nothing happened, however long it takes.
    assert_eq!(done(batch), [1]);
    assert_eq!(first.await.unwrap(), Ok(1));
    hall.settle().await;
    assert!(hall.begun.lock().await.try_recv().is_err());
    assert_eq!(hall.lanes.open(), 0);
}

#[tokio::test]
async fn who_goes_away_before_the_batch_is_not_in_it_and_who_goes_during_it_is() {
    let hall = Hall::new(limits());
    let first = hall.call("a", 1).await;
    let batch = hall.batch().await;
    let (gone, stays) = (hall.call("a", 2).await, hall.call("a", 3).await);
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    first.abort();
    assert_eq!(done(batch), [1]);
    assert_eq!(done(hall.batch().await), [3]);
    assert_eq!(stays.await.unwrap(), Ok(3));
    hall.settle().await;
    assert_eq!(hall.lanes.open(), 0);
}

#[tokio::test]
async fn work_that_breaks_down_leaves_nobody_waiting() {
    let hall = Hall::new(limits());
    let poison = hall.call("a", POISON).await;
    let batch = hall.batch().await;
    let behind = hall.call("a", 2).await;
    done(batch);
    // What became of the first is not known.
    assert_eq!(poison.await.unwrap(), Err(Unserved::Lost));
    assert_eq!(done(hall.batch().await), [2]);
    assert_eq!(behind.await.unwrap(), Ok(2));
    hall.settle().await;
    assert_eq!(hall.lanes.open(), 0);
}

#[tokio::test]
async fn lanes_that_are_ready_together_go_together() {
    let hall = Hall::new(limits());
    let mut callers = vec![hall.call("A", 1).await];
    let first = hall.trip().await;
    assert_eq!(first.batches, [("A", vec![1])]);
    for (lane, request) in [("A", 2), ("B", 3), ("A", 4), ("C", 5)] {
        callers.push(hall.call(lane, request).await);
    }
    first.go_on.send(&[]).unwrap();
    // The lane that has been served stands behind those that have waited.
    let second = hall.trip().await;
    assert_eq!(second.batches, [("B", vec![3]), ("C", vec![5]), ("A", vec![2, 4])]);
    second.go_on.send(&[]).unwrap();
    for (caller, request) in callers.into_iter().zip(1..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
    hall.settle().await;
    assert_eq!(hall.lanes.open(), 0);
}

#[tokio::test]
async fn who_is_left_behind_by_a_trip_is_served_alone_and_holds_up_no_other() {
    let hall = Hall::new(limits());
    let first = hall.call("A", 1).await;
    let trip = hall.trip().await;
    let others = [hall.call("B", 2).await, hall.call("C", 3).await];
    trip.go_on.send(&[]).unwrap();
    hall.trip().await.go_on.send(&["B"]).unwrap();
    let alone = hall.batch().await;
    assert_eq!((alone.lane, &*alone.requests), ("B", &[2][..]));
    // Whoever comes now waits for that batch, and the other lanes do not.
    let behind = hall.call("B", 4).await;
    let passing = hall.call("C", 5).await;
    let third = hall.trip().await;
    assert_eq!(third.batches, [("C", vec![5])]);
    third.go_on.send(&[]).unwrap();
    assert_eq!(passing.await.unwrap(), Ok(5));
    done(alone);
    hall.trip().await.go_on.send(&[]).unwrap();
    assert_eq!((first.await.unwrap(), behind.await.unwrap()), (Ok(1), Ok(4)));
    for (caller, request) in others.into_iter().zip(2..) {
        assert_eq!(caller.await.unwrap(), Ok(request));
    }
}
