use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// An entry of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    pub id: i64,
    /// The redemption that the entry reverses; the discount is negative then.
    pub reverses: Option<i64>,
    /// Why it is reversed.
    pub reason: Option<String>,
    pub customer_id: String,
    pub order_id: Option<String>,
    pub order_amount: Decimal,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
}

/// Entries of an offer before an id, newest first.
pub async fn ledger_page(
    connection: &mut PgConnection,
    offer_id: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let rows = sqlx::query_as!(
        LedgerRow,
        r#"select id, reverses, reason, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
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

/// Redemptions of an offer after an id that are not reversed, oldest first.
pub async fn ledger_since(
    connection: &mut PgConnection,
    offer_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let rows = sqlx::query_as!(
        LedgerRow,
        r#"select id, reverses, reason, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
           from redemptions r
           where offer_id = $1 and id > $2 and reverses is null
             and not exists (select from redemptions b where b.offer_id = $1 and b.reverses = r.id)
           order by id limit $3"#,
        offer_id,
        after,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
