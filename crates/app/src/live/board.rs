use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::LiveView;

/// How often an offer that changes is read at most: what eyes can follow.
const PACE: Duration = Duration::from_secs(1);
/// How often one is read that nothing was heard of. Its day may have begun, its state may have changed by the
/// calendar alone, or what was told may have been lost.
const REST: Duration = Duration::from_secs(15);

type Update = Option<Arc<LiveView>>;

/// Which offers are watched, what was last seen of each, and when each is to be read again.
#[derive(Default)]
pub struct Board {
    offers: HashMap<i64, Seat>,
    /// Whether somebody reads what is due.
    is_served: bool,
}

struct Seat {
    updates: watch::Sender<Update>,
    due: Instant,
    /// When it was last read, or begun to be.
    read_at: Option<Instant>,
}

impl Seat {
    fn hasten(&mut self, at: Instant) {
        self.due = self.due.min(at);
    }
}

impl Board {
    /// A place before an offer, with what was last seen of it; and whether it is for the caller to see that
    /// the board is served from now on.
    pub fn join(&mut self, offer_id: i64, now: Instant) -> (watch::Receiver<Update>, bool) {
        let seat = self.offers.entry(offer_id).or_insert_with(|| Seat {
            updates: watch::Sender::new(None),
            due: now,
            read_at: None,
        });
        let mut updates = seat.updates.subscribe();
        updates.mark_changed();
        let is_first = !self.is_served;
        self.is_served = true;
        (updates, is_first)
    }

    /// These offers have changed.
    pub fn mark(&mut self, offer_ids: &[i64]) {
        for id in offer_ids {
            if let Some(seat) = self.offers.get_mut(id)
                && let Some(read_at) = seat.read_at
            {
                seat.hasten(read_at + PACE);
            }
        }
    }

    pub fn mark_all(&mut self) {
        let all: Vec<i64> = self.offers.keys().copied().collect();
        self.mark(&all);
    }

    /// When the next offer is to be read. None when nobody watches any: then the board is not served any more.
    pub fn next_due(&mut self) -> Option<Instant> {
        self.offers.retain(|_, seat| seat.updates.receiver_count() > 0);
        let due = self.offers.values().map(|seat| seat.due).min();
        self.is_served = due.is_some();
        due
    }

    /// The offers to be read now. What changes from now on makes them due again.
    pub fn take_due(&mut self, now: Instant) -> Vec<i64> {
        let due = self.offers.iter_mut().filter(|(_, seat)| seat.due <= now);
        due.map(|(id, seat)| {
            (seat.read_at, seat.due) = (Some(now), now + REST);
            *id
        })
        .collect()
    }

    /// Shows what was read of the offers that were asked for; those that are not among it are gone.
    pub fn publish(&mut self, asked: &[i64], views: Vec<LiveView>) {
        let mut gone: HashSet<i64> = asked.iter().copied().collect();
        for view in views {
            let id = view.offer.stored.offer.id;
            gone.remove(&id);
            let Some(seat) = self.offers.get(&id) else { continue };
            seat.updates.send_if_modified(|seen| {
                let is_news = !seen.as_ref().is_some_and(|seen| view.shows_the_same_as(seen));
                if is_news {
                    *seen = Some(Arc::new(view));
                }
                is_news
            });
        }
        // Without a sender, a watch has nothing more to come.
        self.offers.retain(|id, _| !gone.contains(id));
    }
}

#[cfg(test)]
mod tests;
