use std::collections::{HashMap, HashSet};

use offercast_domain::{Desk, IdempotencyKey, Offer, Refusal, Totals};
use offercast_storage::{Entry, KeyRecord, Tx};

use super::{Answer, Asked, ORDER_ALREADY_REDEEMED, Outcome, Redemption};
use crate::{Error, StorageError};

/// What is on record about the keys and the orders of a batch.
#[derive(Default)]
pub(super) struct Recall {
    /// The answers that were given, by the number under which the desk knows them.
    pub answers: Vec<Answer>,
    pub keys: Vec<KeyRecord>,
    /// (order, its redemption)
    orders: Vec<(String, i64)>,
    entries: HashMap<i64, Entry>,
}

impl Recall {
    /// Behind the lock of the offer, so that nothing comes between reading and writing. A batch without keys
    /// and orders asks nothing.
    pub async fn read(tx: &mut Tx, offer: &Offer, batch: &[Asked]) -> Result<Recall, Error> {
        let keys = distinct(batch, |asked| asked.request.key.as_ref().map(IdempotencyKey::as_str));
        let orders = distinct(batch, |asked| asked.request.order.order_id.as_deref());
        let mut recall = Recall::default();
        if !keys.is_empty() {
            recall.keys = offercast_storage::answers_by_key(tx, offer.id, &keys).await?;
        }
        if !orders.is_empty() {
            recall.orders = offercast_storage::standing_orders(tx, offer.id, &orders).await?;
        }
        let named = recall.keys.iter().filter_map(|record| record.redemption_id);
        let ids: HashSet<i64> = named.chain(recall.orders.iter().map(|(_, id)| *id)).collect();
        if !ids.is_empty() {
            let ids: Vec<i64> = ids.into_iter().collect();
            let entries = offercast_storage::entries(tx, offer.id, &ids).await?;
            recall.entries = entries.into_iter().map(|entry| (entry.id, entry)).collect();
        }
        recall.understand(offer)?;
        Ok(recall)
    }

    /// Works out what was answered, under numbers by which the desk will know it.
    fn understand(&mut self, offer: &Offer) -> Result<(), Error> {
        for record in &self.keys {
            self.answers.push(self.answer_of(offer, record)?);
        }
        for (_, id) in &self.orders {
            let outcome = Outcome::Redeemed(redemption(offer, self.entry(*id)?));
            self.answers.push(Answer { outcome, request_id: String::new(), is_replay: true });
        }
        Ok(())
    }

    /// Tells the desk what there is.
    pub fn tell(&self, desk: &mut Desk<'_>) {
        for (number, record) in self.keys.iter().enumerate() {
            desk.recall_key(&record.key, &record.request, number);
        }
        for (number, (order_id, id)) in self.orders.iter().enumerate() {
            let entry = &self.entries[id];
            desk.recall_order(order_id, &entry.customer_id, entry.order_amount, self.keys.len() + number);
        }
    }

    fn answer_of(&self, offer: &Offer, record: &KeyRecord) -> Result<Answer, Error> {
        let outcome = match (record.refusal.as_deref(), record.redemption_id) {
            (None, Some(id)) => Outcome::Redeemed(redemption(offer, self.entry(id)?)),
            (Some(ORDER_ALREADY_REDEEMED), Some(redemption_id)) => Outcome::OrderTaken { redemption_id },
            (code, _) => {
                let refusal = code.and_then(Refusal::parse);
                Outcome::Refused(refusal.ok_or_else(|| unreadable("refusal of key", &record.key))?)
            }
        };
        let request_id = record.request_id.clone().unwrap_or_default();
        Ok(Answer { outcome, request_id, is_replay: true })
    }

    fn entry(&self, id: i64) -> Result<&Entry, Error> {
        self.entries.get(&id).ok_or_else(|| unreadable("redemption", &id.to_string()))
    }
}

/// The answer as it was: the entry holds all that it said.
fn redemption(offer: &Offer, entry: &Entry) -> Redemption {
    let totals = Totals { redeemed: entry.redeemed_after, spent: entry.spent_after };
    Redemption {
        id: entry.id,
        offer_id: offer.id,
        // Stays what it was once the offer has been redeemed.
        currency: offer.terms.currency,
        discount: entry.discount,
        redeemed_at: entry.redeemed_at,
        redemption_date: entry.redemption_date,
        total_redemptions: entry.redeemed_after,
        remaining_budget: entry.budget.map(|budget| totals.left_of(budget)),
    }
}

fn unreadable(what: &str, name: &str) -> Error {
    StorageError::Unreadable(format!("{what} {name} is on record and cannot be found or understood")).into()
}

fn distinct<'a>(batch: &'a [Asked], name: impl Fn(&'a Asked) -> Option<&'a str>) -> Vec<String> {
    let names: HashSet<&str> = batch.iter().filter_map(name).collect();
    names.into_iter().map(str::to_owned).collect()
}
