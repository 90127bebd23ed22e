use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use offercast_domain::{Ask, CodeName, Desk, HoldState, IdempotencyKey, Offer, Refusal, Standing};
use offercast_storage::{Entry, KeyRecord, Reservation, Tx, WantedReservations};

use super::memory::Facts;
use super::{
    ALREADY_REVERSED, Answer, Asked, CODE_ALREADY_USED, ORDER_ALREADY_REDEEMED, Outcome, RESERVATION_CLOSED,
    RESERVATION_EXPIRED, Redemption, Released, Reserved, Reversed,
};
use crate::{Error, StorageError};

/// What is on record about the keys, the orders, the customers and the reservations of a batch.
#[derive(Default)]
pub(super) struct Recall {
    /// The answers that were given, by the number under which the desk knows them: those under keys, then those
    /// for orders, then those for orders for which something is held, then those for codes.
    pub answers: Vec<Answer>,
    pub keys: Vec<KeyRecord>,
    /// Keys of calls that are decided elsewhere.
    foreign_keys: Vec<KeyRecord>,
    /// Codes that were issued, with the redemptions that have used them.
    codes: Vec<(CodeName, Option<i64>)>,
    /// (order, its redemption)
    orders: Vec<(String, i64)>,
    entries: HashMap<i64, Entry>,
    reservations: Vec<Reservation>,
    now: DateTime<Utc>,
    pub uses: HashMap<String, i64>,
}

impl Recall {
    /// Behind the lock of the offer, so that nothing comes between reading and writing. What a batch is not
    /// about is not asked for.
    pub async fn read(
        tx: &mut Tx,
        facts: &Facts,
        now: DateTime<Utc>,
        batch: &[Asked],
    ) -> Result<Recall, Error> {
        let mut recall = Recall { now, ..Recall::default() };
        recall.read_keys(tx, &facts.offer, batch).await?;
        recall.read_reservations(tx, facts, batch).await?;
        recall.read_entries(tx, &facts.offer, batch.iter().filter_map(reversed)).await?;
        recall.read_orders(tx, &facts.offer, batch).await?;
        recall.read_codes(tx, &facts.offer, batch).await?;
        recall.read_uses(tx, &facts.offer, batch).await?;
        recall.understand(&facts.offer)?;
        Ok(recall)
    }

    async fn read_keys(&mut self, tx: &mut Tx, offer: &Offer, batch: &[Asked]) -> Result<(), Error> {
        let keys =
            distinct(batch.iter().filter_map(|asked| asked.request.key.as_ref()).map(IdempotencyKey::as_str));
        if !keys.is_empty() {
            let records = offercast_storage::answers_by_key(tx, offer.id, &keys).await?;
            (self.foreign_keys, self.keys) = records.into_iter().partition(|record| record.status.is_some());
        }
        Ok(())
    }

    async fn read_reservations(&mut self, tx: &mut Tx, facts: &Facts, batch: &[Asked]) -> Result<(), Error> {
        let asked = batch.iter().filter_map(|asked| asked.request.ask.reservation_id());
        let told = self.keys.iter().filter_map(|record| record.reservation_id);
        let order_ids = distinct(batch.iter().filter_map(order_to_reserve));
        let wanted = WantedReservations { ids: asked.chain(told).collect(), order_ids };
        if !wanted.ids.is_empty() || facts.counters.totals.held.redemptions > 0 {
            self.reservations =
                offercast_storage::reservations(tx, facts.offer.id, &wanted, self.now).await?;
        }
        Ok(())
    }

    async fn read_entries(
        &mut self,
        tx: &mut Tx,
        offer: &Offer,
        ids: impl Iterator<Item = i64>,
    ) -> Result<(), Error> {
        let missing: HashSet<i64> = ids.filter(|id| !self.entries.contains_key(id)).collect();
        if !missing.is_empty() {
            let missing: Vec<i64> = missing.into_iter().collect();
            let entries = offercast_storage::entries(tx, offer.id, &missing).await?;
            self.entries.extend(entries.into_iter().map(|entry| (entry.id, entry)));
        }
        Ok(())
    }

    /// The orders that are asked for, and those of what is reversed or confirmed.
    async fn read_orders(&mut self, tx: &mut Tx, offer: &Offer, batch: &[Asked]) -> Result<(), Error> {
        let asked = batch.iter().filter_map(|asked| asked.request.ask.order());
        let reversed = self.entries.values().map(|entry| &entry.order);
        let held = self.open().map(|reservation| &reservation.hold.order);
        let order_ids = asked.chain(reversed).chain(held).filter_map(|order| order.order_id.as_deref());
        let order_ids = distinct(order_ids);
        if !order_ids.is_empty() {
            self.orders = offercast_storage::standing_orders(tx, offer.id, &order_ids).await?;
        }
        let told = self.keys.iter().filter_map(|record| record.redemption_id);
        let ids: Vec<i64> = told.chain(self.orders.iter().map(|(_, id)| *id)).collect();
        self.read_entries(tx, offer, ids.into_iter()).await
    }

    async fn read_codes(&mut self, tx: &mut Tx, offer: &Offer, batch: &[Asked]) -> Result<(), Error> {
        let codes: HashSet<&CodeName> = batch.iter().filter_map(|asked| asked.request.ask.code()).collect();
        if codes.is_empty() {
            return Ok(());
        }
        let codes: Vec<CodeName> = codes.into_iter().cloned().collect();
        self.codes = offercast_storage::issued_codes(tx, offer.id, &codes).await?;
        let used: Vec<i64> = self.used().map(|(_, id)| id).collect();
        self.read_entries(tx, offer, used.into_iter()).await
    }

    async fn read_uses(&mut self, tx: &mut Tx, offer: &Offer, batch: &[Asked]) -> Result<(), Error> {
        if offer.terms.max_redemptions_per_customer.is_none() {
            return Ok(());
        }
        let asked = batch.iter().filter_map(|asked| asked.request.ask.order());
        let reversed = self.entries.values().map(|entry| &entry.order);
        let held = self.reservations.iter().map(|reservation| &reservation.hold.order);
        let customers = distinct(asked.chain(reversed).chain(held).map(|order| order.customer_id.as_str()));
        self.uses = offercast_storage::uses(tx, offer.id, &customers).await?.into_iter().collect();
        Ok(())
    }

    /// Works out what was answered, under numbers by which the desk will know it.
    fn understand(&mut self, offer: &Offer) -> Result<(), Error> {
        let answer = |outcome| Answer { outcome, request_id: String::new(), is_replay: true };
        let mut answers = Vec::new();
        for record in &self.keys {
            answers.push(self.answer_of(offer, record)?);
        }
        for (_, id) in &self.orders {
            answers.push(answer(Outcome::Redeemed(redemption(offer, self.entry(*id)?))));
        }
        answers.extend(self.open().map(|held| answer(Outcome::Reserved(reserved(offer, held)))));
        for (_, id) in self.used() {
            answers.push(answer(Outcome::Redeemed(redemption(offer, self.entry(id)?))));
        }
        self.answers = answers;
        Ok(())
    }

    /// Tells the desk what there is.
    pub fn tell(&self, desk: &mut Desk<'_>) {
        for (number, record) in self.keys.iter().enumerate() {
            desk.recall_key(&record.key, &record.request, number);
        }
        let first = self.keys.len();
        for (number, (_, id)) in self.orders.iter().enumerate() {
            desk.recall_order(*id, &self.entries[id].order, first + number);
        }
        let first = first + self.orders.len();
        for (number, reservation) in self.open().enumerate() {
            desk.recall_held_order(reservation.hold.id, &reservation.hold.order, first + number);
        }
        self.codes.iter().for_each(|(code, _)| desk.recall_code(code));
        let first = first + self.open().count();
        for (number, (code, id)) in self.used().enumerate() {
            desk.recall_used_code(code, id, &self.entries[&id].order, first + number);
        }
        self.foreign_keys.iter().for_each(|record| desk.recall_foreign_key(&record.key));
        for (customer_id, uses) in &self.uses {
            desk.recall_uses(customer_id, *uses);
        }
        for entry in self.entries.values().filter(|entry| entry.reverses.is_none()) {
            desk.recall_redemption(standing(entry));
        }
        for reservation in &self.reservations {
            desk.recall_hold(reservation.hold.clone());
        }
        self.expired().for_each(|reservation| desk.expire(&reservation.hold));
    }

    fn used(&self) -> impl Iterator<Item = (&CodeName, i64)> {
        self.codes.iter().filter_map(|(code, redemption_id)| Some((code, (*redemption_id)?)))
    }

    fn open(&self) -> impl Iterator<Item = &Reservation> {
        self.held().filter(|reservation| reservation.expires_at > self.now)
    }

    /// What is held for longer than it was to be.
    pub fn expired(&self) -> impl Iterator<Item = &Reservation> {
        self.held().filter(|reservation| reservation.expires_at <= self.now)
    }

    fn held(&self) -> impl Iterator<Item = &Reservation> {
        self.reservations.iter().filter(|reservation| reservation.hold.state == HoldState::Open)
    }

    fn answer_of(&self, offer: &Offer, record: &KeyRecord) -> Result<Answer, Error> {
        let outcome = match (record.refusal.as_deref(), record.redemption_id, record.reservation_id) {
            (None, Some(id), _) => recorded(offer, self.entry(id)?),
            (None, None, Some(id)) => self.reserved_or_released(offer, record, id)?,
            (Some(ORDER_ALREADY_REDEEMED), Some(redemption_id), _) => Outcome::OrderTaken { redemption_id },
            (Some(CODE_ALREADY_USED), Some(redemption_id), _) => Outcome::CodeUsed { redemption_id },
            (Some(ALREADY_REVERSED), ..) => Outcome::AlreadyReversed,
            (Some(RESERVATION_EXPIRED), ..) => Outcome::ReservationExpired,
            (Some(RESERVATION_CLOSED), ..) => Outcome::ReservationClosed,
            (code, ..) => {
                let refusal = code.and_then(Refusal::parse);
                Outcome::Refused(refusal.ok_or_else(|| unreadable("refusal of key", &record.key))?)
            }
        };
        let request_id = record.request_id.clone().unwrap_or_default();
        Ok(Answer { outcome, request_id, is_replay: true })
    }

    fn reserved_or_released(&self, offer: &Offer, record: &KeyRecord, id: i64) -> Result<Outcome, Error> {
        let reservation = self.reservations.iter().find(|reservation| reservation.hold.id == id);
        let reservation = reservation.ok_or_else(|| unreadable("reservation", &id.to_string()))?;
        let was_released = record.request == Ask::Release { reservation_id: id }.essence();
        Ok(if was_released {
            Outcome::Released(Released::new(offer, &reservation.hold))
        } else {
            Outcome::Reserved(reserved(offer, reservation))
        })
    }

    fn entry(&self, id: i64) -> Result<&Entry, Error> {
        self.entries.get(&id).ok_or_else(|| unreadable("redemption", &id.to_string()))
    }
}

fn reversed(asked: &Asked) -> Option<i64> {
    asked.request.ask.redemption_id()
}

fn order_to_reserve(asked: &Asked) -> Option<&str> {
    match &asked.request.ask {
        Ask::Reserve { order, .. } => order.order_id.as_deref(),
        _ => None,
    }
}

fn standing(entry: &Entry) -> Standing {
    Standing {
        id: entry.id,
        order: entry.order.clone(),
        discount: entry.discount,
        day: entry.redemption_date,
        is_reversed: entry.is_reversed,
    }
}

/// The answer as it was: the entry holds all that it said.
fn recorded(offer: &Offer, entry: &Entry) -> Outcome {
    match entry.reverses {
        None => Outcome::Redeemed(redemption(offer, entry)),
        Some(redemption_id) => Outcome::Reversed(Reversed {
            id: entry.id,
            redemption_id,
            offer_id: offer.id,
            total_redemptions: entry.totals.redeemed,
            remaining_budget: entry.budget.map(|budget| entry.totals.left_of(budget)),
        }),
    }
}

fn redemption(offer: &Offer, entry: &Entry) -> Redemption {
    Redemption {
        id: entry.id,
        offer_id: offer.id,
        // Stays what it was once the offer has been redeemed.
        currency: offer.terms.currency,
        discount: entry.discount,
        discount_asked: entry.discount_asked,
        redemption_date: entry.redemption_date,
        total_redemptions: entry.totals.redeemed,
        remaining_budget: entry.budget.map(|budget| entry.totals.left_of(budget)),
    }
}

fn reserved(offer: &Offer, reservation: &Reservation) -> Reserved {
    Reserved {
        id: reservation.hold.id,
        offer_id: offer.id,
        currency: offer.terms.currency,
        discount: reservation.hold.discount,
        discount_asked: reservation.hold.discount_asked,
        expires_at: reservation.expires_at,
        remaining_budget: reservation.remaining_budget,
    }
}

fn unreadable(what: &str, name: &str) -> Error {
    StorageError::Unreadable(format!("{what} {name} is on record and cannot be found or understood")).into()
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: HashSet<&str> = names.collect();
    names.into_iter().map(str::to_owned).collect()
}
