//! How often each customer has redeemed an offer that limits it.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::Error;

/// The uses of these customers; those who have none are left out.
pub async fn uses(
    connection: &mut PgConnection,
    offer_id: i64,
    customers: &[String],
) -> Result<Vec<(String, i64)>, Error> {
    let rows = sqlx::query!(
        r#"select c.customer_id, c.uses
           from unnest($2::text[]) as wanted (customer_id)
           cross join lateral (
               select * from offer_customers c
               where c.offer_id = $1 and c.customer_id = wanted.customer_id offset 0) c"#,
        offer_id,
        customers,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.customer_id, row.uses)).collect())
}

/// Writes what the uses of these customers are now. The offer has to be locked.
pub async fn set_uses(
    connection: &mut PgConnection,
    offer_id: i64,
    uses: &HashMap<String, i64>,
) -> Result<(), Error> {
    if uses.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"insert into offer_customers (offer_id, customer_id, uses)
           select $1, * from unnest($2::text[], $3::bigint[])
           on conflict (offer_id, customer_id) do update set uses = excluded.uses"#,
        offer_id,
        &uses.keys().cloned().collect::<Vec<_>>(),
        &uses.values().copied().collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts the uses of an offer anew, from its ledger and its open reservations: when a limit is set, what was
/// redeemed before it counts. The offer has to be locked.
pub async fn count_uses(connection: &mut PgConnection, offer_id: i64) -> Result<(), Error> {
    forget_uses(connection, offer_id).await?;
    sqlx::query!(
        r#"insert into offer_customers (offer_id, customer_id, uses)
           select $1, customer_id, sum(uses) from (
               select customer_id, case when reverses is null then 1 else -1 end as uses
               from redemptions where offer_id = $1
               union all
               select customer_id, 1 from reservations where offer_id = $1 and state = 'open') u
           group by customer_id"#,
        offer_id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn forget_uses(connection: &mut PgConnection, offer_id: i64) -> Result<(), Error> {
    sqlx::query!("delete from offer_customers where offer_id = $1", offer_id).execute(connection).await?;
    Ok(())
}
