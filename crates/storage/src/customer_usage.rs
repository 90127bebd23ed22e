//! Redemptions and open reservations per customer, for offers that limit them.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::Error;

/// The usage of these customers: (customer id, uses). Customers without usage are left out.
pub async fn find_usage(
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

/// Sets the usage of these customers. The offer must be locked.
pub async fn set_usage(
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

/// Prevents others from counting or deleting the usage of the offer until the transaction ends. Redemptions continue.
pub async fn lock_usage(connection: &mut PgConnection, offer_id: i64) -> Result<(), Error> {
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtextextended('offer_customers', $1)) as "lock!: ()""#,
        offer_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts the usage of an offer from its ledger, which may take long, and returns the id of the last counted entry.
/// For an offer that does not limit it yet, and which therefore need not be locked. Requires [`lock_usage`].
pub async fn count_usage(connection: &mut PgConnection, offer_id: i64) -> Result<i64, Error> {
    delete_usage(connection, offer_id).await?;
    let last = sqlx::query_scalar!(
        r#"with counted as (
               insert into offer_customers (offer_id, customer_id, uses)
               select $1, customer_id, sum(case when reverses is null then 1 else -1 end)
               from redemptions where offer_id = $1
               group by customer_id)
           select coalesce(max(id), 0) as "last!" from redemptions where offer_id = $1"#,
        offer_id,
    );
    Ok(last.fetch_one(connection).await?)
}

/// Adds the entries after the last counted one, and the open reservations. The offer must be locked.
pub async fn add_usage_since(connection: &mut PgConnection, offer_id: i64, last: i64) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into offer_customers (offer_id, customer_id, uses)
           select $1, customer_id, sum(uses) from (
               select customer_id, case when reverses is null then 1 else -1 end as uses
               from redemptions where offer_id = $1 and id > $2
               union all
               select customer_id, 1 from reservations where offer_id = $1 and state = 'open') u
           group by customer_id
           on conflict (offer_id, customer_id) do update set uses = offer_customers.uses + excluded.uses"#,
        offer_id,
        last,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the usage of an offer that does not limit it. Requires [`lock_usage`].
pub async fn delete_usage(connection: &mut PgConnection, offer_id: i64) -> Result<(), Error> {
    sqlx::query!("delete from offer_customers where offer_id = $1", offer_id).execute(connection).await?;
    Ok(())
}
