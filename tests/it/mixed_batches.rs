//! A batch of mixed commands gives the same responses and the same rows as the same commands one by one.

use std::net::{IpAddr, Ipv4Addr};

use futures_util::future::join_all;
use offercast_app::access::{Caller, Principal};
use offercast_app::{App, Error, RequestMeta, Response};
use offercast_domain::redemption::IdempotencyKey;
use offercast_domain::{OfferRef, OrderDraft};
use serde_json::{Value, json};

use crate::support::{World, eventually, offer};

const SEEDS: u64 = 8;
const COMMANDS: usize = 40;
const OFFER: &str = "MIXED";

/// A request of a shop. The numbers identify a customer, an order, or an object created by [`prepare`].
#[derive(Debug, Clone)]
enum Command {
    Redeem { customer: u8, amount: u8, order: Option<u8> },
    RedeemCode { code: usize, customer: u8, amount: u8, order: Option<u8> },
    Reserve { customer: u8, amount: u8, order: Option<u8> },
    Confirm(usize),
    Release(usize),
    Reverse(usize),
}

impl Command {
    fn is_plain_redemption(&self) -> bool {
        matches!(self, Command::Redeem { .. })
    }
}

#[derive(Debug, Clone)]
struct Request {
    command: Command,
    key: Option<u8>,
}

/// Random requests with few customers, orders, keys and amounts, so that they often conflict.
fn requests(random: &mut fastrand::Rng) -> Vec<Request> {
    let request = |random: &mut fastrand::Rng| Request {
        command: command(random),
        key: (random.u8(0..3) == 0).then(|| random.u8(0..6)),
    };
    let mut requests: Vec<_> = (0..COMMANDS).map(|_| request(random)).collect();
    // A batch processes plain redemptions last.
    requests.sort_by_key(|request| request.command.is_plain_redemption());
    requests
}

fn command(random: &mut fastrand::Rng) -> Command {
    let (customer, amount) = (random.u8(0..4), random.u8(1..6));
    let order = random.bool().then(|| random.u8(0..6));
    let made = random.usize(0..MADE);
    match random.u8(0..10) {
        0..4 => Command::Redeem { customer, amount, order },
        4 => Command::RedeemCode { code: made, customer, amount, order },
        5 => Command::Reserve { customer, amount, order },
        6 => Command::Confirm(made),
        7 => Command::Release(made),
        _ => Command::Reverse(made),
    }
}

/// The number of redemptions, reservations and codes that exist before the batch.
const MADE: usize = 5;

struct Made {
    /// By id, as for reversals and confirmations, so that all requests are in one queue.
    offer: OfferRef,
    redemptions: Vec<i64>,
    reservations: Vec<i64>,
    codes: Vec<String>,
}

async fn prepare(world: &World, limits: &Value) -> Made {
    let id = world.client.create(&offer(OFFER, limits)).await["id"].as_i64().unwrap();
    let path = |call: &str| format!("/api/offers/{OFFER}/{call}");
    let (mut redemptions, mut reservations) = (Vec::new(), Vec::new());
    for number in 0..MADE {
        let order =
            json!({"customer_id": number % 4, "order_amount": 20, "order_id": format!("made-{number}")});
        let redeemed = world.client.post(&path("redeem"), &order).await;
        redemptions.push(redeemed.data()["redemption_id"].as_i64().unwrap());
        // For orders that are also used by other requests.
        let order =
            json!({"customer_id": number % 4, "order_amount": 10, "order_id": format!("order-{number}")});
        let reserved = world.client.post(&path("reserve"), &order).await;
        reservations.push(reserved.data()["reservation_id"].as_i64().unwrap());
    }
    let issued = world.client.post(&path("codes"), &json!({"count": MADE})).await;
    let codes = issued.data()["codes"].as_array().unwrap().iter();
    let offer = OfferRef::Id(id);
    Made {
        offer,
        redemptions,
        reservations,
        codes: codes.map(|code| code.as_str().unwrap().to_owned()).collect(),
    }
}

fn draft(customer: u8, amount: u8, order: Option<u8>) -> OrderDraft {
    OrderDraft {
        customer_id: customer.to_string(),
        order_amount: (u32::from(amount) * 10).to_string(),
        order_id: order.map(|order| format!("order-{order}")),
    }
}

async fn send(app: &App, made: &Made, index: usize, request: &Request) -> Result<Response, Error> {
    let sender = RequestMeta {
        key: request.key.map(|key| IdempotencyKey::parse(&format!("key-{key}")).unwrap()),
        caller: Caller {
            principal: Principal::everybody(),
            address: None,
            request_id: format!("request-{index}"),
        },
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    match request.command.clone() {
        Command::Redeem { customer, amount, order } => {
            offercast_app::redeem(app, &made.offer, &draft(customer, amount, order), sender).await
        }
        Command::RedeemCode { code, customer, amount, order } => {
            let draft = draft(customer, amount, order);
            offercast_app::redeem_by_code(app, &made.codes[code], &draft, sender).await
        }
        Command::Reserve { customer, amount, order } => {
            offercast_app::reserve(app, &made.offer, &draft(customer, amount, order), None, sender).await
        }
        Command::Confirm(made_at) => offercast_app::confirm(app, made.reservations[made_at], sender).await,
        Command::Release(made_at) => offercast_app::release(app, made.reservations[made_at], sender).await,
        Command::Reverse(made_at) => {
            offercast_app::reverse(app, made.redemptions[made_at], Some("returned".to_owned()), sender).await
        }
    }
}

/// Sends all requests in order while the offer is locked, so that they form one batch.
async fn as_a_batch(world: &World, made: &Made, requests: &[Request]) -> Vec<String> {
    let lock = world.lock_offer(OFFER).await;
    let sending = requests.iter().enumerate().map(|(index, request)| async move {
        // Waits for its predecessors, so that requests are queued in order.
        eventually("the requests before it wait", async || world.app.requests_waiting() >= index).await;
        send(&world.app, made, index, request).await
    });
    let release = async {
        eventually("all requests wait", async || world.app.requests_waiting() == requests.len()).await;
        lock.release().await;
    };
    let (responses, ()) = tokio::join!(join_all(sending), release);
    responses.iter().map(describe).collect()
}

async fn one_by_one(world: &World, made: &Made, requests: &[Request]) -> Vec<String> {
    let mut responses = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        responses.push(describe(&send(&world.app, made, index, request).await));
    }
    responses
}

/// The response as a shop gets it. Declined responses contain the request id.
fn describe(response: &Result<Response, Error>) -> String {
    match response {
        Ok(Response { outcome, request_id, is_replay }) => match outcome.rejection_code() {
            Some(code) => format!("{code} {request_id} {is_replay} {:?}", outcome.redemption_id()),
            // Amounts from the database have four decimals, which the API does not send.
            None => format!("{outcome:?} {is_replay}").replace(".0000", ".00"),
        },
        Err(error) => format!("{error:?}"),
    }
}

/// All rows that a redemption writes, sorted.
const ROWS: &str = "select string_agg(line, E'\n' order by line) from (
    select 'ledger ' || r::text as line from redemptions r
    union all select 'reservation ' || r::text from reservations r
    union all select 'key ' || k::text from redemption_keys k
    union all select 'order ' || o::text from redemption_orders o
    union all select 'code ' || c::text from redemption_codes c
    union all select 'customer ' || c::text from offer_customers c
    union all select 'refused ' || r::text from offer_refusals r
    union all select 'day ' || d::text from offer_daily d
    union all select 'counters ' || concat_ws(' ', redeemed, spent, held_redemptions, held) from offer_counters) rows";

fn limits(random: &mut fastrand::Rng) -> Value {
    let mut limits = json!({"budget": 20 + random.u32(0..30)});
    if random.bool() {
        limits["max_redemptions"] = json!(2 * MADE + random.usize(0..15));
    }
    if random.bool() {
        limits["max_redemptions_per_customer"] = json!(random.u8(4..9));
    }
    if random.bool() {
        limits["on_budget_shortfall"] = json!("partial");
    }
    limits
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mixed_batch_equals_the_same_commands_one_by_one() {
    for seed in 0..SEEDS {
        let mut random = fastrand::Rng::with_seed(seed);
        let (limits, requests) = (limits(&mut random), requests(&mut random));
        let (batch, single) = (World::new().await, World::new().await);
        let (made, same) = (prepare(&batch, &limits).await, prepare(&single, &limits).await);
        assert_eq!((&made.redemptions, &made.reservations), (&same.redemptions, &same.reservations));
        let batched = as_a_batch(&batch, &made, &requests).await;
        let singly = one_by_one(&single, &same, &requests).await;
        let lines = |responses: &[String]| -> String {
            let lines = requests.iter().zip(responses);
            let lines =
                lines.map(|(Request { command, key }, response)| format!("{command:?} {key:?}: {response}"));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(lines(&batched), lines(&singly), "seed {seed}, {limits}");
        assert_eq!(
            batch.database.text(ROWS).await,
            single.database.text(ROWS).await,
            "seed {seed}, {limits}"
        );
        batch.assert_verified().await;
    }
}
