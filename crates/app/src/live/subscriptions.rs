use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use super::LiveView;
use super::intervals::{MAX_INTERVAL, MIN_INTERVAL};

type Update = Option<Arc<LiveView>>;

/// The offers that have subscribers, their last states, and when each is read next.
#[derive(Default)]
pub struct Subscriptions {
    topics: HashMap<i64, Topic>,
    /// Whether a task publishes updates.
    is_published: bool,
}

/// An offer with subscribers.
struct Topic {
    updates: watch::Sender<Update>,
    due: Instant,
    /// When the last read started.
    read_at: Option<Instant>,
}

impl Topic {
    fn make_due_by(&mut self, at: Instant) {
        self.due = self.due.min(at);
    }
}

impl Subscriptions {
    /// Subscribes to an offer; the receiver starts with its last state. Also returns whether the caller must start the
    /// task that publishes updates.
    pub fn subscribe(&mut self, offer_id: i64, now: Instant) -> (watch::Receiver<Update>, bool) {
        let topic = self.topics.entry(offer_id).or_insert_with(|| Topic {
            updates: watch::Sender::new(None),
            due: now,
            read_at: None,
        });
        let mut updates = topic.updates.subscribe();
        updates.mark_changed();
        let is_first = !self.is_published;
        self.is_published = true;
        (updates, is_first)
    }

    /// Makes these offers due, not before the minimum interval.
    pub fn mark_changed(&mut self, offer_ids: &[i64]) {
        for id in offer_ids {
            if let Some(topic) = self.topics.get_mut(id)
                && let Some(read_at) = topic.read_at
            {
                topic.make_due_by(read_at + MIN_INTERVAL);
            }
        }
    }

    pub fn mark_all_changed(&mut self) {
        let all: Vec<i64> = self.topics.keys().copied().collect();
        self.mark_changed(&all);
    }

    /// When the next offer is due. `None` without subscribers: then the publishing task must end.
    pub fn next_due(&mut self) -> Option<Instant> {
        self.topics.retain(|_, topic| topic.updates.receiver_count() > 0);
        let due = self.topics.values().map(|topic| topic.due).min();
        self.is_published = due.is_some();
        due
    }

    /// The offers to read now. A change after this call makes them due again.
    pub fn take_due(&mut self, now: Instant) -> Vec<i64> {
        let due = self.topics.iter_mut().filter(|(_, topic)| topic.due <= now);
        due.map(|(id, topic)| {
            (topic.read_at, topic.due) = (Some(now), now + MAX_INTERVAL);
            *id
        })
        .collect()
    }

    /// Publishes the states of these offers. Offers without a state were deleted.
    pub fn publish(&mut self, offer_ids: &[i64], views: Vec<LiveView>) {
        let mut deleted: HashSet<i64> = offer_ids.iter().copied().collect();
        for view in views {
            let id = view.offer.stored.offer.id;
            deleted.remove(&id);
            let Some(topic) = self.topics.get(&id) else { continue };
            topic.updates.send_if_modified(|last| {
                let is_new = !last.as_ref().is_some_and(|last| view.shows_the_same_as(last));
                if is_new {
                    *last = Some(Arc::new(view));
                }
                is_new
            });
        }
        // Dropping the sender ends the subscriptions.
        self.topics.retain(|id, _| !deleted.contains(id));
    }
}

#[cfg(test)]
mod tests;
