use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use offercast_domain::redemption::{
    Command, HoldState, IdempotencyKey, Prior, RedemptionEngine, Rejection, Request, Standing,
};
use offercast_domain::{CodeName, Offer};
use offercast_storage::redemption::prior::{self, Entry, KeyRecord};
use offercast_storage::redemption::reservations::{self, Reservation, ReservationFilter};
use offercast_storage::{Tx, codes, customer_usage};

use super::PendingCommand;
use super::offer_cache::OfferSnapshot;
use super::response::{Outcome, Redemption, Released, Reserved, Response};
use crate::{Error, StorageError};

/// What the database holds about the idempotency keys, orders, codes, customers and reservations of a batch.
#[derive(Default)]
pub(super) struct PriorState {
    /// Keys of commands that were decided before.
    keys: Vec<KeyRecord>,
    /// Keys of calls that the redemption engine does not decide.
    other_keys: Vec<KeyRecord>,
    /// Codes that were issued, with the redemptions that have used them.
    codes: Vec<(CodeName, Option<i64>)>,
    /// Redeemed orders: (order id, redemption id).
    orders: Vec<(String, i64)>,
    /// Ledger entries by id.
    entries: HashMap<i64, Entry>,
    reservations: Vec<Reservation>,
    now: DateTime<Utc>,
    customer_usage: HashMap<String, i64>,
    responses: PriorResponses,
}

/// Earlier responses, by what they are found under.
#[derive(Default)]
struct PriorResponses {
    by_key: HashMap<String, Response>,
    by_redemption: HashMap<i64, Response>,
    by_reservation: HashMap<i64, Response>,
}

impl PriorState {
    /// Reads what the batch needs. The offer must be locked, so that nothing changes between reading and writing.
    /// `has_former_keys`: keys may also be stored without their owner.
    pub async fn read(
        tx: &mut Tx,
        snapshot: &OfferSnapshot,
        now: DateTime<Utc>,
        batch: &[PendingCommand],
        has_former_keys: bool,
    ) -> Result<PriorState, Error> {
        let mut state = PriorState { now, ..PriorState::default() };
        state.read_keys(tx, &snapshot.offer, batch, has_former_keys).await?;
        state.read_reservations(tx, snapshot, batch).await?;
        state.read_entries(tx, &snapshot.offer, commands(batch).filter_map(Command::redemption_id)).await?;
        state.read_orders(tx, &snapshot.offer, batch).await?;
        state.read_codes(tx, &snapshot.offer, batch).await?;
        state.read_customer_usage(tx, &snapshot.offer, batch).await?;
        state.responses = state.rebuild_responses(&snapshot.offer)?;
        Ok(state)
    }

    async fn read_keys(
        &mut self,
        tx: &mut Tx,
        offer: &Offer,
        batch: &[PendingCommand],
        has_former_keys: bool,
    ) -> Result<(), Error> {
        let keys: Vec<&IdempotencyKey> =
            batch.iter().filter_map(|pending| pending.request.key.as_ref()).collect();
        let stored = distinct(keys.iter().map(|key| key.as_str()));
        if stored.is_empty() {
            return Ok(());
        }
        let mut records = prior::key_records(tx, offer.id, &stored).await?;
        if has_former_keys {
            let former = distinct(keys.iter().map(|key| key.without_owner()));
            let former = prior::key_records(tx, offer.id, &former).await?;
            records.extend(owned(former, &keys));
        }
        (self.other_keys, self.keys) = records.into_iter().partition(|record| record.status.is_some());
        Ok(())
    }

    async fn read_reservations(
        &mut self,
        tx: &mut Tx,
        snapshot: &OfferSnapshot,
        batch: &[PendingCommand],
    ) -> Result<(), Error> {
        let named = commands(batch).filter_map(Command::reservation_id);
        let stored = self.keys.iter().filter_map(|record| record.reservation_id);
        let order_ids = distinct(commands(batch).filter_map(order_to_reserve));
        let filter = ReservationFilter { ids: named.chain(stored).collect(), order_ids };
        if !filter.ids.is_empty() || snapshot.counters.totals.held.redemptions > 0 {
            self.reservations =
                reservations::find_reservations(tx, snapshot.offer.id, &filter, self.now).await?;
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
            let entries = prior::entries(tx, offer.id, &missing).await?;
            self.entries.extend(entries.into_iter().map(|entry| (entry.id, entry)));
        }
        Ok(())
    }

    /// Reads the orders of the commands, and those of the redemptions and reservations that they name.
    async fn read_orders(
        &mut self,
        tx: &mut Tx,
        offer: &Offer,
        batch: &[PendingCommand],
    ) -> Result<(), Error> {
        let new = commands(batch).filter_map(Command::order);
        let reversed = self.entries.values().map(|entry| &entry.order);
        let held = self.open_reservations().map(|reservation| &reservation.hold.order);
        let order_ids =
            distinct(new.chain(reversed).chain(held).filter_map(|order| order.order_id.as_deref()));
        if !order_ids.is_empty() {
            self.orders = prior::redeemed_orders(tx, offer.id, &order_ids).await?;
        }
        let stored = self.keys.iter().filter_map(|record| record.redemption_id);
        let ids: Vec<i64> = stored.chain(self.orders.iter().map(|(_, id)| *id)).collect();
        self.read_entries(tx, offer, ids.into_iter()).await
    }

    async fn read_codes(
        &mut self,
        tx: &mut Tx,
        offer: &Offer,
        batch: &[PendingCommand],
    ) -> Result<(), Error> {
        let codes: HashSet<&CodeName> = commands(batch).filter_map(Command::code).collect();
        if codes.is_empty() {
            return Ok(());
        }
        let codes: Vec<CodeName> = codes.into_iter().cloned().collect();
        self.codes = codes::issued_codes(tx, offer.id, &codes).await?;
        let redemptions: Vec<i64> = self.used_codes().map(|(_, redemption_id)| redemption_id).collect();
        self.read_entries(tx, offer, redemptions.into_iter()).await
    }

    async fn read_customer_usage(
        &mut self,
        tx: &mut Tx,
        offer: &Offer,
        batch: &[PendingCommand],
    ) -> Result<(), Error> {
        if offer.terms.max_redemptions_per_customer.is_none() {
            return Ok(());
        }
        let new = commands(batch).filter_map(Command::order);
        let reversed = self.entries.values().map(|entry| &entry.order);
        let held = self.reservations.iter().map(|reservation| &reservation.hold.order);
        let customers = distinct(new.chain(reversed).chain(held).map(|order| order.customer_id.as_str()));
        let usage = customer_usage::find_usage(tx, offer.id, &customers).await?;
        self.customer_usage = usage.into_iter().collect();
        Ok(())
    }

    fn rebuild_responses(&self, offer: &Offer) -> Result<PriorResponses, Error> {
        let mut responses = PriorResponses::default();
        for record in &self.keys {
            responses.by_key.insert(record.key.clone(), self.stored_response(offer, record)?);
        }
        let redemptions = self.orders.iter().map(|(_, id)| *id).chain(self.used_codes().map(|(_, id)| id));
        for id in redemptions {
            let redemption = Redemption::of_entry(offer, self.entry(id)?);
            responses.by_redemption.insert(id, replay(Outcome::Redeemed(redemption)));
        }
        for reservation in self.open_reservations() {
            let reserved = Reserved::of_reservation(offer, reservation);
            responses.by_reservation.insert(reservation.hold.id, replay(Outcome::Reserved(reserved)));
        }
        Ok(responses)
    }

    fn stored_response(&self, offer: &Offer, record: &KeyRecord) -> Result<Response, Error> {
        let outcome = match (record.refusal.as_deref(), record.redemption_id, record.reservation_id) {
            (None, Some(id), _) => Outcome::of_entry(offer, self.entry(id)?),
            (None, None, Some(id)) => self.reserved_or_released(offer, record, id)?,
            (code, redemption_id, _) => code
                .and_then(|code| Rejection::parse(code, redemption_id))
                .map(Outcome::Rejected)
                .ok_or_else(|| unreadable("the refusal under key", &record.key))?,
        };
        let request_id = record.request_id.clone().unwrap_or_default();
        Ok(Response { outcome, request_id, is_replay: true })
    }

    fn reserved_or_released(&self, offer: &Offer, record: &KeyRecord, id: i64) -> Result<Outcome, Error> {
        let reservation = self.reservations.iter().find(|reservation| reservation.hold.id == id);
        let reservation = reservation.ok_or_else(|| unreadable("reservation", &id.to_string()))?;
        let was_released = record.fingerprint == Command::Release { reservation_id: id }.fingerprint();
        Ok(if was_released {
            Outcome::Released(Released::new(offer, &reservation.hold))
        } else {
            Outcome::Reserved(Reserved::of_reservation(offer, reservation))
        })
    }

    /// Loads everything into the engine.
    pub fn load(&self, engine: &mut RedemptionEngine<'_>) {
        self.keys.iter().for_each(|record| engine.load_key(&record.key, &record.fingerprint));
        self.other_keys.iter().for_each(|record| engine.load_other_key(&record.key));
        for (_, id) in &self.orders {
            engine.load_order(*id, &self.entries[id].order);
        }
        for reservation in self.open_reservations() {
            engine.load_held_order(reservation.hold.id, &reservation.hold.order);
        }
        self.codes.iter().for_each(|(code, _)| engine.load_unused_code(code));
        for (code, id) in self.used_codes() {
            engine.load_used_code(code, id, &self.entries[&id].order);
        }
        for (customer_id, uses) in &self.customer_usage {
            engine.load_customer_usage(customer_id, *uses);
        }
        for entry in self.entries.values().filter(|entry| entry.reverses.is_none()) {
            engine.load_redemption(standing(entry));
        }
        for reservation in &self.reservations {
            engine.load_hold(reservation.hold.clone());
        }
        self.expired_reservations().for_each(|reservation| engine.expire(&reservation.hold));
    }

    /// The earlier response that a decision about this request names. `None` for one within the batch.
    pub fn response(&self, prior: Prior, request: &Request) -> Option<&Response> {
        match prior {
            Prior::Key => self.responses.by_key.get(request.key.as_ref()?.as_str()),
            Prior::Redemption(id) => self.responses.by_redemption.get(&id),
            Prior::Reservation(id) => self.responses.by_reservation.get(&id),
            Prior::InBatch(_) => None,
        }
    }

    /// Whether the key has a stored response.
    pub fn has_key(&self, key: &str) -> bool {
        self.responses.by_key.contains_key(key)
    }

    pub fn customer_usage(&self, customer_id: &str) -> Option<i64> {
        self.customer_usage.get(customer_id).copied()
    }

    fn used_codes(&self) -> impl Iterator<Item = (&CodeName, i64)> {
        self.codes.iter().filter_map(|(code, redemption_id)| Some((code, (*redemption_id)?)))
    }

    fn open_reservations(&self) -> impl Iterator<Item = &Reservation> {
        self.held_reservations().filter(|reservation| reservation.expires_at > self.now)
    }

    /// Open reservations whose time is over.
    pub fn expired_reservations(&self) -> impl Iterator<Item = &Reservation> {
        self.held_reservations().filter(|reservation| reservation.expires_at <= self.now)
    }

    fn held_reservations(&self) -> impl Iterator<Item = &Reservation> {
        self.reservations.iter().filter(|reservation| reservation.hold.state == HoldState::Open)
    }

    fn entry(&self, id: i64) -> Result<&Entry, Error> {
        self.entries.get(&id).ok_or_else(|| unreadable("redemption", &id.to_string()))
    }
}

/// Records of keys without an owner, as records of the keys of this batch.
fn owned<'a>(
    former: Vec<KeyRecord>,
    keys: &'a [&IdempotencyKey],
) -> impl Iterator<Item = KeyRecord> + use<'a> {
    let of_key = |key: &IdempotencyKey, former: &[KeyRecord]| {
        let record = former.iter().find(|record| record.key == key.without_owner()).cloned();
        record.map(|record| KeyRecord { key: key.as_str().to_owned(), ..record })
    };
    keys.iter().filter_map(move |key| of_key(key, &former))
}

fn commands(batch: &[PendingCommand]) -> impl Iterator<Item = &Command> {
    batch.iter().map(|pending| &pending.request.command)
}

fn order_to_reserve(command: &Command) -> Option<&str> {
    match command {
        Command::Reserve { order, .. } => order.order_id.as_deref(),
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

fn replay(outcome: Outcome) -> Response {
    Response { outcome, request_id: String::new(), is_replay: true }
}

fn unreadable(what: &str, name: &str) -> Error {
    StorageError::Unreadable(format!("{what} {name} is missing or cannot be understood")).into()
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: HashSet<&str> = names.collect();
    names.into_iter().map(str::to_owned).collect()
}
