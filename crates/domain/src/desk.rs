mod codes;
mod request;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{CodeName, Grant, HoldLimits, OfferService, Order, Refusal, Totals};

pub use request::{Ask, IdempotencyKey, Request};

/// Where an answer was given first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Before this batch, by the number under which the desk was told of it.
    Recorded(usize),
    /// By an earlier request of this batch, by its place.
    InBatch(usize),
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It redeems.
    Granted(Grant),
    Refused(Refusal),
    /// It has been answered before, and gets that answer again.
    Repeated(First),
    /// Its order stands redeemed already, for another customer or amount, or otherwise than by this code.
    OrderTaken(First),
    /// It redeems, by a code that is used from now on.
    GrantedByCode(Grant),
    /// Its code has been used already.
    CodeUsed(First),
    /// Its key belongs to another request.
    KeyReused,
    /// The redemption is taken back.
    Reversed(Reversal),
    AlreadyReversed,
    /// What redeeming would give is held.
    Reserved {
        grant: Grant,
        ttl_seconds: u32,
    },
    /// A hold becomes a redemption.
    Confirmed(Confirmation),
    Released(Hold),
    /// The hold was given back when its time was over.
    HoldExpired,
    /// The hold was confirmed or released before.
    HoldClosed,
    /// There is no such redemption, reservation or code.
    Unknown,
}

/// A redemption that is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    pub standing: Standing,
    /// What the offer adds up to afterwards.
    pub totals: Totals,
}

/// A hold that becomes a redemption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    pub hold: Hold,
    pub grant: Grant,
}

/// A redemption on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: i64,
    pub order: Order,
    pub discount: Decimal,
    /// The day on which it counts, and on which it counts no more when it is taken back.
    pub day: NaiveDate,
    pub is_reversed: bool,
}

/// A reservation on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: i64,
    pub order: Order,
    pub discount: Decimal,
    pub discount_asked: Decimal,
    pub state: HoldState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    Open,
    Confirmed,
    Released,
    Expired,
}

impl HoldState {
    pub const ALL: [HoldState; 4] =
        [HoldState::Open, HoldState::Confirmed, HoldState::Released, HoldState::Expired];

    pub fn name(self) -> &'static str {
        match self {
            HoldState::Open => "open",
            HoldState::Confirmed => "confirmed",
            HoldState::Released => "released",
            HoldState::Expired => "expired",
        }
    }

    pub fn parse(text: &str) -> Option<HoldState> {
        HoldState::ALL.into_iter().find(|state| state.name() == text)
    }
}

/// Who has an order or a code, and where that was answered.
#[derive(Debug, Clone)]
struct Claim {
    order: Order,
    first: First,
    /// The redemption or reservation, if it is on record.
    id: Option<i64>,
}

/// Decides the requests of a batch one after the other, each on what those before it have left.
#[derive(Debug, Clone)]
pub struct Desk<'a> {
    service: OfferService<'a>,
    hold_limits: HoldLimits,
    keys: HashMap<String, (String, First)>,
    /// Keys of calls that are decided elsewhere.
    foreign_keys: HashSet<String>,
    /// Codes that were issued, with the redemption that has used each.
    codes: HashMap<CodeName, Option<Claim>>,
    /// Orders that stand redeemed, by their reference: one each.
    orders: HashMap<String, Claim>,
    /// What is held. Several orders may be under way under one reference; the first that is confirmed has it.
    held_orders: HashMap<Order, Claim>,
    /// Redemptions and holds of the customers that the batch is about, where they are limited.
    uses: HashMap<String, i64>,
    redemptions: HashMap<i64, Standing>,
    holds: HashMap<i64, Hold>,
    decided: usize,
}

impl<'a> Desk<'a> {
    /// `service` as the offer stands before the batch.
    pub fn new(service: OfferService<'a>) -> Desk<'a> {
        Desk {
            service,
            hold_limits: HoldLimits::default(),
            keys: HashMap::new(),
            foreign_keys: HashSet::new(),
            codes: HashMap::new(),
            orders: HashMap::new(),
            held_orders: HashMap::new(),
            uses: HashMap::new(),
            redemptions: HashMap::new(),
            holds: HashMap::new(),
            decided: 0,
        }
    }

    #[must_use]
    pub fn with_hold_limits(self, hold_limits: HoldLimits) -> Desk<'a> {
        Desk { hold_limits, ..self }
    }

    /// An answer on record was given under this key to a request of this essence.
    pub fn recall_key(&mut self, key: &str, essence: &str, recorded: usize) {
        self.keys.insert(key.to_owned(), (essence.to_owned(), First::Recorded(recorded)));
    }

    /// A call that is decided elsewhere has this key.
    pub fn recall_foreign_key(&mut self, key: &str) {
        self.foreign_keys.insert(key.to_owned());
    }

    /// A redemption on record stands for its order.
    pub fn recall_order(&mut self, redemption_id: i64, order: &Order, recorded: usize) {
        self.stand(order, First::Recorded(recorded), Some(redemption_id));
    }

    /// A hold on record is open for its order.
    pub fn recall_held_order(&mut self, reservation_id: i64, order: &Order, recorded: usize) {
        self.hold(order, First::Recorded(recorded), Some(reservation_id));
    }

    pub fn recall_uses(&mut self, customer_id: &str, uses: i64) {
        self.uses.insert(customer_id.to_owned(), uses);
    }

    pub fn recall_redemption(&mut self, standing: Standing) {
        self.redemptions.insert(standing.id, standing);
    }

    pub fn recall_hold(&mut self, hold: Hold) {
        self.holds.insert(hold.id, hold);
    }

    /// Gives back a hold whose time is over.
    pub fn expire(&mut self, hold: &Hold) {
        self.let_go(hold);
        if let Some(hold) = self.holds.get_mut(&hold.id) {
            hold.state = HoldState::Expired;
        }
    }

    /// The key counts before the order, and both before the rules: what has been answered is not judged
    /// again.
    pub fn decide(&mut self, request: &Request) -> Decision {
        let place = First::InBatch(self.decided);
        self.decided += 1;
        let Some(key) = &request.key else { return self.decide_ask(&request.ask, place) };
        if self.foreign_keys.contains(key.as_str()) {
            return Decision::KeyReused;
        }
        let essence = request.ask.essence();
        match self.keys.get(key.as_str()) {
            Some((known, first)) if *known == essence => Decision::Repeated(*first),
            Some(_) => Decision::KeyReused,
            None => {
                let decision = self.decide_ask(&request.ask, place);
                self.keys.insert(key.as_str().to_owned(), (essence, place));
                decision
            }
        }
    }

    fn decide_ask(&mut self, ask: &Ask, place: First) -> Decision {
        match ask {
            Ask::Redeem(order) => self.redeem(order, place),
            Ask::RedeemCode { order, code } => self.redeem_code(order, code, place),
            Ask::Reserve { order, ttl_seconds } => self.reserve(order, *ttl_seconds, place),
            Ask::Reverse { redemption_id, .. } => self.reverse(*redemption_id),
            Ask::Confirm { reservation_id } => self.confirm(*reservation_id, place),
            Ask::Release { reservation_id } => self.release(*reservation_id),
        }
    }

    fn redeem(&mut self, order: &Order, place: First) -> Decision {
        if let Some(standing) = self.standing(order) {
            let first = standing.first;
            return if standing.order.is_same(order) {
                Decision::Repeated(first)
            } else {
                Decision::OrderTaken(first)
            };
        }
        self.grant(order, place).map_or_else(Decision::Refused, Decision::Granted)
    }

    /// What the rules say to an order that does not stand redeemed.
    fn grant(&mut self, order: &Order, place: First) -> Result<Grant, Refusal> {
        let grant = self.service.redeem(order.order_amount, self.uses_of(order))?;
        self.service.totals = grant.totals;
        self.use_once(order);
        self.stand(order, place, None);
        Ok(grant)
    }

    fn reserve(&mut self, order: &Order, ttl_seconds: u32, place: First) -> Decision {
        if let Some(standing) = self.standing(order) {
            return Decision::OrderTaken(standing.first);
        }
        if let Some(held) = self.held_orders.get(order) {
            return Decision::Repeated(held.first);
        }
        match self.service.reserve(order.order_amount, self.uses_of(order), &self.hold_limits) {
            Ok(grant) => {
                self.service.totals = grant.totals;
                self.use_once(order);
                self.hold(order, place, None);
                Decision::Reserved { grant, ttl_seconds }
            }
            Err(refusal) => Decision::Refused(refusal),
        }
    }

    /// What was promised is kept, whatever has become of the offer since: no rule is asked.
    fn confirm(&mut self, reservation_id: i64, place: First) -> Decision {
        let hold = match self.open_hold(reservation_id) {
            Ok(hold) => hold,
            Err(decision) => return decision,
        };
        if let Some(standing) = self.standing(&hold.order) {
            return Decision::OrderTaken(standing.first);
        }
        self.close(&hold, HoldState::Confirmed);
        let Hold { discount, discount_asked, .. } = hold;
        let totals = self.service.totals.plus(discount);
        self.service.totals = totals;
        self.use_once(&hold.order);
        self.stand(&hold.order, place, None);
        Decision::Confirmed(Confirmation { hold, grant: Grant { discount, discount_asked, totals } })
    }

    fn release(&mut self, reservation_id: i64) -> Decision {
        match self.open_hold(reservation_id) {
            Ok(hold) => {
                self.close(&hold, HoldState::Released);
                Decision::Released(hold)
            }
            Err(decision) => decision,
        }
    }

    fn open_hold(&self, id: i64) -> Result<Hold, Decision> {
        match self.holds.get(&id) {
            Some(hold) if hold.state == HoldState::Open => Ok(hold.clone()),
            Some(hold) if hold.state == HoldState::Expired => Err(Decision::HoldExpired),
            Some(_) => Err(Decision::HoldClosed),
            None => Err(Decision::Unknown),
        }
    }

    fn close(&mut self, hold: &Hold, state: HoldState) {
        self.let_go(hold);
        self.holds.insert(hold.id, Hold { state, ..hold.clone() });
    }

    fn let_go(&mut self, hold: &Hold) {
        self.service.totals = self.service.totals.let_go(hold.discount);
        self.give_use_back(&hold.order);
        if self.held_orders.get(&hold.order).is_some_and(|claim| claim.id == Some(hold.id)) {
            self.held_orders.remove(&hold.order);
        }
    }

    fn reverse(&mut self, redemption_id: i64) -> Decision {
        let standing = match self.redemptions.get_mut(&redemption_id) {
            None => return Decision::Unknown,
            Some(standing) if standing.is_reversed => return Decision::AlreadyReversed,
            Some(standing) => {
                standing.is_reversed = true;
                standing.clone()
            }
        };
        let totals = self.service.totals.minus(standing.discount);
        self.service.totals = totals;
        self.give_use_back(&standing.order);
        if let Some(order_id) = &standing.order.order_id
            && self.orders.get(order_id).is_some_and(|claim| claim.id == Some(redemption_id))
        {
            self.orders.remove(order_id);
        }
        self.free_code(redemption_id);
        Decision::Reversed(Reversal { standing, totals })
    }

    /// The redemption of the order, if its reference has been redeemed.
    fn standing(&self, order: &Order) -> Option<&Claim> {
        order.order_id.as_deref().and_then(|id| self.orders.get(id))
    }

    fn stand(&mut self, order: &Order, first: First, id: Option<i64>) {
        if let Some(order_id) = &order.order_id {
            self.orders.insert(order_id.clone(), Claim { order: order.clone(), first, id });
        }
    }

    fn hold(&mut self, order: &Order, first: First, id: Option<i64>) {
        if order.order_id.is_some() {
            self.held_orders.insert(order.clone(), Claim { order: order.clone(), first, id });
        }
    }

    fn uses_of(&self, order: &Order) -> i64 {
        self.uses.get(&order.customer_id).copied().unwrap_or_default()
    }

    fn use_once(&mut self, order: &Order) {
        self.change_uses(order, 1);
    }

    fn give_use_back(&mut self, order: &Order) {
        self.change_uses(order, -1);
    }

    /// Nobody counts the uses of an offer that has no limit for them.
    fn change_uses(&mut self, order: &Order, by: i64) {
        if self.service.offer.terms.max_redemptions_per_customer.is_some() {
            *self.uses.entry(order.customer_id.clone()).or_default() += by;
        }
    }

    /// What the offer adds up to after what has been decided.
    pub fn totals(&self) -> Totals {
        self.service.totals
    }

    /// The uses of the customers that the batch was about, after what has been decided.
    pub fn uses(&self) -> &HashMap<String, i64> {
        &self.uses
    }
}

#[cfg(test)]
mod tests;
