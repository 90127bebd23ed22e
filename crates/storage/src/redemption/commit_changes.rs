//! Writes the changes of a batch that are not plain redemptions: reversals, redemptions with unique codes, and
//! reservations. The transaction must hold the lock of the offer's counters ([`crate::offers::lock_counters`]).

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::redemption::HoldState;
use offercast_domain::{Grant, Order, Totals};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::WrittenIds;
use crate::Error;
use crate::jobs::{self, Due, Priority};

/// The changes of one batch of one offer, in the order of their decisions.
#[derive(Debug, Clone)]
pub struct NewChanges<'a> {
    pub offer_id: i64,
    pub decided_at: DateTime<Utc>,
    /// The budget at the time of the decision.
    pub budget: Option<Decimal>,
    /// The offer's totals after the changes.
    pub totals: Totals,
    pub entries: Vec<NewEntry<'a>>,
    pub reservations: Vec<NewReservation<'a>>,
    pub closed: Vec<ClosedReservation>,
}

/// A ledger entry that is not a plain redemption.
#[derive(Debug, Clone)]
pub struct NewEntry<'a> {
    /// Position of its request in the batch.
    pub position: usize,
    pub order: &'a Order,
    /// Negative for a reversal.
    pub discount: Decimal,
    pub discount_asked: Decimal,
    /// The day on which it counts.
    pub day: NaiveDate,
    /// The redemption that it reverses.
    pub reverses: Option<i64>,
    /// Why it is reversed.
    pub reason: Option<&'a str>,
    /// Serial of the unique code that was redeemed.
    pub code_serial: Option<i64>,
    /// The offer's totals after the entry.
    pub totals: Totals,
    /// Who made it.
    pub actor: &'a str,
}

#[derive(Debug, Clone)]
pub struct NewReservation<'a> {
    /// Position of its request in the batch.
    pub position: usize,
    /// Who reserved.
    pub actor: &'a str,
    pub order: &'a Order,
    pub grant: Grant,
    pub expires_at: DateTime<Utc>,
    pub remaining_budget: Option<Decimal>,
}

#[derive(Debug, Clone, Copy)]
pub struct ClosedReservation {
    pub id: i64,
    pub state: HoldState,
    /// If it was confirmed, the position of the request whose entry is the redemption.
    pub confirmed_by: Option<usize>,
}

/// Writes the changes and returns the ids of the new entries and reservations. Sets the totals, and increments the
/// version of the terms: otherwise another process could take the offer for unchanged when the totals return to an
/// earlier value.
pub async fn commit_changes(
    connection: &mut PgConnection,
    changes: &NewChanges<'_>,
) -> Result<WrittenIds, Error> {
    set_totals(connection, changes).await?;
    free_orders_and_codes(connection, changes).await?;
    let entries = insert_entries(connection, changes).await?;
    let reservations = insert_reservations(connection, changes).await?;
    if !entries.is_empty() {
        jobs::enqueue_forecasts(connection, &[changes.offer_id], Due::Soon, Priority::User).await?;
    }
    close_reservations(connection, changes, &entries).await?;
    Ok(entries.and(reservations))
}

async fn set_totals(connection: &mut PgConnection, changes: &NewChanges<'_>) -> Result<(), Error> {
    let Totals { redeemed, spent, held } = changes.totals;
    sqlx::query!(
        r#"update offer_counters
           set redeemed = $2, spent = $3, held_redemptions = $4, held = $5, terms_version = terms_version + 1
           where offer_id = $1"#,
        changes.offer_id,
        redeemed,
        spent,
        held.redemptions,
        held.discount,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// After a reversal, the order and the code of the redemption may be redeemed again.
async fn free_orders_and_codes(connection: &mut PgConnection, changes: &NewChanges<'_>) -> Result<(), Error> {
    let reversed: Vec<i64> = changes.entries.iter().filter_map(|entry| entry.reverses).collect();
    if reversed.is_empty() {
        return Ok(());
    }
    let reversals = changes.entries.iter().filter(|entry| entry.reverses.is_some());
    let orders: Vec<String> = reversals.filter_map(|entry| entry.order.order_id.clone()).collect();
    sqlx::query!(
        r#"with codes as (delete from redemption_codes where offer_id = $1 and redemption_id = any($3))
           delete from redemption_orders
           where offer_id = $1 and order_id = any($2) and redemption_id = any($3)"#,
        changes.offer_id,
        &orders,
        &reversed,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Inserts ledger entries, with their part of the roll-up, redeemed orders and used codes.
async fn insert_entries(
    connection: &mut PgConnection,
    changes: &NewChanges<'_>,
) -> Result<WrittenIds, Error> {
    let entries = &changes.entries;
    if entries.is_empty() {
        return Ok(WrittenIds::default());
    }
    let ids = sqlx::query_scalar!(
        r#"with new as (
               select * from unnest($4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::date[],
                                    $10::bigint[], $11::text[], $12::bigint[], $13::numeric[], $14::numeric[],
                                    $15::bigint[], $16::text[])
                    with ordinality
                    as e (customer_id, order_id, order_amount, discount, discount_asked, day,
                          reverses, reason, redeemed_after, spent_after, held_after, code_serial, actor, n)),
           daily as (
               insert into offer_daily (offer_id, day, redemptions, discount)
               select $1, day, sum(case when reverses is null then 1 else -1 end), sum(discount)
               from new group by day
               on conflict (offer_id, day) do update
               set redemptions = offer_daily.redemptions + excluded.redemptions,
                   discount = offer_daily.discount + excluded.discount),
           entries as (
               insert into redemptions (offer_id, redeemed_at, budget, customer_id, order_id, order_amount, discount,
                                        discount_asked, redemption_date, reverses, reason, redeemed_after,
                                        spent_after, held_after, code_serial, actor)
               select $1, $2, $3, customer_id, order_id, order_amount, discount, nullif(discount_asked, discount),
                      day, reverses, reason, redeemed_after, spent_after, nullif(held_after, 0), code_serial, actor
               from new order by n
               returning id, order_id, reverses, code_serial),
           codes as (
               insert into redemption_codes (offer_id, serial, redemption_id)
               select $1, code_serial, id from entries where code_serial is not null),
           orders as (
               insert into redemption_orders (offer_id, order_id, redemption_id)
               select $1, order_id, id from entries where order_id is not null and reverses is null)
           select id from entries"#,
        changes.offer_id,
        changes.decided_at,
        changes.budget,
        &entries.iter().map(|entry| entry.order.customer_id.clone()).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.order.order_id.clone()).collect::<Vec<_>>() as &[Option<String>],
        &entries.iter().map(|entry| entry.order.order_amount).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.discount).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.discount_asked).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.day).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.reverses).collect::<Vec<_>>() as &[Option<i64>],
        &entries.iter().map(|entry| entry.reason.map(str::to_owned)).collect::<Vec<_>>() as &[Option<String>],
        &entries.iter().map(|entry| entry.totals.redeemed).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.totals.spent).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.totals.held.discount).collect::<Vec<_>>(),
        &entries.iter().map(|entry| entry.code_serial).collect::<Vec<_>>() as &[Option<i64>],
        &entries.iter().map(|entry| entry.actor).collect::<Vec<_>>() as &[&str],
    )
    .fetch_all(connection)
    .await?;
    Ok(WrittenIds::new(entries.iter().map(|entry| entry.position), in_order(ids)))
}

async fn insert_reservations(
    connection: &mut PgConnection,
    changes: &NewChanges<'_>,
) -> Result<WrittenIds, Error> {
    let new = &changes.reservations;
    if new.is_empty() {
        return Ok(WrittenIds::default());
    }
    let ids = sqlx::query_scalar!(
        r#"insert into reservations (offer_id, reserved_at, customer_id, order_id, order_amount, discount,
                                     discount_asked, expires_at, remaining_budget, actor)
           select $1, $2, customer_id, order_id, order_amount, discount, discount_asked, expires_at, remaining_budget,
                  actor
           from unnest($3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::timestamptz[],
                       $9::numeric[], $10::text[]) with ordinality
                as r (customer_id, order_id, order_amount, discount, discount_asked, expires_at, remaining_budget, actor,
                      n)
           order by n
           returning id"#,
        changes.offer_id,
        changes.decided_at,
        &new.iter().map(|new| new.order.customer_id.clone()).collect::<Vec<_>>(),
        &new.iter().map(|new| new.order.order_id.clone()).collect::<Vec<_>>() as &[Option<String>],
        &new.iter().map(|new| new.order.order_amount).collect::<Vec<_>>(),
        &new.iter().map(|new| new.grant.discount).collect::<Vec<_>>(),
        &new.iter().map(|new| new.grant.discount_asked).collect::<Vec<_>>(),
        &new.iter().map(|new| new.expires_at).collect::<Vec<_>>(),
        &new.iter().map(|new| new.remaining_budget).collect::<Vec<_>>() as &[Option<Decimal>],
        &new.iter().map(|new| new.actor).collect::<Vec<_>>() as &[&str],
    )
    .fetch_all(connection)
    .await?;
    Ok(WrittenIds::new(new.iter().map(|new| new.position), in_order(ids)))
}

async fn close_reservations(
    connection: &mut PgConnection,
    changes: &NewChanges<'_>,
    entries: &WrittenIds,
) -> Result<(), Error> {
    let closed = &changes.closed;
    if closed.is_empty() {
        return Ok(());
    }
    let redemption =
        |closed: &ClosedReservation| closed.confirmed_by.and_then(|position| entries.get(position));
    sqlx::query!(
        r#"update reservations r set state = c.state, closed_at = $2, redemption_id = c.redemption_id
           from unnest($3::bigint[], $4::text[], $5::bigint[]) as c (id, state, redemption_id)
           where r.offer_id = $1 and r.id = c.id"#,
        changes.offer_id,
        changes.decided_at,
        &closed.iter().map(|closed| closed.id).collect::<Vec<_>>(),
        &closed.iter().map(|closed| closed.state.name().to_owned()).collect::<Vec<_>>(),
        &closed.iter().map(redemption).collect::<Vec<_>>() as &[Option<i64>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ids are assigned in the order of the rows, but may be returned in any order.
fn in_order(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids
}
