use futures_util::TryStreamExt;
use offercast_domain::Zone;
use sqlx::{Connection, PgConnection};

use crate::Error;
use crate::session::connect_unlimited;

/// A difference between stored data and the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub offer_code: String,
    /// What differs, such as `counters (redeemed, spent)` or `day of redemption 7`.
    pub what: String,
    pub stored: String,
    pub expected: String,
}

/// Recomputes all counters, roll-ups and running totals from the ledger and checks all limits, in one snapshot and
/// without a timeout.
///
/// A limit counts as exceeded if a live redemption took the running total over it. Imported redemptions may exceed
/// limits.
pub async fn verify(url: &str) -> Result<Vec<Difference>, Error> {
    let mut connection = connect_unlimited(url).await?;
    sqlx::raw_sql("begin isolation level repeatable read read only").execute(&mut connection).await?;
    let mut differences = counters(&mut connection).await?;
    differences.extend(roll_ups(&mut connection).await?);
    differences.extend(chain(&mut connection).await?);
    differences.extend(reversals(&mut connection).await?);
    differences.extend(orders(&mut connection).await?);
    differences.extend(codes(&mut connection).await?);
    differences.extend(held(&mut connection).await?);
    differences.extend(uses(&mut connection).await?);
    differences.extend(days(&mut connection).await?);
    differences.extend(limits(&mut connection).await?);
    connection.close().await?;
    Ok(differences)
}

/// Returns an error if a migration of this program has not been applied.
pub async fn check_schema(connection: &mut PgConnection) -> Result<(), Error> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    let run = sqlx::query_scalar!(
        r#"select coalesce(max(version), 0) as "version!" from _sqlx_migrations where success"#
    )
    .fetch_one(connection)
    .await?;
    if run < known {
        let message = format!(
            "the schema is at version {run}, but this program needs {known}: run `offercast migrate`"
        );
        return Err(Error::Unreadable(message));
    }
    Ok(())
}

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

async fn counters(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"with ledger as (
               select offer_id, sum(case when reverses is null then 1 else -1 end) as redeemed, sum(discount) as spent
               from redemptions group by offer_id)
           select o.code as offer_code, 'counters (redeemed, spent)' as "what!",
                  coalesce(c.redeemed || ', ' || trim_scale(c.spent), 'no row') as "stored!",
                  coalesce(l.redeemed, 0) || ', ' || trim_scale(coalesce(l.spent, 0)) as "expected!"
           from offers o
           left join offer_counters c on c.offer_id = o.id
           left join ledger l on l.offer_id = o.id
           where c.redeemed is distinct from coalesce(l.redeemed, 0)
              or c.spent is distinct from coalesce(l.spent, 0)
           order by o.code collate "C""#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

async fn roll_ups(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"with ledger as (
               select offer_id, redemption_date as day,
                      sum(case when reverses is null then 1 else -1 end) as redemptions, sum(discount) as discount
               from redemptions group by offer_id, redemption_date)
           select coalesce(o.code, 'no offer ' || coalesce(d.offer_id, l.offer_id)) as "offer_code!",
                  'day ' || coalesce(d.day, l.day) || ' (redemptions, discount)' as "what!",
                  coalesce(d.redemptions || ', ' || trim_scale(d.discount), 'no row') as "stored!",
                  coalesce(l.redemptions || ', ' || trim_scale(l.discount), 'no row') as "expected!"
           from offer_daily d
           full join ledger l on l.offer_id = d.offer_id and l.day = d.day
           left join offers o on o.id = coalesce(d.offer_id, l.offer_id)
           where d.redemptions is distinct from l.redemptions or d.discount is distinct from l.discount
           order by 1 using ~<~, 2 using ~<~"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Checks that each entry's running totals are those of the previous entry plus its own amounts, and within the budget
/// at the time of the decision.
async fn chain(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"with chain as (
               select offer_id, id, redeemed_after, spent_after, held_after, budget, reverses,
                      lag(redeemed_after, 1, 0) over entries
                          + case when reverses is null then 1 else -1 end as redeemed,
                      lag(spent_after, 1, 0) over entries + discount as spent
               from redemptions
               window entries as (partition by offer_id order by id))
           select o.code as offer_code, 'running totals of redemption ' || c.id as "what!",
                  concat_ws(', ', c.redeemed_after, trim_scale(c.spent_after)) as "stored!",
                  concat_ws(', ', c.redeemed, trim_scale(c.spent),
                            'within ' || trim_scale(c.budget)) as "expected!"
           from chain c join offers o on o.id = c.offer_id
           where c.redeemed_after is distinct from c.redeemed or c.spent_after is distinct from c.spent
              or (c.spent_after + coalesce(c.held_after, 0) > c.budget and c.reverses is null
                  -- A hold can be confirmed even if an import has used up the budget meanwhile.
                  and not exists (select from reservations h
                                  where h.offer_id = c.offer_id and h.redemption_id = c.id))
           order by o.code collate "C", c.id limit 1000"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Checks that `redemption_orders` maps each order of a live redemption that was not reversed to one of its
/// redemptions, and no other orders.
async fn orders(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"with ledger as (
               select offer_id, order_id, array_agg(id) as ids from redemptions r
               where source = 'live' and order_id is not null and reverses is null
                 and not exists (select from redemptions b where b.offer_id = r.offer_id and b.reverses = r.id)
               group by offer_id, order_id)
           select o.code as offer_code, 'order ' || coalesce(s.order_id, l.order_id) as "what!",
                  coalesce('redemption ' || s.redemption_id, 'none') as "stored!",
                  coalesce('one of ' || l.ids::text, 'none') as "expected!"
           from redemption_orders s
           full join ledger l on l.offer_id = s.offer_id and l.order_id = s.order_id
           join offers o on o.id = coalesce(s.offer_id, l.offer_id)
           where (s.redemption_id = any(l.ids)) is not true
           order by 1 using ~<~, 2 using ~<~ limit 1000"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Checks that `redemption_codes` maps each code of a redemption that was not reversed to that redemption, and no other
/// codes, and that all of them were issued.
async fn codes(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"with ledger as (
               select offer_id, code_serial as serial, array_agg(id) as ids from redemptions r
               where code_serial is not null and reverses is null
                 and not exists (select from redemptions b where b.offer_id = r.offer_id and b.reverses = r.id)
               group by offer_id, code_serial)
           select o.code as offer_code, 'code ' || coalesce(u.serial, l.serial) as "what!",
                  coalesce('redemption ' || u.redemption_id, 'none') as "stored!",
                  case when b.codes is null then 'not issued'
                       else coalesce('redemption ' || array_to_string(l.ids, ' and '), 'none') end as "expected!"
           from redemption_codes u
           full join ledger l on l.offer_id = u.offer_id and l.serial = u.serial
           join offers o on o.id = coalesce(u.offer_id, l.offer_id)
           left join lateral (
               select * from code_batches b
               where b.offer_id = o.id and coalesce(u.serial, l.serial) >= b.first_serial
                 and coalesce(u.serial, l.serial) < b.first_serial + b.codes
               limit 1) b on true
           where l.ids is distinct from array[u.redemption_id] or b.codes is null
           order by 1 using ~<~, 2 using ~<~ limit 1000"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Checks that each reversal has the discount, customer, order and day of a redemption of the same offer. An index
/// ensures that a redemption is reversed only once.
async fn reversals(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"select o.code as offer_code, 'reversal ' || b.id as "what!",
                  concat_ws(', ', trim_scale(b.discount), b.redemption_date, b.customer_id, b.order_id) as "stored!",
                  coalesce(nullif(concat_ws(', ', trim_scale(-r.discount), r.redemption_date, r.customer_id,
                                            r.order_id), ''), 'no redemption ' || b.reverses) as "expected!"
           from redemptions b
           join offers o on o.id = b.offer_id
           left join redemptions r on r.offer_id = b.offer_id and r.id = b.reverses and r.reverses is null
           where b.reverses is not null
             and (b.discount, b.redemption_date, b.customer_id, b.order_id, b.order_amount)
                 is distinct from (-r.discount, r.redemption_date, r.customer_id, r.order_id, r.order_amount)
           order by 1 using ~<~, 2 using ~<~ limit 1000"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Checks that the held totals are those of the open reservations, and that confirmed reservations are in the ledger
/// unchanged.
async fn held(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let mut rows = sqlx::query_as!(
        Difference,
        r#"with open as (
               select offer_id, count(*) as redemptions, sum(discount) as discount
               from reservations where state = 'open' group by offer_id)
           select o.code as offer_code, 'held (redemptions, discount)' as "what!",
                  c.held_redemptions || ', ' || trim_scale(c.held) as "stored!",
                  coalesce(h.redemptions, 0) || ', ' || trim_scale(coalesce(h.discount, 0)) as "expected!"
           from offer_counters c
           join offers o on o.id = c.offer_id
           left join open h on h.offer_id = c.offer_id
           where (c.held_redemptions, c.held)
                 is distinct from (coalesce(h.redemptions, 0), coalesce(h.discount, 0))
           order by o.code collate "C""#
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.extend(confirmed(connection).await?);
    Ok(rows)
}

async fn confirmed(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"select o.code as offer_code, 'redemption of reservation ' || h.id as "what!",
                  coalesce('redemption ' || r.id || ' of ' || trim_scale(r.discount), 'none') as "stored!",
                  'redemption ' || h.redemption_id || ' of ' || trim_scale(h.discount) as "expected!"
           from reservations h
           join offers o on o.id = h.offer_id
           left join redemptions r on r.offer_id = h.offer_id and r.id = h.redemption_id
           where h.state = 'confirmed'
             and (h.discount, h.customer_id, h.order_id) is distinct from (r.discount, r.customer_id, r.order_id)
           order by 1 using ~<~, 2 using ~<~ limit 1000"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Checks the redemptions per customer of offers that limit them.
async fn uses(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"with counted as (
               select offer_id, customer_id, sum(uses) as uses from (
                   select offer_id, customer_id, case when reverses is null then 1 else -1 end as uses
                   from redemptions
                   union all
                   select offer_id, customer_id, 1 from reservations where state = 'open') u
               join offers o on o.id = u.offer_id and o.max_redemptions_per_customer is not null
               group by offer_id, customer_id)
           select o.code as offer_code, 'usage of customer ' || coalesce(c.customer_id, l.customer_id) as "what!",
                  coalesce(c.uses, 0)::text as "stored!", coalesce(l.uses, 0)::text as "expected!"
           from (select c.* from offer_customers c
                 join offers o on o.id = c.offer_id and o.max_redemptions_per_customer is not null) c
           full join counted l on l.offer_id = c.offer_id and l.customer_id = c.customer_id
           join offers o on o.id = coalesce(c.offer_id, l.offer_id)
           where coalesce(c.uses, 0) <> coalesce(l.uses, 0)
           order by 1 using ~<~, 2 using ~<~ limit 1000"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Checks the day of each redemption. Computed here, not in SQL, because PostgreSQL has its own list of time zones,
/// which may lack some.
async fn days(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let mut rows = sqlx::query!(
        r#"select o.code, o.timezone, r.id, r.redeemed_at, r.redemption_date
           from redemptions r join offers o on o.id = r.offer_id
           where r.reverses is null"#
    )
    .fetch(connection);
    let mut differences = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let day = Zone::parse(&row.timezone).map(|zone| zone.day_of(row.redeemed_at));
        if day != Some(row.redemption_date) && differences.len() < MAX_SHOWN {
            differences.push(Difference {
                offer_code: row.code,
                what: format!("day of redemption {}", row.id),
                stored: row.redemption_date.to_string(),
                expected: day.map_or_else(|| format!("unknown zone {}", row.timezone), |day| day.to_string()),
            });
        }
    }
    Ok(differences)
}

/// Maximum number of differences listed per check.
const MAX_SHOWN: usize = 1_000;

/// Checks the current limits. Two cases are not errors: a limit that was lowered after a reversal, and a hold that was
/// confirmed although the limit had been reached meanwhile.
async fn limits(connection: &mut PgConnection) -> Result<Vec<Difference>, Error> {
    let rows = sqlx::query_as!(
        Difference,
        r#"with over as (
               select o.id, o.code, o.budget, o.max_redemptions,
                      (select max(b.id) from redemptions b
                       where b.offer_id = o.id and b.reverses is not null) as last_reversal
               from offers o join offer_counters c on c.offer_id = o.id
               where c.spent > o.budget or c.redeemed > o.max_redemptions),
           running as (
               select o.code, o.budget, o.max_redemptions, o.last_reversal, r.offer_id, r.source, r.id,
                      sum(case when r.reverses is null then 1 else -1 end) over ledger as redeemed,
                      sum(r.discount) over ledger as spent
               from over o join redemptions r on r.offer_id = o.id
               window ledger as (partition by r.offer_id order by r.id rows unbounded preceding))
           select code as offer_code, 'limit exceeded by redemption ' || min(id) as "what!",
                  max(redeemed) || ' redemptions, ' || trim_scale(max(spent)) || ' spent' as "stored!",
                  'at most ' || coalesce(max_redemptions::text, 'any') || ' redemptions, '
                      || coalesce(trim_scale(budget)::text, 'any') || ' spent' as "expected!"
           from running r
           where source = 'live' and (spent > budget or redeemed > max_redemptions)
             and id > coalesce(last_reversal, 0)
             and not exists (select from reservations h where h.offer_id = r.offer_id and h.redemption_id = r.id)
           group by code, budget, max_redemptions
           order by code collate "C""#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
