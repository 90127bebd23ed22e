//! Unique codes: issued batches of serials, and which of them are used. The codes themselves are computed from their
//! serials and never stored.

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
    /// The key that they are encrypted by.
    pub key_id: i32,
    pub issued_at: DateTime<Utc>,
}

struct Row {
    first_serial: i64,
    codes: i64,
    prefix: String,
    length: i16,
    key_id: i32,
    issued_at: DateTime<Utc>,
}

impl TryFrom<Row> for CodeBatch {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let Row { first_serial, codes, prefix, length, key_id, issued_at } = row;
        let unreadable =
            || Error::Unreadable(format!("codes from {first_serial} on: prefix {prefix:?}, length {length}"));
        Ok(CodeBatch {
            first_serial,
            codes,
            prefix: CodePrefix::parse(&prefix).ok_or_else(unreadable)?,
            length: usize::try_from(length).map_err(|_| unreadable())?,
            key_id,
            issued_at,
        })
    }
}

/// The secret that all codes are computed from.
pub async fn code_secret(connection: &mut PgConnection) -> Result<[u8; 32], Error> {
    let secret = sqlx::query_scalar!("select secret from code_secret").fetch_one(connection).await?;
    secret
        .try_into()
        .map_err(|_| Error::Unreadable("the secret of the unique codes does not have 32 bytes".to_owned()))
}

/// The serial of the next code of an offer. The offer must be locked.
pub async fn next_serial(connection: &mut PgConnection, offer_id: i64) -> Result<i64, Error> {
    let next = sqlx::query_scalar!(
        r#"select coalesce(max(first_serial + codes), 0) as "next!" from code_batches where offer_id = $1"#,
        offer_id,
    );
    Ok(next.fetch_one(connection).await?)
}

/// How many codes have this length and a prefix that reads the same.
pub async fn codes_alike(
    connection: &mut PgConnection,
    offer_id: i64,
    prefix: &CodePrefix,
    length: usize,
) -> Result<CodesAlike, Error> {
    let prefixes = sqlx::query!(
        r#"select prefix, coalesce(sum(codes) filter (where offer_id = $3), 0)::bigint as "of_offer!",
                  coalesce(sum(codes), 0)::bigint as "of_all!"
           from code_batches
           where length = $1 and length(prefix) = length($2)
           group by prefix"#,
        stored_length(length),
        prefix.as_str(),
        offer_id,
    )
    .fetch_all(connection)
    .await?;
    let alike = prefixes.iter().filter(|row| reads_as(&row.prefix, &prefix.as_read()));
    Ok(alike.fold(CodesAlike::default(), |sum, row| CodesAlike {
        of_offer: sum.of_offer + row.of_offer,
        of_all: sum.of_all + row.of_all,
    }))
}

fn reads_as(stored: &str, as_read: &str) -> bool {
    CodePrefix::parse(stored).is_some_and(|prefix| prefix.as_read() == as_read)
}

/// Inserts a batch of codes that starts at a serial. The offer must be locked.
pub async fn insert_code_batch(
    connection: &mut PgConnection,
    offer_id: i64,
    first_serial: i64,
    order: &CodesOrder,
    key_id: i32,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into code_batches (offer_id, first_serial, codes, prefix, length, key_id, issued_at)
           values ($1, $2, $3, $4, $5, $6, $7)"#,
        offer_id,
        first_serial,
        order.count,
        order.prefix.as_str(),
        stored_length(order.length),
        key_id,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A code has at most 24 characters.
fn stored_length(length: usize) -> i16 {
    i16::try_from(length).unwrap_or(i16::MAX)
}

/// The batches with serials in the range `from..before`, in order.
pub async fn code_batches(
    connection: &mut PgConnection,
    offer_id: i64,
    from: i64,
    before: i64,
) -> Result<Vec<CodeBatch>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select first_serial, codes, prefix, length, key_id, issued_at from code_batches
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

/// The uses of the codes with serials in the range `from..before`, in order.
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

/// The ids of all keys by which codes were encrypted.
pub async fn used_key_ids(connection: &mut PgConnection) -> Result<Vec<i32>, Error> {
    Ok(sqlx::query_scalar!("select distinct key_id from code_batches").fetch_all(connection).await?)
}

/// Of these codes, those that were issued, each with the redemption that has used it.
pub async fn issued_codes(
    connection: &mut PgConnection,
    offer_id: i64,
    codes: &[CodeName],
) -> Result<Vec<(CodeName, Option<i64>)>, Error> {
    let rows = sqlx::query!(
        r#"select wanted.position as "position!", b.prefix as "prefix!", u.redemption_id as "redemption_id?"
           from unnest($2::bigint[], $3::smallint[], $4::integer[]) with ordinality
                as wanted (serial, length, key_id, position)
           cross join lateral (
               select * from code_batches b
               where b.offer_id = $1 and b.first_serial <= wanted.serial
               order by b.first_serial desc limit 1) b
           left join lateral (
               select * from redemption_codes u
               where u.offer_id = $1 and u.serial = wanted.serial offset 0) u on true
           where wanted.serial < b.first_serial + b.codes and wanted.length = b.length
             and wanted.key_id = b.key_id"#,
        offer_id,
        &codes.iter().map(|code| code.serial).collect::<Vec<_>>(),
        &codes.iter().map(|code| stored_length(code.length)).collect::<Vec<_>>(),
        &codes.iter().map(|code| code.key_id).collect::<Vec<_>>(),
    )
    .fetch_all(connection)
    .await?;
    let found = rows.into_iter().filter_map(|row| {
        let code = codes.get(usize::try_from(row.position).ok()?.checked_sub(1)?)?;
        reads_as(&row.prefix, &code.prefix).then(|| (code.clone(), row.redemption_id))
    });
    Ok(found.collect())
}
