//! Authenticator apps and recovery codes.

use sqlx::PgConnection;

use super::TokenHash;
use crate::Error;

/// The secret of a confirmed authenticator app, and the time step of the last code that was used.
pub async fn find_secret(
    connection: &mut PgConnection,
    user_id: i64,
) -> Result<Option<(Vec<u8>, i64)>, Error> {
    let row = sqlx::query!("select totp_secret, totp_step from users where id = $1", user_id);
    let row = row.fetch_optional(connection).await?;
    Ok(row.and_then(|row| Some((row.totp_secret?, row.totp_step))))
}

/// Records that the code of a time step was used. Returns false if it or a later one was used before.
pub async fn use_step(connection: &mut PgConnection, user_id: i64, step: i64) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update users set totp_step = $2 where id = $1 and totp_step < $2 and totp_secret is not null",
        user_id,
        step,
    );
    Ok(done.execute(connection).await?.rows_affected() == 1)
}

pub async fn set_pending(connection: &mut PgConnection, user_id: i64, secret: &[u8]) -> Result<(), Error> {
    sqlx::query!("update users set totp_pending = $2 where id = $1", user_id, secret)
        .execute(connection)
        .await?;
    Ok(())
}

/// The secret that is being set up.
pub async fn find_pending(connection: &mut PgConnection, user_id: i64) -> Result<Option<Vec<u8>>, Error> {
    let secret = sqlx::query_scalar!("select totp_pending from users where id = $1 for update", user_id);
    Ok(secret.fetch_optional(connection).await?.flatten())
}

/// Makes the pending secret the one that is used, and replaces the recovery codes. `step`: of the confirming code.
pub async fn confirm(
    connection: &mut PgConnection,
    user_id: i64,
    step: i64,
    recovery_codes: &[TokenHash],
) -> Result<(), Error> {
    sqlx::query!(
        "update users set totp_secret = totp_pending, totp_pending = null, totp_step = $2 where id = $1",
        user_id,
        step,
    )
    .execute(&mut *connection)
    .await?;
    delete_recovery_codes(connection, user_id).await?;
    sqlx::query!(
        "insert into recovery_codes (user_id, code_hash) select $1, unnest($2::bytea[])",
        user_id,
        &recovery_codes.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes the authenticator app and the recovery codes.
pub async fn remove(connection: &mut PgConnection, user_id: i64) -> Result<(), Error> {
    sqlx::query!("update users set totp_secret = null, totp_pending = null where id = $1", user_id)
        .execute(&mut *connection)
        .await?;
    delete_recovery_codes(connection, user_id).await
}

async fn delete_recovery_codes(connection: &mut PgConnection, user_id: i64) -> Result<(), Error> {
    sqlx::query!("delete from recovery_codes where user_id = $1", user_id).execute(connection).await?;
    Ok(())
}

/// Uses up a recovery code. Returns false if the person has no such code.
pub async fn use_recovery_code(
    connection: &mut PgConnection,
    user_id: i64,
    code: &TokenHash,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "delete from recovery_codes where user_id = $1 and code_hash = $2",
        user_id,
        code.as_slice(),
    );
    Ok(done.execute(connection).await?.rows_affected() == 1)
}
