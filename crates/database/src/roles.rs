//! The role and the database that Offercast works with. It owns its database and is no superuser.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::Error;

pub(crate) const NAME: &str = "offercast";

/// Makes the role and the database unless they are there. `password` is ours: hexadecimal digits only.
pub(crate) async fn ensure(port: u16, password: &str) -> Result<(), Error> {
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username("postgres")
        .password(password)
        .database("postgres");
    let mut connection = options.connect().await.map_err(Error::Prepare)?;
    ensure_role(&mut connection, password).await.map_err(Error::Prepare)?;
    ensure_database(&mut connection).await.map_err(Error::Prepare)?;
    connection.close().await.map_err(Error::Prepare)
}

async fn ensure_role(connection: &mut PgConnection, password: &str) -> Result<(), sqlx::Error> {
    let there: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
        .bind(NAME)
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        // CREATEDB: tests make databases of their own.
        let sql = format!("create role {NAME} login createdb password '{password}'");
        sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    }
    Ok(())
}

async fn ensure_database(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(NAME)
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        let sql = format!("create database {NAME} owner {NAME}");
        sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    }
    Ok(())
}
