use chrono::{DateTime, Utc};
use offercast_domain::access::{Email, Role};
use sqlx::PgConnection;

use super::versions::{self, Changed};
use crate::Error;

/// A person, without secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredUser {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub has_password: bool,
    pub has_second_factor: bool,
    pub has_identity: bool,
    pub recovery_codes: i64,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Selects people: a `sqlx::query!` with `$rest` after the `from` clause.
macro_rules! select_users {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select u.id, u.email, u.name, u.role, u.password_hash is not null as "has_password!",
                      u.totp_secret is not null as "has_second_factor!", u.oidc_subject is not null as "has_identity!",
                      (select count(*) from recovery_codes c where c.user_id = u.id) as "recovery_codes!",
                      u.created_at, u.disabled_at,
                      (select max(last_used_at) from sessions s where s.user_id = u.id) as last_used_at
               from users u "# + $rest
            $(, $argument)*
        )
    };
}

struct Row {
    id: i64,
    email: String,
    name: String,
    role: String,
    has_password: bool,
    has_second_factor: bool,
    has_identity: bool,
    recovery_codes: i64,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for StoredUser {
    type Error = Error;

    fn try_from(row: Row) -> Result<StoredUser, Error> {
        let role = Role::parse(&row.role);
        Ok(StoredUser {
            role: role.ok_or_else(|| Error::Unreadable(format!("unknown role {:?}", row.role)))?,
            id: row.id,
            email: row.email,
            name: row.name,
            has_password: row.has_password,
            has_second_factor: row.has_second_factor,
            has_identity: row.has_identity,
            recovery_codes: row.recovery_codes,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
            last_used_at: row.last_used_at,
        })
    }
}

pub async fn list_users(connection: &mut PgConnection) -> Result<Vec<StoredUser>, Error> {
    let rows = select_users!("order by u.email_folded").fetch_all(connection).await?;
    rows.into_iter().map(StoredUser::try_from).collect()
}

pub async fn find_user(connection: &mut PgConnection, id: i64) -> Result<Option<StoredUser>, Error> {
    let row = select_users!("where u.id = $1", id).fetch_optional(connection).await?;
    row.map(StoredUser::try_from).transpose()
}

pub async fn find_by_email(
    connection: &mut PgConnection,
    email: &Email,
) -> Result<Option<StoredUser>, Error> {
    let row = select_users!("where u.email_folded = $1", email.folded()).fetch_optional(connection).await?;
    row.map(StoredUser::try_from).transpose()
}

/// Locks all people, so that the last owner cannot be removed twice at once.
pub async fn lock_users(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::query!("select id from users order by id for update").fetch_all(connection).await?;
    Ok(())
}

/// Lets no other transaction insert a person until this one ends.
pub async fn lock_table(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::query!("lock table users in share row exclusive mode").execute(connection).await?;
    Ok(())
}

/// Whether there is anybody yet.
pub async fn has_users(connection: &mut PgConnection) -> Result<bool, Error> {
    Ok(sqlx::query_scalar!(r#"select exists(select from users) as "exists!""#).fetch_one(connection).await?)
}

/// Inserts a person, and returns the id. `None` if the address is taken.
pub async fn insert_user(
    connection: &mut PgConnection,
    email: &Email,
    name: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    let id = sqlx::query_scalar!(
        r#"insert into users (email, email_folded, name, role, created_at) values ($1, $2, $3, $4, $5)
           on conflict (email_folded) do nothing returning id"#,
        email.as_str(),
        email.folded(),
        name,
        role.as_str(),
        now,
    )
    .fetch_optional(connection)
    .await?;
    Ok(id)
}

/// Changes name, role and whether the person is disabled.
pub async fn update_user(connection: &mut PgConnection, user: &StoredUser) -> Result<(), Error> {
    sqlx::query!(
        "update users set name = $2, role = $3, disabled_at = $4 where id = $1",
        user.id,
        user.name,
        user.role.as_str(),
        user.disabled_at,
    )
    .execute(&mut *connection)
    .await?;
    versions::increase(connection, Changed::Sessions).await
}

pub async fn delete_user(connection: &mut PgConnection, id: i64) -> Result<(), Error> {
    sqlx::query!("delete from users where id = $1", id).execute(&mut *connection).await?;
    versions::increase(connection, Changed::Sessions).await
}

pub async fn password_hash(connection: &mut PgConnection, id: i64) -> Result<Option<String>, Error> {
    let hash = sqlx::query_scalar!("select password_hash from users where id = $1", id);
    Ok(hash.fetch_optional(connection).await?.flatten())
}

pub async fn set_password_hash(connection: &mut PgConnection, id: i64, hash: &str) -> Result<(), Error> {
    sqlx::query!("update users set password_hash = $2 where id = $1", id, hash).execute(connection).await?;
    Ok(())
}

pub async fn remove_password(connection: &mut PgConnection, id: i64) -> Result<(), Error> {
    sqlx::query!("update users set password_hash = null where id = $1", id).execute(connection).await?;
    Ok(())
}

/// The person with an identity at an identity provider.
pub async fn find_by_identity(
    connection: &mut PgConnection,
    issuer: &str,
    subject: &str,
) -> Result<Option<StoredUser>, Error> {
    let row = select_users!("where u.oidc_issuer = $1 and u.oidc_subject = $2", issuer, subject);
    row.fetch_optional(connection).await?.map(StoredUser::try_from).transpose()
}

pub async fn set_identity(
    connection: &mut PgConnection,
    id: i64,
    issuer: &str,
    subject: &str,
) -> Result<(), Error> {
    sqlx::query!("update users set oidc_issuer = $2, oidc_subject = $3 where id = $1", id, issuer, subject)
        .execute(connection)
        .await?;
    Ok(())
}
