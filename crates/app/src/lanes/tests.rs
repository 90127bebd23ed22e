use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::*;

/// Work that shows each batch and waits until it is told to go on; the answer is the request.
struct Bench {
    begun: mpsc::UnboundedSender<Batch>,
}

struct Batch {
    lane: &'static str,
    requests: Vec<u32>,
    go_on: oneshot::Sender<()>,
}

/// The request at which the work breaks down.
const POISON: u32 = 666;

impl Work for Bench {
    type Lane = &'static str;
    type Request = u32;
    type Answer = u32;

    async fn serve(&self, lane: &&'static str, batch: Vec<u32>) -> Vec<u32> {
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
}

type Caller = JoinHandle<Result<u32, Unserved>>;

impl Hall {
    fn new(limits: LaneLimits) -> Hall {
        let (begun, receiver) = mpsc::unbounded_channel();
        Hall { lanes: Lanes::new(Bench { begun }, limits), begun: AsyncMutex::new(receiver) }
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
    LaneLimits { queue: 100, wait: Duration::from_secs(10), batch: 10, at_work: NonZeroUsize::MIN }
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
    // What became of the first is not known; the second was never begun.
    assert_eq!(poison.await.unwrap(), Err(Unserved::Lost));
    assert_eq!(behind.await.unwrap(), Err(Unserved::WaitedTooLong));
    let next = hall.call("a", 3).await;
    assert_eq!(done(hall.batch().await), [3]);
    assert_eq!(next.await.unwrap(), Ok(3));
}
