//! A batch of commands of every kind does what the same commands do one by one: the same answers and the same rows.

use std::net::{IpAddr, Ipv4Addr};

use futures_util::future::join_all;
use offercast_app::{Answer, App, Error, Sender};
use offercast_domain::{IdempotencyKey, OfferRef, OrderDraft};
use serde_json::{Value, json};

use crate::support::{World, eventually, offer};

const SEEDS: u64 = 8;
const COMMANDS: usize = 40;
const OFFER: &str = "MIXED";

/// What a shop asks for. The numbers name a customer, an order, or one of what [`prepare`] has made.
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

/// Few customers, orders, keys and amounts, so that requests meet each other often.
fn requests(random: &mut fastrand::Rng) -> Vec<Request> {
    let request = |random: &mut fastrand::Rng| Request {
        command: command(random),
        key: (random.u8(0..3) == 0).then(|| random.u8(0..6)),
    };
    let mut requests: Vec<_> = (0..COMMANDS).map(|_| request(random)).collect();
    // A batch decides plain redemptions last.
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

/// Redemptions, reservations and codes that are there before.
const MADE: usize = 5;

struct Made {
    /// Reversals and confirmations name the offer by its id: so all go into one queue.
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
        // Some of them for an order that others ask for too.
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

async fn send(app: &App, made: &Made, place: usize, request: &Request) -> Result<Answer, Error> {
    let sender = Sender {
        key: request.key.map(|key| IdempotencyKey::parse(&format!("key-{key}")).unwrap()),
        request_id: format!("request-{place}"),
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

/// All of them wait for the lock of the offer, in their order, and go as one batch.
async fn as_a_batch(world: &World, made: &Made, requests: &[Request]) -> Vec<String> {
    let holder = world.hold(OFFER).await;
    let sending = requests.iter().enumerate().map(|(place, request)| async move {
        // The first opens the lane; each next one waits behind those before it.
        eventually("the requests before it wait", async || world.app.requests_waiting() >= place).await;
        send(&world.app, made, place, request).await
    });
    let release = async {
        eventually("all wait", async || world.app.requests_waiting() == requests.len()).await;
        holder.release().await;
    };
    let (answers, ()) = tokio::join!(join_all(sending), release);
    answers.iter().map(told).collect()
}

async fn one_by_one(world: &World, made: &Made, requests: &[Request]) -> Vec<String> {
    let mut answers = Vec::new();
    for (place, request) in requests.iter().enumerate() {
        answers.push(told(&send(&world.app, made, place, request).await));
    }
    answers
}

/// The answer as a shop gets it: the id of the request is a part of answers that say no.
fn told(answer: &Result<Answer, Error>) -> String {
    match answer {
        Ok(Answer { outcome, request_id, is_replay }) => match outcome.refusal_code() {
            Some(code) => format!("{code} {request_id} {is_replay} {:?}", outcome.redemption_id()),
            // Amounts from the database have four digits after the point, and leave the API without them.
            None => format!("{outcome:?} {is_replay}").replace(".0000", ".00"),
        },
        Err(error) => format!("{error:?}"),
    }
}

/// Everything that a redemption writes, without the order in which it lies.
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
async fn a_batch_of_every_kind_is_the_same_as_one_by_one() {
    for seed in 0..SEEDS {
        let mut random = fastrand::Rng::with_seed(seed);
        let (limits, requests) = (limits(&mut random), requests(&mut random));
        let (batch, single) = (World::new().await, World::new().await);
        let (made, same) = (prepare(&batch, &limits).await, prepare(&single, &limits).await);
        assert_eq!((&made.redemptions, &made.reservations), (&same.redemptions, &same.reservations));
        let together = as_a_batch(&batch, &made, &requests).await;
        let apart = one_by_one(&single, &same, &requests).await;
        let lines = |answers: &[String]| -> String {
            let lines = requests.iter().zip(answers);
            let lines =
                lines.map(|(Request { command, key }, answer)| format!("{command:?} {key:?}: {answer}"));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(lines(&together), lines(&apart), "seed {seed}, {limits}");
        assert_eq!(
            batch.database.text(ROWS).await,
            single.database.text(ROWS).await,
            "seed {seed}, {limits}"
        );
        batch.assert_verified().await;
    }
}
