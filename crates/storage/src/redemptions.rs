use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Grant, Order};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// An accepted redemption, to be written.
#[derive(Debug, Clone)]
pub struct NewRedemption<'a> {
    pub offer_id: i64,
    pub order: &'a Order,
    pub grant: Grant,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
}

/// Ledger, counters and roll-up in one statement. The offer has to be locked ([`crate::lock_offer`]):
/// the new totals are written, not added.
pub async fn record_redemption(connection: &mut PgConnection, new: &NewRedemption<'_>) -> Result<i64, Error> {
    let id = sqlx::query_scalar!(
        r#"with counters as (
               update offer_counters set redeemed = $8, spent = $9 where offer_id = $1),
           daily as (
               insert into offer_daily (offer_id, day, redemptions, discount)
               values ($1, $7, 1, $5)
               on conflict (offer_id, day) do update
               set redemptions = offer_daily.redemptions + 1,
                   discount = offer_daily.discount + excluded.discount)
           insert into redemptions (offer_id, customer_id, order_id, order_amount, discount,
                                    redeemed_at, redemption_date)
           values ($1, $2, $3, $4, $5, $6, $7)
           returning id"#,
        new.offer_id,
        new.order.customer_id,
        new.order.order_id,
        new.order.order_amount,
        new.grant.discount,
        new.redeemed_at,
        new.redemption_date,
        new.grant.totals.redeemed,
        new.grant.totals.spent,
    )
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    pub id: i64,
    pub customer_id: String,
    pub order_id: Option<String>,
    pub order_amount: Decimal,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
}

/// The ledger of an offer, newest first, before an id.
pub async fn ledger_page(
    connection: &mut PgConnection,
    offer_id: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let rows = sqlx::query_as!(
        LedgerRow,
        r#"select id, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
           from redemptions where offer_id = $1 and ($2::bigint is null or id < $2)
           order by id desc limit $3"#,
        offer_id,
        before,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The ledger of an offer, oldest first, after an id.
pub async fn ledger_since(
    connection: &mut PgConnection,
    offer_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let rows = sqlx::query_as!(
        LedgerRow,
        r#"select id, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
           from redemptions where offer_id = $1 and id > $2
           order by id limit $3"#,
        offer_id,
        after,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
