//! Unique codes: batches of serials that were issued, and which of them are used. The codes themselves are worked out
//! from their serials and never stored.

use chrono::{DateTime, Utc};
use offercast_domain::{CodeName, CodePrefix, CodesAlike, CodesOrder};
use sqlx::PgConnection;

use crate::Error;

/// Codes that were issued together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBatch {
    pub first_serial: i64,
    pub codes: i64,
    pub prefix: CodePrefix,
    pub length: usize,
    pub issued_at: DateTime<Utc>,
}

struct Row {
    first_serial: i64,
    codes: i64,
    prefix: String,
    length: i16,
    issued_at: DateTime<Utc>,
}

impl TryFrom<Row> for CodeBatch {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let Row { first_serial, codes, prefix, length, issued_at } = row;
        let unreadable =
            || Error::Unreadable(format!("codes from {first_serial} on: prefix {prefix:?}, length {length}"));
        Ok(CodeBatch {
            first_serial,
            codes,
            prefix: CodePrefix::parse(&prefix).ok_or_else(unreadable)?,
            length: usize::try_from(length).map_err(|_| unreadable())?,
            issued_at,
        })
    }
}

/// What all codes are worked out from.
pub async fn code_secret(connection: &mut PgConnection) -> Result<[u8; 32], Error> {
    let secret = sqlx::query_scalar!("select secret from code_secret").fetch_one(connection).await?;
    secret.try_into().map_err(|_| Error::Unreadable("the secret of the codes has not 32 bytes".to_owned()))
}

/// The serial that the next code of an offer has. The offer has to be locked.
pub async fn next_serial(connection: &mut PgConnection, offer_id: i64) -> Result<i64, Error> {
    let next = sqlx::query_scalar!(
        r#"select coalesce(max(first_serial + codes), 0) as "next!" from code_batches where offer_id = $1"#,
        offer_id,
    );
    Ok(next.fetch_one(connection).await?)
}

/// How many codes are read with this prefix and have this length.
pub async fn codes_alike(
    connection: &mut PgConnection,
    offer_id: i64,
    prefix: &CodePrefix,
    length: usize,
) -> Result<CodesAlike, Error> {
    let alike = sqlx::query_as!(
        CodesAlike,
        r#"select coalesce(sum(codes) filter (where offer_id = $3), 0)::bigint as "of_offer!",
                  coalesce(sum(codes), 0)::bigint as "of_all!"
           from code_batches
           where length = $1 and translate(prefix, 'OILU', '011V') = $2"#,
        stored_length(length),
        prefix.as_read(),
        offer_id,
    );
    Ok(alike.fetch_one(connection).await?)
}

/// Takes the serials from the first one on for an order. The offer has to be locked.
pub async fn insert_code_batch(
    connection: &mut PgConnection,
    offer_id: i64,
    first_serial: i64,
    order: &CodesOrder,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into code_batches (offer_id, first_serial, codes, prefix, length, issued_at)
           values ($1, $2, $3, $4, $5, $6)"#,
        offer_id,
        first_serial,
        order.count,
        order.prefix.as_str(),
        stored_length(order.length),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A code has 24 characters at most.
fn stored_length(length: usize) -> i16 {
    i16::try_from(length).unwrap_or(i16::MAX)
}

/// The batches that have serials from one on and before another, in their order.
pub async fn code_batches(
    connection: &mut PgConnection,
    offer_id: i64,
    from: i64,
    before: i64,
) -> Result<Vec<CodeBatch>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select first_serial, codes, prefix, length, issued_at from code_batches
           where offer_id = $1 and first_serial < $3
             and first_serial >= coalesce((select max(first_serial) from code_batches
                                           where offer_id = $1 and first_serial <= $2), 0)
           order by first_serial"#,
        offer_id,
        from,
        before,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(CodeBatch::try_from).collect()
}

/// How many codes of an offer are used.
pub async fn used_codes(connection: &mut PgConnection, offer_id: i64) -> Result<i64, Error> {
    let used = sqlx::query_scalar!(
        r#"select count(*) as "used!" from redemption_codes where offer_id = $1"#,
        offer_id,
    );
    Ok(used.fetch_one(connection).await?)
}

/// The use of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeUse {
    pub serial: i64,
    pub redemption_id: i64,
    pub customer_id: String,
    pub redeemed_at: DateTime<Utc>,
}

/// The uses of the codes from a serial on and before another, in their order.
pub async fn code_uses(
    connection: &mut PgConnection,
    offer_id: i64,
    from: i64,
    before: i64,
) -> Result<Vec<CodeUse>, Error> {
    let uses = sqlx::query_as!(
        CodeUse,
        r#"select c.serial, c.redemption_id, r.customer_id, r.redeemed_at
           from redemption_codes c
           cross join lateral (
               select * from redemptions r where r.offer_id = c.offer_id and r.id = c.redemption_id offset 0) r
           where c.offer_id = $1 and c.serial >= $2 and c.serial < $3
           order by c.serial"#,
        offer_id,
        from,
        before,
    );
    Ok(uses.fetch_all(connection).await?)
}

/// Those of these codes that were issued, with the redemption that has used each.
pub async fn issued_codes(
    connection: &mut PgConnection,
    offer_id: i64,
    codes: &[CodeName],
) -> Result<Vec<(CodeName, Option<i64>)>, Error> {
    let rows = sqlx::query!(
        r#"select wanted.place as "place!", u.redemption_id as "redemption_id?"
           from unnest($2::bigint[], $3::text[], $4::smallint[]) with ordinality
                as wanted (serial, prefix, length, place)
           cross join lateral (
               select * from code_batches b
               where b.offer_id = $1 and b.first_serial <= wanted.serial
               order by b.first_serial desc limit 1) b
           left join lateral (
               select * from redemption_codes u
               where u.offer_id = $1 and u.serial = wanted.serial offset 0) u on true
           where wanted.serial < b.first_serial + b.codes and wanted.length = b.length
             and wanted.prefix = translate(b.prefix, 'OILU', '011V')"#,
        offer_id,
        &codes.iter().map(|code| code.serial).collect::<Vec<_>>(),
        &codes.iter().map(|code| code.prefix.clone()).collect::<Vec<_>>(),
        &codes.iter().map(|code| stored_length(code.length)).collect::<Vec<_>>(),
    )
    .fetch_all(connection)
    .await?;
    let found = rows.into_iter().filter_map(|row| {
        let place = usize::try_from(row.place).ok()?.checked_sub(1)?;
        Some((codes.get(place)?.clone(), row.redemption_id))
    });
    Ok(found.collect())
}
