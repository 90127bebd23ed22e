//! A shop: sends orders, retries what it must, hangs up now and then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::offers;
use crate::told::{Answer, Told, Way};
use crate::world::World;

const PATIENT: Duration = Duration::from_secs(15);
/// Of reservations that are left to expire.
const TTL_SECONDS: u32 = 2;
const MOST_ROWS: usize = 40;

/// `codes`: the unique codes of each offer.
pub async fn run(
    world: Arc<World>,
    codes: Arc<Vec<Vec<String>>>,
    number: u32,
    seed: u64,
    end: Instant,
) -> Vec<Told> {
    let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000).wrapping_add(number.into()));
    let mut told = Vec::new();
    while Instant::now() < end {
        if random.u32(0..20) == 0 {
            let first = told.len();
            let orders = 0..random.usize(2..=MOST_ROWS);
            told.extend(orders.map(|row| in_batch(order(&mut random, &codes, number, first + row))));
            redeem_together(&world, &mut random, &mut told[first..]).await;
        } else {
            let mut order = order(&mut random, &codes, number, told.len());
            serve(&world, &mut random, &mut order).await;
            told.push(order);
        }
    }
    told
}

/// In a batch an offer is named, and nothing is held.
fn in_batch(order: Told) -> Told {
    Told { way: Way::Redeem, in_batch: true, code: None, ..order }
}

fn order(random: &mut fastrand::Rng, codes: &[Vec<String>], client: u32, number: usize) -> Told {
    let customer = format!("c{client}-{number}");
    let way = match random.u32(0..20) {
        0 => Way::Confirm,
        1 => Way::Release,
        2 => Way::Leave,
        _ => Way::Redeem,
    };
    let offer = random.usize(0..offers::COUNT);
    let by_code = way == Way::Redeem && random.u32(0..5) == 0;
    Told {
        offer,
        code: by_code.then(|| random.choice(&codes[offer]).unwrap().clone()),
        amount: random.i64(1..=20_000),
        // What is held is confirmed by its own id, which is a key of its own.
        key: (random.u32(0..10) < 8).then(|| format!("k-{customer}")),
        order: (random.u32(0..10) < 3).then(|| format!("o-{customer}")),
        customer,
        way,
        in_batch: false,
        answers: Vec::new(),
        held: Vec::new(),
        misuse: None,
        reversed: Vec::new(),
    }
}

async fn serve(world: &World, random: &mut fastrand::Rng, told: &mut Told) {
    match told.way {
        Way::Redeem => redeem(world, random, told).await,
        Way::Confirm | Way::Release | Way::Leave => hold(world, random, told).await,
    }
    if told.accepted().is_some() && random.u32(0..20) == 0 {
        reverse(world, random, told).await;
    }
}

async fn redeem(world: &World, random: &mut fastrand::Rng, told: &mut Told) {
    let patience = if random.u32(0..30) == 0 { Duration::from_millis(random.u64(0..10)) } else { PATIENT };
    let answer = send(world, random.usize(0..2), told, patience).await;
    told.answers.push(answer);
    let mut retries = random.u32(0..3);
    while retries > 0 && can_retry(told) {
        let again = send(world, random.usize(0..2), told, PATIENT).await;
        told.answers.push(again);
        retries -= 1;
    }
    if told.key.is_some() && told.outcome().is_some() && random.u32(0..20) == 0 {
        let other = Told { amount: told.amount + 1, order: None, ..told.clone() };
        told.misuse = Some(send(world, random.usize(0..2), &other, PATIENT).await);
    }
}

/// In one request, and again as long as it is planned, those that may be sent again.
async fn redeem_together(world: &World, random: &mut fastrand::Rng, orders: &mut [Told]) {
    let patience = if random.u32(0..10) == 0 { Duration::from_millis(random.u64(0..10)) } else { PATIENT };
    send_together(world, random.usize(0..2), &mut orders.iter_mut().collect::<Vec<_>>(), patience).await;
    for _ in 0..random.u32(0..3) {
        let mut again: Vec<&mut Told> = orders.iter_mut().filter(|told| can_retry(told)).collect();
        if !again.is_empty() {
            send_together(world, random.usize(0..2), &mut again, PATIENT).await;
        }
    }
    for told in orders {
        if told.accepted().is_some() && random.u32(0..20) == 0 {
            reverse(world, random, told).await;
        }
    }
}

async fn send_together(world: &World, api: usize, orders: &mut [&mut Told], patience: Duration) {
    let row = |told: &&mut Told| {
        let mut row = body(told);
        row["offer"] = json!(offers::code(told.offer));
        row["idempotency_key"] = json!(told.key);
        row
    };
    let rows: Vec<Value> = orders.iter().map(row).collect();
    let answer = world.post(api, "/api/redemptions/batch", None, &json!(rows), patience).await;
    for (place, told) in orders.iter_mut().enumerate() {
        told.answers.push(answer.of_row(place));
    }
}

fn can_retry(told: &Told) -> bool {
    told.key.is_some() || told.order.is_some() || told.answers.iter().all(|answer| *answer == Answer::Busy)
}

async fn send(world: &World, api: usize, told: &Told, patience: Duration) -> Answer {
    let mut body = body(told);
    let path = match &told.code {
        Some(code) => {
            body["code"] = json!(code);
            "/api/redeem".to_owned()
        }
        None => format!("/api/offers/{}/redeem", offers::code(told.offer)),
    };
    world.post(api, &path, told.key.as_deref(), &body, patience).await
}

fn body(told: &Told) -> Value {
    let amount = format!("{}.{:02}", told.amount / 100, told.amount % 100);
    json!({"customer_id": told.customer, "order_amount": amount, "order_id": told.order})
}

/// Reserves, then does with it what is planned.
async fn hold(world: &World, random: &mut fastrand::Rng, told: &mut Told) {
    let path = format!("/api/offers/{}/reserve", offers::code(told.offer));
    let mut body = body(told);
    body["ttl_seconds"] = json!(if told.way == Way::Leave { TTL_SECONDS } else { 900 });
    let held = world.post(random.usize(0..2), &path, None, &body, PATIENT).await;
    told.held.push(held.clone());
    let Answer::Done(data) = held else { return };
    let path = match told.way {
        Way::Confirm => format!("/api/reservations/{}/confirm", data["reservation_id"]),
        Way::Release => format!("/api/reservations/{}/release", data["reservation_id"]),
        Way::Redeem | Way::Leave => return,
    };
    let answer = world.post(random.usize(0..2), &path, None, &json!({}), PATIENT).await;
    if told.way == Way::Confirm {
        told.answers.push(answer);
    } else {
        told.held.push(answer);
    }
}

async fn reverse(world: &World, random: &mut fastrand::Rng, told: &mut Told) {
    let Some(id) = told.accepted().map(|data| data["redemption_id"].to_string()) else { return };
    let path = format!("/api/redemptions/{id}/reverse");
    for _ in 0..random.u32(1..=2) {
        let answer = world.post(random.usize(0..2), &path, None, &json!({}), PATIENT).await;
        told.reversed.push(answer);
    }
}

/// Now that all is up, what has a key or an order and may have been redeemed without being told so asks again, until it
/// is told something that counts. A refusal is kept under a key only: without one, an earlier attempt that got no answer may
/// have been accepted all the same, and is then what this one is told of.
pub async fn settle(world: &World, told: &mut [Told]) {
    for one in told {
        let is_open = one.way == Way::Redeem && one.accepted().is_none() && one.is_doubtful();
        let mut is_told = !(is_open && can_retry(one));
        while !is_told {
            let answer = send(world, 0, one, PATIENT).await;
            is_told = answer.is_final();
            one.answers.push(answer);
        }
    }
}
