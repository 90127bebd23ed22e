use chrono::{DateTime, Utc};
use offercast_domain::access::Role;
use sqlx::PgConnection;

use super::versions::{self, Changed};
use super::{TokenHash, token_hash};
use crate::Error;

/// A session to insert.
pub struct NewSession<'a> {
    pub user_id: i64,
    pub token_hash: &'a TokenHash,
    pub user_agent: &'a str,
    pub address: &'a str,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    pub id: i64,
    pub user_agent: String,
    pub address: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub async fn insert_session(connection: &mut PgConnection, session: &NewSession<'_>) -> Result<i64, Error> {
    let id = sqlx::query_scalar!(
        r#"insert into sessions (user_id, token_hash, user_agent, address, created_at, last_used_at, expires_at)
           values ($1, $2, $3, $4, $5, $5, $6) returning id"#,
        session.user_id,
        session.token_hash.as_slice(),
        session.user_agent,
        session.address,
        session.now,
        session.expires_at,
    )
    .fetch_one(&mut *connection)
    .await?;
    versions::increase(connection, Changed::Sessions).await?;
    Ok(id)
}

/// The sessions of a person that have not ended, the last used one first.
pub async fn list_sessions(
    connection: &mut PgConnection,
    user_id: i64,
    now: DateTime<Utc>,
) -> Result<Vec<StoredSession>, Error> {
    let sessions = sqlx::query_as!(
        StoredSession,
        r#"select id, user_agent, address, created_at, last_used_at, expires_at from sessions
           where user_id = $1 and expires_at > $2 order by last_used_at desc, id desc"#,
        user_id,
        now,
    )
    .fetch_all(connection)
    .await?;
    Ok(sessions)
}

/// Which sessions of a person to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    All,
    Only(i64),
    AllExcept(i64),
}

/// Ends sessions of a person, and returns how many.
pub async fn end_sessions(connection: &mut PgConnection, user_id: i64, ended: Ended) -> Result<i64, Error> {
    let (only, except) = match ended {
        Ended::All => (None, None),
        Ended::Only(id) => (Some(id), None),
        Ended::AllExcept(id) => (None, Some(id)),
    };
    let done = sqlx::query!(
        r#"delete from sessions
           where user_id = $1 and ($2::bigint is null or id = $2) and ($3::bigint is null or id <> $3)"#,
        user_id,
        only,
        except,
    )
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() > 0 {
        versions::increase(connection, Changed::Sessions).await?;
    }
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}

/// What a request with a session needs to know about it.
pub struct UsableSession {
    pub token_hash: TokenHash,
    pub id: i64,
    pub user_id: i64,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// The sessions that have not ended, of people who are not disabled.
pub async fn usable_sessions(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<UsableSession>, Error> {
    let rows = sqlx::query!(
        r#"select s.token_hash, s.id, s.user_id, u.email, u.name, u.role, s.last_used_at, s.expires_at
           from sessions s join users u on u.id = s.user_id
           where s.expires_at > $1 and u.disabled_at is null"#,
        now,
    )
    .fetch_all(connection)
    .await?;
    let usable = rows.into_iter().map(|row| {
        let role = Role::parse(&row.role);
        Ok(UsableSession {
            token_hash: token_hash(row.token_hash)?,
            id: row.id,
            user_id: row.user_id,
            email: row.email,
            name: row.name,
            role: role.ok_or_else(|| Error::Unreadable(format!("unknown role {:?}", row.role)))?,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        })
    });
    usable.collect()
}

/// Records when sessions were used last.
pub async fn record_uses(connection: &mut PgConnection, uses: &[(i64, DateTime<Utc>)]) -> Result<(), Error> {
    let (ids, times): (Vec<i64>, Vec<DateTime<Utc>>) = uses.iter().copied().unzip();
    sqlx::query!(
        r#"update sessions s set last_used_at = greatest(last_used_at, used.at)
           from unnest($1::bigint[], $2::timestamptz[]) as used (id, at) where s.id = used.id"#,
        &ids,
        &times,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that a person has signed in on a device. Guesses from elsewhere do not delay it.
pub async fn insert_device(
    connection: &mut PgConnection,
    user_id: i64,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into known_devices (token_hash, user_id, last_used_at) values ($1, $2, $3)
           on conflict (token_hash) do update set last_used_at = excluded.last_used_at
           where known_devices.user_id = excluded.user_id"#,
        token.as_slice(),
        user_id,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the person has signed in on the device before.
pub async fn is_known_device(
    connection: &mut PgConnection,
    user_id: i64,
    token: &TokenHash,
) -> Result<bool, Error> {
    let known = sqlx::query_scalar!(
        r#"select exists(select from known_devices where token_hash = $1 and user_id = $2) as "exists!""#,
        token.as_slice(),
        user_id,
    );
    Ok(known.fetch_one(connection).await?)
}

/// Deletes sessions and links that have ended, and devices that were not used for long. Returns how many.
pub async fn purge_ended(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    devices_before: DateTime<Utc>,
) -> Result<u64, Error> {
    let done = sqlx::query!(
        r#"with links as (delete from one_time_links where expires_at <= $1),
                devices as (delete from known_devices where last_used_at < $2)
           delete from sessions where expires_at <= $1"#,
        now,
        devices_before,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
