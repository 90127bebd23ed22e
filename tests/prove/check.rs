//! Holds what was told against what there is.

mod codes;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::offers::{self, Pause};
use crate::told::{Answer, Told, Way};
use crate::world::World;
use codes::Uses;

/// A line of the ledger.
#[derive(Debug, Clone)]
struct Line {
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

/// Everything that is wrong.
pub async fn check(world: &World, told: &[Told], pauses: &[Pause]) -> Vec<String> {
    let mut connection = world.connect().await;
    let mut findings = read(&mut connection, told, pauses).await;
    findings.extend(holds_are_given_back(&mut connection).await);
    println!("checked {} orders against the ledger", told.len());
    findings
}

/// The same check on a database with something wrong in it, which it has to find; nothing of that stays.
pub async fn can_fail(world: &World, told: &[Told], pauses: &[Pause]) -> Vec<String> {
    let accepted = told.iter().find_map(Told::accepted).expect("something was accepted");
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
        if read(&mut connection, told, pauses).await.is_empty() {
            missed.push(format!("the check did not notice `{corruption}`"));
        }
        sqlx::raw_sql("rollback").execute(&mut connection).await.unwrap();
    }
    let shared = codes::shared(told);
    let tried = corruptions.len() + usize::from(shared.is_some());
    if let Some(shared) = shared
        && read(&mut connection, &shared, pauses).await.is_empty()
    {
        missed.push("the check did not notice a code that redeemed twice".to_owned());
    }
    println!("{} of {tried} corruptions were noticed", tried - missed.len());
    connection.close().await.unwrap();
    missed
}

async fn read(connection: &mut PgConnection, told: &[Told], pauses: &[Pause]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut lines: HashMap<String, Vec<Line>> = HashMap::new();
    // What was held before may be confirmed while the offer is paused.
    let held = told.iter().filter(|one| one.way == Way::Confirm).map(|one| one.customer.as_str()).collect();
    for offer in 0..offers::COUNT {
        let ledger = ledger(connection, offers::code(offer)).await;
        findings.extend(walk(connection, offers::code(offer), &ledger, pauses, &held).await);
        for line in ledger {
            lines.entry(line.customer.clone()).or_default().push(line);
        }
    }
    let mut uses = Uses::default();
    for one in told {
        let found = lines.remove(&one.customer).unwrap_or_default();
        uses.add(one, &found);
        let wrong = judge(one, &found);
        findings.extend(wrong.map(|wrong| format!("{}: {wrong}: {one:?}, ledger {found:?}", one.customer)));
    }
    findings.extend(uses.check(connection).await);
    findings
        .extend(lines.into_keys().map(|customer| format!("{customer} stands in the ledger and never asked")));
    findings
}

async fn ledger(connection: &mut PgConnection, code: &str) -> Vec<Line> {
    let rows = sqlx::query(
        "select r.* from redemptions r join offers o on o.id = r.offer_id where o.code = $1 order by r.id",
    );
    let line = |row: sqlx::postgres::PgRow| Line {
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
    rows.bind(code).fetch(connection).map_ok(line).try_collect().await.unwrap()
}

/// The ledger of an offer from its first line to its last: limits at every moment, then the sums.
async fn walk(
    connection: &mut PgConnection,
    code: &str,
    ledger: &[Line],
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
    for line in ledger {
        let by = if line.reverses.is_some() { -1 } else { 1 };
        redeemed += by;
        spent += line.discount;
        let day = days.entry(line.day).or_default();
        *day = (day.0 + by, day.1 + line.discount);
        let paused = !held.contains(line.customer.as_str())
            && pauses.iter().any(|pause| pause.code == code && (pause.from..pause.to).contains(&line.at));
        for (is_wrong, what) in [
            ((line.redeemed_after, line.spent_after) != (redeemed, spent), "running totals"),
            (by > 0 && most.is_some_and(|most| redeemed > most), "above the maximum"),
            (by > 0 && line.budget.is_some_and(|budget| spent > budget), "above the budget"),
            (by > 0 && !(first..=last).contains(&line.day), "outside its dates"),
            (by > 0 && paused, "while it was paused"),
            (by > 0 && line.discount != tenth(line.amount), "not a tenth of the order"),
        ] {
            findings.extend(
                is_wrong.then(|| format!("{code}: {what}: {line:?}, by our count {redeemed}, {spent}")),
            );
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

/// In cents, half away from zero.
fn tenth(amount: Decimal) -> Decimal {
    (amount / Decimal::TEN).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// What is wrong about an order, given the lines of its customer.
fn judge(told: &Told, lines: &[Line]) -> Option<String> {
    let redemptions: Vec<&Line> = lines.iter().filter(|line| line.reverses.is_none()).collect();
    let reversals: Vec<&Line> = lines.iter().filter(|line| line.reverses.is_some()).collect();
    if redemptions.len() > 1 || reversals.len() > 1 {
        return Some("stands more than once".to_owned());
    }
    let mut finals = told.answers.iter().filter(|answer| answer.is_final());
    let first = finals.next();
    // Without a key an order only stands for what was accepted: a refused one may be accepted later.
    if told.key.is_some() && finals.any(|answer| Some(answer) != first) {
        return Some("was told different things".to_owned());
    }
    let is_misused = matches!(&told.misuse, Some(Answer::Done(_)));
    let wrong_refusal =
        matches!(&told.misuse, Some(Answer::Refused(code)) if code != "idempotency_key_reused");
    if is_misused || wrong_refusal {
        return Some("its key served for something else".to_owned());
    }
    match (told.accepted(), redemptions.first()) {
        (Some(data), Some(line)) => contradiction(told, data, line, reversals.first().copied()),
        (Some(_), None) => Some("was accepted and is lost".to_owned()),
        (None, Some(_)) if !told.is_doubtful() => Some("was not accepted and stands".to_owned()),
        (None, Some(_)) if told.outcome().is_some() => Some("was refused and stands".to_owned()),
        (None, Some(_)) if told.way != Way::Redeem && told.way != Way::Confirm => {
            Some("was never confirmed and stands".to_owned())
        }
        (None, _) if !reversals.is_empty() => Some("was taken back without being asked".to_owned()),
        (None, _) => None,
    }
}

/// What was said about an accepted order and is not so.
fn contradiction(told: &Told, data: &Value, line: &Line, reversal: Option<&Line>) -> Option<String> {
    let number = |name: &str| data[name].to_string().parse::<Decimal>().ok();
    let said = (data["redemption_id"].as_i64(), number("discount_given"), data["total_redemptions"].as_i64());
    if said != (Some(line.id), Some(line.discount), Some(line.redeemed_after)) {
        return Some("was told something else than the ledger has".to_owned());
    }
    // What is held for others counts as gone too.
    let left = line.budget.map(|budget| budget - line.spent_after);
    let told_left = number("remaining_budget");
    if told_left.is_some() != left.is_some()
        || told_left > left
        || told_left.is_some_and(|left| left < Decimal::ZERO)
    {
        return Some(format!("was told that {told_left:?} of {left:?} remain"));
    }
    if line.amount != Decimal::new(told.amount, 2) {
        return Some("another amount".to_owned());
    }
    let is_reversed = told.reversed.iter().any(|answer| matches!(answer, Answer::Done(_)));
    let may_be = told.reversed.contains(&Answer::Unknown);
    match reversal {
        None if is_reversed => Some("was taken back and still stands".to_owned()),
        Some(_) if !is_reversed && !may_be => Some("was taken back without being asked".to_owned()),
        Some(reversal) if reversal.discount != -line.discount || reversal.reverses != Some(line.id) => {
            Some("was taken back with another amount".to_owned())
        }
        _ => None,
    }
}

/// Nobody asks for it, and what was left open expires.
async fn holds_are_given_back(connection: &mut PgConnection) -> Option<String> {
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
    Some("what expired a minute ago is still held".to_owned())
}
