//! Responses stored under idempotency keys, of the calls that the redemption engine does not decide. (The redemption
//! engine's are written by `redemption::commit_batch` and read by `redemption::prior`.)

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::Error;

/// An HTTP response as it was sent. This is the one place where HTTP reaches the storage: a retry must get the same
/// status, headers and body, and only the API knows how they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    pub status: u16,
    /// Names and values of the headers that belong to this response. They contain no line break.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// Claims a key for a request whose response the same transaction will store. Returns false if the key exists. Waits
/// for another transaction that is claiming it.
pub async fn claim_key(
    connection: &mut PgConnection,
    offer_id: i64,
    key: &str,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"insert into redemption_keys (offer_id, key, request, created_at, status) values ($1, $2, $3, $4, 0)
           on conflict (offer_id, key) do nothing"#,
        offer_id,
        key,
        fingerprint,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores the response of a request that has claimed its key.
pub async fn store_response(
    connection: &mut PgConnection,
    offer_id: i64,
    key: &str,
    response: &StoredResponse,
) -> Result<(), Error> {
    let headers = response.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
    sqlx::query!(
        "update redemption_keys set status = $3, headers = $4, body = $5 where offer_id = $1 and key = $2",
        offer_id,
        key,
        i16::try_from(response.status).unwrap_or_default(),
        headers.collect::<String>(),
        response.body,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The fingerprint of the request that has a key, and its response. The response is `None` if the redemption engine
/// decided the request.
pub async fn find_response(
    connection: &mut PgConnection,
    offer_id: i64,
    key: &str,
) -> Result<Option<(String, Option<StoredResponse>)>, Error> {
    let row = sqlx::query!(
        "select request, status, headers, body from redemption_keys where offer_id = $1 and key = $2",
        offer_id,
        key,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let pairs = row.headers.as_deref().unwrap_or_default().lines();
        let headers = pairs.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let status = row.status.and_then(|status| u16::try_from(status).ok());
        let response = status.zip(row.body).map(|(status, body)| StoredResponse { status, headers, body });
        (row.request, response)
    }))
}

/// Deletes the keys that were created before a moment, and returns how many.
pub async fn purge_keys(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    let done =
        sqlx::query!("delete from redemption_keys where created_at < $1", before).execute(connection).await?;
    Ok(done.rows_affected())
}
