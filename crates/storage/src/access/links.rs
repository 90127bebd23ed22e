use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::TokenHash;
use crate::Error;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    SignIn,
    Invitation,
    PasswordReset,
}

impl LinkPurpose {
    const ALL: [LinkPurpose; 3] = [LinkPurpose::SignIn, LinkPurpose::Invitation, LinkPurpose::PasswordReset];

    pub fn as_str(self) -> &'static str {
        match self {
            LinkPurpose::SignIn => "sign_in",
            LinkPurpose::Invitation => "invitation",
            LinkPurpose::PasswordReset => "password_reset",
        }
    }

    fn parse(text: &str) -> Result<LinkPurpose, Error> {
        let purpose = LinkPurpose::ALL.into_iter().find(|purpose| purpose.as_str() == text);
        purpose.ok_or_else(|| Error::Unreadable(format!("unknown purpose of a link {text:?}")))
    }
}

/// A link that has not been used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredLink {
    pub user_id: i64,
    pub purpose: LinkPurpose,
    pub expires_at: DateTime<Utc>,
}

/// Inserts a link. The person's earlier links for the same purpose stop working.
pub async fn insert_link(
    connection: &mut PgConnection,
    token: &TokenHash,
    link: StoredLink,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "delete from one_time_links where user_id = $1 and purpose = $2",
        link.user_id,
        link.purpose.as_str(),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"insert into one_time_links (token_hash, user_id, purpose, created_at, expires_at)
           values ($1, $2, $3, $4, $5)"#,
        token.as_slice(),
        link.user_id,
        link.purpose.as_str(),
        now,
        link.expires_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Finds a link that still works.
pub async fn find_link(
    connection: &mut PgConnection,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<StoredLink>, Error> {
    let row = sqlx::query!(
        "select user_id, purpose, expires_at from one_time_links where token_hash = $1 and expires_at > $2",
        token.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let purpose = LinkPurpose::parse(&row.purpose)?;
        Ok(StoredLink { user_id: row.user_id, purpose, expires_at: row.expires_at })
    })
    .transpose()
}

/// Uses up a link. Returns false if it was used already.
pub async fn use_link(connection: &mut PgConnection, token: &TokenHash) -> Result<bool, Error> {
    let done = sqlx::query!("delete from one_time_links where token_hash = $1", token.as_slice());
    Ok(done.execute(connection).await?.rows_affected() == 1)
}

/// Deletes the links of a person.
pub async fn delete_links(connection: &mut PgConnection, user_id: i64) -> Result<(), Error> {
    sqlx::query!("delete from one_time_links where user_id = $1", user_id).execute(connection).await?;
    Ok(())
}
