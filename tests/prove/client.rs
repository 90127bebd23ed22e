//! A shop: sends orders, retries them, and sometimes disconnects before the response.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::offers;
use crate::transcript::{Response, Transcript, Way};
use crate::world::World;

const TIMEOUT: Duration = Duration::from_secs(15);
/// For reservations that are left to expire.
const TTL_SECONDS: u32 = 2;
const MAX_ROWS: usize = 40;

/// Sends orders until the end. `codes` are the unique codes of each offer.
pub async fn run(
    world: Arc<World>,
    codes: Arc<Vec<Vec<String>>>,
    number: u32,
    seed: u64,
    end: Instant,
) -> Vec<Transcript> {
    let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000).wrapping_add(number.into()));
    let mut transcripts = Vec::new();
    while Instant::now() < end {
        if random.u32(0..20) == 0 {
            let first = transcripts.len();
            let orders = 0..random.usize(2..=MAX_ROWS);
            transcripts.extend(orders.map(|row| in_batch(order(&mut random, &codes, number, first + row))));
            redeem_batch(&world, &mut random, &mut transcripts[first..]).await;
        } else {
            let mut order = order(&mut random, &codes, number, transcripts.len());
            send_order(&world, &mut random, &mut order).await;
            transcripts.push(order);
        }
    }
    transcripts
}

/// Rows of a batch name an offer instead of a unique code, and cannot reserve.
fn in_batch(order: Transcript) -> Transcript {
    Transcript { way: Way::Redeem, in_batch: true, code: None, ..order }
}

fn order(random: &mut fastrand::Rng, codes: &[Vec<String>], client: u32, number: usize) -> Transcript {
    let customer = format!("c{client}-{number}");
    let way = match random.u32(0..20) {
        0 => Way::Confirm,
        1 => Way::Release,
        2 => Way::Expire,
        _ => Way::Redeem,
    };
    let offer = random.usize(0..offers::COUNT);
    let by_code = way == Way::Redeem && random.u32(0..5) == 0;
    Transcript {
        offer,
        code: by_code.then(|| random.choice(&codes[offer]).unwrap().clone()),
        amount: random.i64(1..=20_000),
        // A reservation is confirmed by its id, which makes the confirmation idempotent without a key.
        key: (random.u32(0..10) < 8).then(|| format!("k-{customer}")),
        order: (random.u32(0..10) < 3).then(|| format!("o-{customer}")),
        customer,
        way,
        in_batch: false,
        responses: Vec::new(),
        held: Vec::new(),
        misuse: None,
        reversed: Vec::new(),
    }
}

async fn send_order(world: &World, random: &mut fastrand::Rng, order: &mut Transcript) {
    match order.way {
        Way::Redeem => redeem(world, random, order).await,
        Way::Confirm | Way::Release | Way::Expire => reserve(world, random, order).await,
    }
    if order.accepted().is_some() && random.u32(0..20) == 0 {
        reverse(world, random, order).await;
    }
}

async fn redeem(world: &World, random: &mut fastrand::Rng, order: &mut Transcript) {
    let timeout = if random.u32(0..30) == 0 { Duration::from_millis(random.u64(0..10)) } else { TIMEOUT };
    let response = send(world, random.usize(0..2), order, timeout).await;
    order.responses.push(response);
    let mut retries = random.u32(0..3);
    while retries > 0 && can_retry(order) {
        let again = send(world, random.usize(0..2), order, TIMEOUT).await;
        order.responses.push(again);
        retries -= 1;
    }
    if order.key.is_some() && order.outcome().is_some() && random.u32(0..20) == 0 {
        let other = Transcript { amount: order.amount + 1, order: None, ..order.clone() };
        order.misuse = Some(send(world, random.usize(0..2), &other, TIMEOUT).await);
    }
}

/// Redeems the orders in one request, then retries those that can be retried up to two times.
async fn redeem_batch(world: &World, random: &mut fastrand::Rng, orders: &mut [Transcript]) {
    let timeout = if random.u32(0..10) == 0 { Duration::from_millis(random.u64(0..10)) } else { TIMEOUT };
    send_batch(world, random.usize(0..2), &mut orders.iter_mut().collect::<Vec<_>>(), timeout).await;
    for _ in 0..random.u32(0..3) {
        let mut again: Vec<&mut Transcript> = orders.iter_mut().filter(|order| can_retry(order)).collect();
        if !again.is_empty() {
            send_batch(world, random.usize(0..2), &mut again, TIMEOUT).await;
        }
    }
    for order in orders {
        if order.accepted().is_some() && random.u32(0..20) == 0 {
            reverse(world, random, order).await;
        }
    }
}

async fn send_batch(world: &World, api: usize, orders: &mut [&mut Transcript], timeout: Duration) {
    let row = |order: &&mut Transcript| {
        let mut row = body(order);
        row["offer"] = json!(offers::code(order.offer));
        row["idempotency_key"] = json!(order.key);
        row
    };
    let rows: Vec<Value> = orders.iter().map(row).collect();
    let response = world.post(api, "/api/redemptions/batch", None, &json!(rows), timeout).await;
    for (index, order) in orders.iter_mut().enumerate() {
        order.responses.push(response.of_row(index));
    }
}

fn can_retry(order: &Transcript) -> bool {
    order.key.is_some()
        || order.order.is_some()
        || order.responses.iter().all(|response| *response == Response::Busy)
}

async fn send(world: &World, api: usize, order: &Transcript, timeout: Duration) -> Response {
    let mut body = body(order);
    let path = match &order.code {
        Some(code) => {
            body["code"] = json!(code);
            "/api/redeem".to_owned()
        }
        None => format!("/api/offers/{}/redeem", offers::code(order.offer)),
    };
    world.post(api, &path, order.key.as_deref(), &body, timeout).await
}

fn body(order: &Transcript) -> Value {
    let amount = format!("{}.{:02}", order.amount / 100, order.amount % 100);
    json!({"customer_id": order.customer, "order_amount": amount, "order_id": order.order})
}

/// Reserves, then confirms, releases or lets the reservation expire.
async fn reserve(world: &World, random: &mut fastrand::Rng, order: &mut Transcript) {
    let path = format!("/api/offers/{}/reserve", offers::code(order.offer));
    let mut body = body(order);
    body["ttl_seconds"] = json!(if order.way == Way::Expire { TTL_SECONDS } else { 900 });
    let held = world.post(random.usize(0..2), &path, None, &body, TIMEOUT).await;
    order.held.push(held.clone());
    let Response::Done(data) = held else { return };
    let path = match order.way {
        Way::Confirm => format!("/api/reservations/{}/confirm", data["reservation_id"]),
        Way::Release => format!("/api/reservations/{}/release", data["reservation_id"]),
        Way::Redeem | Way::Expire => return,
    };
    let response = world.post(random.usize(0..2), &path, None, &json!({}), TIMEOUT).await;
    if order.way == Way::Confirm {
        order.responses.push(response);
    } else {
        order.held.push(response);
    }
}

async fn reverse(world: &World, random: &mut fastrand::Rng, order: &mut Transcript) {
    let Some(id) = order.accepted().map(|data| data["redemption_id"].to_string()) else { return };
    let path = format!("/api/redemptions/{id}/reverse");
    for _ in 0..random.u32(1..=2) {
        let response = world.post(random.usize(0..2), &path, None, &json!({}), TIMEOUT).await;
        order.reversed.push(response);
    }
}

/// Retries orders in doubt that have a key or an order id until they get a final response. Called when all processes
/// are up again.
///
/// Without a key a declined response is not stored. If an earlier attempt without a response was accepted after all,
/// the retry returns that redemption.
pub async fn resolve(world: &World, transcripts: &mut [Transcript]) {
    for order in transcripts {
        let is_open = order.way == Way::Redeem && order.accepted().is_none() && order.is_in_doubt();
        let mut is_resolved = !(is_open && can_retry(order));
        while !is_resolved {
            let response = send(world, 0, order, TIMEOUT).await;
            is_resolved = response.is_final();
            order.responses.push(response);
        }
    }
}
