use chrono::{DateTime, Utc};
use offercast_domain::Network;
use offercast_domain::access::{KeyTerms, OfferScope, Scope, Scopes};
use sqlx::PgConnection;

use super::versions::{self, Changed};
use super::{TokenHash, token_hash};
use crate::Error;

/// An API key without its secret.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredKey {
    pub id: i64,
    /// The id of the first key of its rotations.
    pub lineage: i64,
    pub prefix: String,
    pub terms: KeyTerms,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A key to insert.
pub struct NewKey<'a> {
    pub token_hash: &'a TokenHash,
    pub prefix: &'a str,
    pub terms: &'a KeyTerms,
    /// `None` for the first key of a lineage.
    pub lineage: Option<i64>,
    pub created_by: &'a str,
    pub now: DateTime<Utc>,
}

struct Row {
    id: i64,
    lineage: i64,
    name: String,
    prefix: String,
    scopes: Vec<String>,
    offer_ids: Option<Vec<i64>>,
    networks: Option<Vec<String>>,
    created_by: String,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for StoredKey {
    type Error = Error;

    fn try_from(row: Row) -> Result<StoredKey, Error> {
        let unreadable = |text: &str| Error::Unreadable(format!("API key {}: unknown {text:?}", row.id));
        let scopes = row.scopes.iter().map(|text| Scope::parse(text).ok_or_else(|| unreadable(text)));
        let networks = row.networks.as_ref().map(|networks| {
            networks.iter().map(|text| text.parse::<Network>().map_err(|_| unreadable(text))).collect()
        });
        let terms = KeyTerms {
            scopes: scopes.collect::<Result<Scopes, Error>>()?,
            offers: row.offer_ids.as_deref().map_or(OfferScope::All, OfferScope::only),
            networks: networks.transpose()?,
            name: row.name,
            expires_at: row.expires_at,
        };
        Ok(StoredKey {
            id: row.id,
            lineage: row.lineage,
            prefix: row.prefix,
            terms,
            created_by: row.created_by,
            created_at: row.created_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// Inserts a key and returns its id.
pub async fn insert_key(connection: &mut PgConnection, key: &NewKey<'_>) -> Result<i64, Error> {
    let networks = key.terms.networks.as_ref();
    let networks: Option<Vec<String>> =
        networks.map(|networks| networks.iter().map(ToString::to_string).collect());
    let id = sqlx::query_scalar!(
        r#"with next as (select nextval(pg_get_serial_sequence('api_keys', 'id')) as id)
           insert into api_keys (id, lineage, name, prefix, token_hash, scopes, offer_ids, networks, created_by,
                                 created_at, expires_at)
           overriding system value
           select id, coalesce($1, id), $2, $3, $4, $5, $6, $7, $8, $9, $10 from next
           returning id"#,
        key.lineage,
        key.terms.name,
        key.prefix,
        key.token_hash.as_slice(),
        &key.terms.scopes.iter().map(|scope| scope.as_str().to_owned()).collect::<Vec<_>>(),
        key.terms.offers.ids(),
        networks.as_deref(),
        key.created_by,
        key.now,
        key.terms.expires_at,
    )
    .fetch_one(&mut *connection)
    .await?;
    versions::increase(connection, Changed::Keys).await?;
    Ok(id)
}

/// Sets when a key ends, unless it ends earlier already.
pub async fn end_key_at(connection: &mut PgConnection, id: i64, end: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("update api_keys set expires_at = least(expires_at, $2) where id = $1", id, end)
        .execute(&mut *connection)
        .await?;
    versions::increase(connection, Changed::Keys).await
}

pub async fn revoke_key(connection: &mut PgConnection, id: i64, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("update api_keys set revoked_at = coalesce(revoked_at, $2) where id = $1", id, now)
        .execute(&mut *connection)
        .await?;
    versions::increase(connection, Changed::Keys).await
}

/// Finds a key and locks it for the rest of the transaction.
pub async fn lock_key(connection: &mut PgConnection, id: i64) -> Result<Option<StoredKey>, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, lineage, name, prefix, scopes, offer_ids, networks, created_by, created_at, expires_at,
                  revoked_at, last_used_at
           from api_keys where id = $1 for update"#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    row.map(StoredKey::try_from).transpose()
}

/// All keys, the newest first.
pub async fn list_keys(connection: &mut PgConnection) -> Result<Vec<StoredKey>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, lineage, name, prefix, scopes, offer_ids, networks, created_by, created_at, expires_at,
                  revoked_at, last_used_at
           from api_keys order by id desc"#,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(StoredKey::try_from).collect()
}

/// What a request with a key needs to know about it.
pub struct UsableKey {
    pub token_hash: TokenHash,
    pub id: i64,
    pub lineage: i64,
    pub terms: KeyTerms,
}

/// The keys that are neither revoked nor expired.
pub async fn usable_keys(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<UsableKey>, Error> {
    let rows = sqlx::query!(
        r#"select token_hash, id, lineage, name, prefix, scopes, offer_ids, networks, created_by, created_at,
                  expires_at, revoked_at, last_used_at
           from api_keys where revoked_at is null and (expires_at is null or expires_at > $1)"#,
        now,
    )
    .fetch_all(connection)
    .await?;
    let usable = rows.into_iter().map(|row| {
        let hash = token_hash(row.token_hash)?;
        let key = StoredKey::try_from(Row {
            id: row.id,
            lineage: row.lineage,
            name: row.name,
            prefix: row.prefix,
            scopes: row.scopes,
            offer_ids: row.offer_ids,
            networks: row.networks,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        })?;
        Ok(UsableKey { token_hash: hash, id: key.id, lineage: key.lineage, terms: key.terms })
    });
    usable.collect()
}

/// Records when keys were used last.
pub async fn record_uses(connection: &mut PgConnection, uses: &[(i64, DateTime<Utc>)]) -> Result<(), Error> {
    let (ids, times): (Vec<i64>, Vec<DateTime<Utc>>) = uses.iter().copied().unzip();
    sqlx::query!(
        r#"update api_keys k set last_used_at = greatest(last_used_at, used.at)
           from unnest($1::bigint[], $2::timestamptz[]) as used (id, at) where k.id = used.id"#,
        &ids,
        &times,
    )
    .execute(connection)
    .await?;
    Ok(())
}
