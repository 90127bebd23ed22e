//! Compares the responses with the database.

mod codes;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::offers::{self, Pause};
use crate::transcript::{Response, Transcript, Way};
use crate::world::World;
use codes::CodeUses;

/// An entry of the ledger.
#[derive(Debug, Clone)]
struct Entry {
    id: i64,
    reverses: Option<i64>,
    customer: String,
    amount: Decimal,
    discount: Decimal,
    at: DateTime<Utc>,
    day: NaiveDate,
    redeemed_after: i64,
    spent_after: Decimal,
    budget: Option<Decimal>,
}

/// Returns all findings.
pub async fn check(world: &World, transcripts: &[Transcript], pauses: &[Pause]) -> Vec<String> {
    let mut connection = world.connect().await;
    let mut findings = find(&mut connection, transcripts, pauses).await;
    findings.extend(check_expired_reservations(&mut connection).await);
    println!("compared {} orders with the ledger", transcripts.len());
    findings
}

/// Runs the check on corrupted data, each corruption in a transaction that is rolled back. Returns the corruptions that
/// it did not detect.
pub async fn check_detects_corruptions(
    world: &World,
    transcripts: &[Transcript],
    pauses: &[Pause],
) -> Vec<String> {
    let accepted = transcripts.iter().find_map(Transcript::accepted).expect("an accepted order");
    let id = &accepted["redemption_id"];
    let corruptions = [
        format!("delete from redemptions where id = {id}"),
        format!("update redemptions set discount = discount + 1 where id = {id}"),
        format!("update redemptions set customer_id = 'somebody' where id = {id}"),
        format!("update redemptions set spent_after = spent_after - 1 where id = {id}"),
        "update offer_counters set redeemed = redeemed + 1 where redeemed > 0".to_owned(),
        "update offer_counters set spent = 0 where redeemed > 0".to_owned(),
        "update offer_daily set redemptions = redemptions - 1".to_owned(),
        "update offer_daily set discount = discount + 1".to_owned(),
        "update offers set max_redemptions = 1 where code = 'MAXIMUM'".to_owned(),
        "update redemptions set budget = 1 where budget is not null".to_owned(),
        "delete from redemption_codes".to_owned(),
    ];
    let mut connection = world.connect().await;
    let mut missed = Vec::new();
    for corruption in &corruptions {
        sqlx::raw_sql("begin").execute(&mut connection).await.unwrap();
        let changed =
            sqlx::raw_sql(AssertSqlSafe(corruption.clone())).execute(&mut connection).await.unwrap();
        assert!(changed.rows_affected() > 0, "{corruption} changed nothing");
        if find(&mut connection, transcripts, pauses).await.is_empty() {
            missed.push(format!("the check did not detect `{corruption}`"));
        }
        sqlx::raw_sql("rollback").execute(&mut connection).await.unwrap();
    }
    let shared = codes::with_shared_code(transcripts);
    let tried = corruptions.len() + usize::from(shared.is_some());
    if let Some(shared) = shared
        && find(&mut connection, &shared, pauses).await.is_empty()
    {
        missed.push("the check did not detect a code that was redeemed twice".to_owned());
    }
    println!("{} of {tried} corruptions were detected", tried - missed.len());
    connection.close().await.unwrap();
    missed
}

async fn find(connection: &mut PgConnection, transcripts: &[Transcript], pauses: &[Pause]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
    // Reservations may be confirmed while the offer is paused.
    let confirmed = transcripts.iter().filter(|order| order.way == Way::Confirm);
    let held = confirmed.map(|order| order.customer.as_str()).collect();
    for offer in 0..offers::COUNT {
        let ledger = ledger(connection, offers::code(offer)).await;
        findings.extend(check_ledger(connection, offers::code(offer), &ledger, pauses, &held).await);
        for entry in ledger {
            entries.entry(entry.customer.clone()).or_default().push(entry);
        }
    }
    let mut uses = CodeUses::default();
    for order in transcripts {
        let found = entries.remove(&order.customer).unwrap_or_default();
        uses.add(order, &found);
        let wrong = check_order(order, &found);
        findings
            .extend(wrong.map(|wrong| format!("{}: {wrong}: {order:?}, ledger {found:?}", order.customer)));
    }
    findings.extend(uses.check(connection).await);
    findings.extend(
        entries
            .into_keys()
            .map(|customer| format!("{customer} is in the ledger without having sent an order")),
    );
    findings
}

async fn ledger(connection: &mut PgConnection, code: &str) -> Vec<Entry> {
    let rows = sqlx::query(
        "select r.* from redemptions r join offers o on o.id = r.offer_id where o.code = $1 order by r.id",
    );
    let entry = |row: sqlx::postgres::PgRow| Entry {
        id: row.get("id"),
        reverses: row.get("reverses"),
        customer: row.get("customer_id"),
        amount: row.get("order_amount"),
        discount: row.get("discount"),
        at: row.get("redeemed_at"),
        day: row.get("redemption_date"),
        redeemed_after: row.get("redeemed_after"),
        spent_after: row.get("spent_after"),
        budget: row.get("budget"),
    };
    rows.bind(code).fetch(connection).map_ok(entry).try_collect().await.unwrap()
}

/// Checks the ledger of an offer: the limits after every entry, then the sums.
async fn check_ledger(
    connection: &mut PgConnection,
    code: &str,
    ledger: &[Entry],
    pauses: &[Pause],
    held: &HashSet<&str>,
) -> Vec<String> {
    let offer = sqlx::query(
        "select o.max_redemptions, o.start_date, o.end_date, c.redeemed, c.spent
         from offers o join offer_counters c on c.offer_id = o.id where o.code = $1",
    );
    let offer = offer.bind(code).fetch_one(&mut *connection).await.unwrap();
    let most: Option<i64> = offer.get("max_redemptions");
    let (first, last): (NaiveDate, NaiveDate) = (offer.get("start_date"), offer.get("end_date"));
    let (mut redeemed, mut spent) = (0, Decimal::ZERO);
    let mut days: BTreeMap<NaiveDate, (i64, Decimal)> = BTreeMap::new();
    let mut findings = Vec::new();
    for entry in ledger {
        let by = if entry.reverses.is_some() { -1 } else { 1 };
        redeemed += by;
        spent += entry.discount;
        let day = days.entry(entry.day).or_default();
        *day = (day.0 + by, day.1 + entry.discount);
        let paused = !held.contains(entry.customer.as_str())
            && pauses.iter().any(|pause| pause.code == code && (pause.from..pause.to).contains(&entry.at));
        for (is_wrong, what) in [
            ((entry.redeemed_after, entry.spent_after) != (redeemed, spent), "wrong running totals"),
            (by > 0 && most.is_some_and(|most| redeemed > most), "above the maximum"),
            (by > 0 && entry.budget.is_some_and(|budget| spent > budget), "above the budget"),
            (by > 0 && !(first..=last).contains(&entry.day), "outside its dates"),
            (by > 0 && paused, "while it was paused"),
            (by > 0 && entry.discount != tenth(entry.amount), "not a tenth of the order"),
        ] {
            findings
                .extend(is_wrong.then(|| format!("{code}: {what}: {entry:?}, expected {redeemed}, {spent}")));
        }
    }
    if (offer.get::<i64, _>("redeemed"), offer.get::<Decimal, _>("spent")) != (redeemed, spent) {
        findings.push(format!("{code}: the counters are not {redeemed}, {spent}"));
    }
    days.retain(|_, day| *day != (0, Decimal::ZERO));
    if days != daily(connection, code).await {
        findings.push(format!("{code}: the days are not {days:?}"));
    }
    findings
}

async fn daily(connection: &mut PgConnection, code: &str) -> BTreeMap<NaiveDate, (i64, Decimal)> {
    let rows = sqlx::query(
        "select d.day, d.redemptions, d.discount from offer_daily d join offers o on o.id = d.offer_id
         where o.code = $1 and (d.redemptions, d.discount) <> (0, 0)",
    );
    let rows = rows.bind(code).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| (row.get("day"), (row.get("redemptions"), row.get("discount")))).collect()
}

/// A tenth of the amount, rounded to cents, half away from zero.
fn tenth(amount: Decimal) -> Decimal {
    (amount / Decimal::TEN).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Compares an order with the entries of its customer. Returns what is wrong.
fn check_order(order: &Transcript, entries: &[Entry]) -> Option<String> {
    let redemptions: Vec<&Entry> = entries.iter().filter(|entry| entry.reverses.is_none()).collect();
    let reversals: Vec<&Entry> = entries.iter().filter(|entry| entry.reverses.is_some()).collect();
    if redemptions.len() > 1 || reversals.len() > 1 {
        return Some("was redeemed or reversed more than once".to_owned());
    }
    let mut finals = order.responses.iter().filter(|response| response.is_final());
    let first = finals.next();
    // Without a key, only an accepted response is repeated: a declined order may be accepted later.
    if order.key.is_some() && finals.any(|response| Some(response) != first) {
        return Some("got different responses".to_owned());
    }
    let is_misused = matches!(&order.misuse, Some(Response::Done(_)));
    let wrong_refusal =
        matches!(&order.misuse, Some(Response::Refused(code)) if code != "idempotency_key_reused");
    if is_misused || wrong_refusal {
        return Some("its key was accepted for a different request".to_owned());
    }
    match (order.accepted(), redemptions.first()) {
        (Some(data), Some(entry)) => check_accepted(order, data, entry, reversals.first().copied()),
        (Some(_), None) => Some("was accepted but is not in the ledger".to_owned()),
        (None, Some(_)) if !order.is_in_doubt() => Some("was not accepted but is in the ledger".to_owned()),
        (None, Some(_)) if order.outcome().is_some() => Some("was declined but is in the ledger".to_owned()),
        (None, Some(_)) if order.way != Way::Redeem && order.way != Way::Confirm => {
            Some("was never confirmed but is in the ledger".to_owned())
        }
        (None, _) if !reversals.is_empty() => Some("was reversed without a request".to_owned()),
        (None, _) => None,
    }
}

/// Compares the response to an accepted order with its entries. Returns what is wrong.
fn check_accepted(
    order: &Transcript,
    data: &Value,
    entry: &Entry,
    reversal: Option<&Entry>,
) -> Option<String> {
    let number = |name: &str| data[name].to_string().parse::<Decimal>().ok();
    let figures =
        (data["redemption_id"].as_i64(), number("discount_given"), data["total_redemptions"].as_i64());
    if figures != (Some(entry.id), Some(entry.discount), Some(entry.redeemed_after)) {
        return Some("the response differs from the ledger".to_owned());
    }
    // The response also subtracts reservations of others.
    let left = entry.budget.map(|budget| budget - entry.spent_after);
    let reported = number("remaining_budget");
    if reported.is_some() != left.is_some()
        || reported > left
        || reported.is_some_and(|left| left < Decimal::ZERO)
    {
        return Some(format!("the response has a remaining budget of {reported:?}, the ledger of {left:?}"));
    }
    if entry.amount != Decimal::new(order.amount, 2) {
        return Some("the ledger has a different amount".to_owned());
    }
    let is_reversed = order.reversed.iter().any(|response| matches!(response, Response::Done(_)));
    let may_be_reversed = order.reversed.contains(&Response::Unknown);
    match reversal {
        None if is_reversed => Some("the reversal is not in the ledger".to_owned()),
        Some(_) if !is_reversed && !may_be_reversed => Some("was reversed without a request".to_owned()),
        Some(reversal) if reversal.discount != -entry.discount || reversal.reverses != Some(entry.id) => {
            Some("was reversed with a different amount".to_owned())
        }
        _ => None,
    }
}

/// Waits until expired reservations are released, which happens without a request, and checks the held totals.
async fn check_expired_reservations(connection: &mut PgConnection) -> Option<String> {
    let open = "select count(*) from reservations where state = 'open' and expires_at < now()";
    let held = "select count(*) from offer_counters c where (held_redemptions, held) is distinct from
                (select (count(*), coalesce(sum(discount), 0)) from reservations r
                 where r.offer_id = c.offer_id and state = 'open')";
    for _ in 0..600 {
        let open: i64 = sqlx::query_scalar(open).fetch_one(&mut *connection).await.unwrap();
        let wrong: i64 = sqlx::query_scalar(held).fetch_one(&mut *connection).await.unwrap();
        if (open, wrong) == (0, 0) {
            return None;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Some("reservations that expired a minute ago are not released".to_owned())
}
