//! Who waits where. Nothing here waits itself.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::sync::oneshot;

use super::Unserved;

/// A request belongs to its caller until the lane takes it into a batch. Whoever takes the claim first has
/// it: the lane, and the request is done; or the caller, and it is not.
#[derive(Clone, Default)]
pub(super) struct Claim(Arc<AtomicBool>);

impl Claim {
    /// True for the first who takes it.
    pub fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }

    fn is_taken(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A request that waits.
pub(super) struct Ticket<Q, A> {
    pub request: Q,
    pub answer: oneshot::Sender<A>,
    pub since: Instant,
    claim: Claim,
}

impl<Q, A> Ticket<Q, A> {
    pub fn new(request: Q, claim: Claim, answer: oneshot::Sender<A>) -> Ticket<Q, A> {
        Ticket { request, answer, since: Instant::now(), claim }
    }
}

/// The lanes that are open, each with the tickets that wait in it, in order of arrival.
pub(super) struct Queues<L, Q, A> {
    lanes: HashMap<L, VecDeque<Ticket<Q, A>>>,
    /// Open lanes that stand in line for a trip.
    line: VecDeque<L>,
    max_lanes: usize,
    /// Tickets of one lane.
    most: usize,
}

impl<L: Clone + Eq + Hash, Q, A> Queues<L, Q, A> {
    pub fn new(max_lanes: usize, most: usize) -> Queues<L, Q, A> {
        Queues { lanes: HashMap::new(), line: VecDeque::new(), max_lanes, most }
    }

    pub fn is_open(&self, lane: &L) -> bool {
        self.lanes.contains_key(lane)
    }

    /// Tickets of all lanes.
    pub fn waiting(&self) -> usize {
        self.lanes.values().map(VecDeque::len).sum()
    }

    /// Lanes that are open.
    pub fn len(&self) -> usize {
        self.lanes.len()
    }

    /// True if the ticket has opened the lane, which then wants somebody to serve it.
    pub fn push(&mut self, lane: &L, ticket: Ticket<Q, A>) -> Result<bool, Unserved> {
        let is_crowded = self.lanes.len() >= self.max_lanes;
        match self.lanes.entry(lane.clone()) {
            Entry::Vacant(_) if is_crowded => Err(Unserved::TooManyLanes),
            Entry::Vacant(entry) => {
                entry.insert(VecDeque::from([ticket]));
                Ok(true)
            }
            Entry::Occupied(mut entry) => {
                let queue = entry.get_mut();
                if queue.len() >= self.most {
                    // Those who have gone away keep nobody out.
                    queue.retain(|ticket| !ticket.claim.is_taken());
                }
                if queue.len() >= self.most {
                    return Err(Unserved::QueueFull);
                }
                queue.push_back(ticket);
                Ok(false)
            }
        }
    }

    /// The next batch: the first tickets whose callers are still there. From here on they count.
    pub fn next(&mut self, lane: &L, most: usize) -> Vec<Ticket<Q, A>> {
        let Some(queue) = self.lanes.get_mut(lane) else { return Vec::new() };
        let mut batch = Vec::with_capacity(most.min(queue.len()));
        while batch.len() < most {
            let Some(ticket) = queue.pop_front() else { break };
            if ticket.claim.take() {
                batch.push(ticket);
            }
        }
        batch
    }

    /// The lane stands in line for the next trip.
    pub fn line_up(&mut self, lane: L) {
        self.line.push_back(lane);
    }

    /// The next batches of the lanes that are first in line, together at most so many tickets. A lane that does
    /// not fit in whole goes first with the next trip.
    pub fn next_trip(&mut self, most: usize) -> Vec<(L, Vec<Ticket<Q, A>>)> {
        let mut trip = Vec::new();
        let mut left = most;
        while let Some(lane) = self.line.front() {
            let waiting = self.lanes.get(lane).map_or(0, VecDeque::len);
            if waiting > left && !trip.is_empty() {
                break;
            }
            let Some(lane) = self.line.pop_front() else { break };
            let batch = self.next(&lane, most);
            left = left.saturating_sub(batch.len());
            trip.push((lane, batch));
        }
        trip
    }

    /// True if nobody waited and the lane is closed now.
    pub fn close_if_empty(&mut self, lane: &L) -> bool {
        let is_empty = self.lanes.get(lane).is_none_or(VecDeque::is_empty);
        if is_empty {
            self.lanes.remove(lane);
        }
        is_empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type TestQueues = Queues<&'static str, u32, ()>;

    /// The claim is the caller's; the answer is of no interest here.
    fn push(queues: &mut TestQueues, lane: &'static str, request: u32) -> (Result<bool, Unserved>, Claim) {
        let claim = Claim::default();
        let ticket = Ticket::new(request, claim.clone(), oneshot::channel().0);
        (queues.push(&lane, ticket), claim)
    }

    fn next(queues: &mut TestQueues, lane: &'static str, most: usize) -> Vec<u32> {
        queues.next(&lane, most).iter().map(|ticket| ticket.request).collect()
    }

    #[test]
    fn the_first_opens_a_lane_and_the_last_closes_it() {
        let mut queues = TestQueues::new(10, 10);
        assert_eq!(push(&mut queues, "a", 1).0, Ok(true));
        assert_eq!(push(&mut queues, "a", 2).0, Ok(false));
        assert_eq!(push(&mut queues, "b", 3).0, Ok(true));
        assert_eq!(next(&mut queues, "a", 10), [1, 2]);
        // Its batch is being done: whoever comes now still finds the lane open.
        assert_eq!(push(&mut queues, "a", 4).0, Ok(false));
        assert!(!queues.close_if_empty(&"a"));
        assert_eq!(next(&mut queues, "a", 10), [4]);
        assert!(queues.close_if_empty(&"a"));
        assert_eq!(queues.len(), 1);
        assert_eq!(push(&mut queues, "a", 5).0, Ok(true));
    }

    #[test]
    fn a_batch_is_taken_from_the_front_and_has_its_size() {
        let mut queues = TestQueues::new(10, 10);
        (1..=5).for_each(|n| drop(push(&mut queues, "a", n)));
        assert_eq!(next(&mut queues, "a", 2), [1, 2]);
        assert_eq!(next(&mut queues, "a", 2), [3, 4]);
        assert_eq!(next(&mut queues, "a", 2), [5]);
        assert!(next(&mut queues, "a", 2).is_empty());
    }

    #[test]
    fn lanes_in_line_go_together_as_far_as_they_fit() {
        let mut queues = TestQueues::new(10, 10);
        for (lane, requests) in [("a", 1..3), ("b", 3..4), ("c", 4..7), ("d", 7..8)] {
            requests.for_each(|n| drop(push(&mut queues, lane, n)));
            queues.line_up(lane);
        }
        let mut trip = || {
            let trip = queues.next_trip(4).into_iter();
            trip.map(|(lane, batch)| (lane, batch.len())).collect::<Vec<_>>()
        };
        assert_eq!(trip(), [("a", 2), ("b", 1)]);
        assert_eq!(trip(), [("c", 3), ("d", 1)]);
        assert_eq!(trip(), []);
    }

    #[test]
    fn who_has_withdrawn_is_in_no_batch_and_who_is_in_one_cannot_withdraw() {
        let mut queues = TestQueues::new(10, 10);
        let claims: Vec<Claim> = (1..=4).map(|n| push(&mut queues, "a", n).1).collect();
        assert!(claims[1].take());
        assert_eq!(next(&mut queues, "a", 2), [1, 3]);
        assert!(!claims[0].take());
        assert!(claims[3].take());
        assert!(next(&mut queues, "a", 2).is_empty());
        assert!(queues.close_if_empty(&"a"));
    }

    #[test]
    fn only_so_many_lanes_are_open() {
        let mut queues = TestQueues::new(2, 10);
        assert_eq!(push(&mut queues, "a", 1).0, Ok(true));
        assert_eq!(push(&mut queues, "b", 2).0, Ok(true));
        assert_eq!(push(&mut queues, "c", 3).0, Err(Unserved::TooManyLanes));
        assert_eq!(push(&mut queues, "a", 4).0, Ok(false));
        assert_eq!(next(&mut queues, "a", 10), [1, 4]);
        assert!(queues.close_if_empty(&"a"));
        assert_eq!(push(&mut queues, "c", 5).0, Ok(true));
    }

    #[test]
    fn a_full_lane_turns_away_and_those_who_left_keep_nobody_out() {
        let mut queues = TestQueues::new(10, 2);
        let (_, first) = push(&mut queues, "a", 1);
        assert_eq!(push(&mut queues, "a", 2).0, Ok(false));
        assert_eq!(push(&mut queues, "a", 3).0, Err(Unserved::QueueFull));
        assert_eq!(push(&mut queues, "b", 4).0, Ok(true));
        assert!(first.take());
        assert_eq!(push(&mut queues, "a", 5).0, Ok(false));
        assert_eq!(next(&mut queues, "a", 10), [2, 5]);
    }
}
