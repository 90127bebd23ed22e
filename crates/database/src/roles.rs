//! Offercast's database and its roles. Each role has its own password and only the rights it needs: the superuser
//! creates the other roles, the owner runs migrations, the application role is used by API and workers, the reader is
//! for reports.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::Error;
use crate::account::Account;
use crate::folder::Folder;

/// The database, and the role that owns it.
pub(crate) const NAME: &str = "offercast";
pub(crate) const APPLICATION: &str = "offercast_app";
pub(crate) const READER: &str = "offercast_reader";
const SUPERUSER: &str = "postgres";

pub(crate) const SUPERUSER_PASSWORD: &str = "superuser.password";
/// Older versions of the program had only this file, for both the superuser and the owner.
const OWNER_PASSWORD: &str = "password";
const APPLICATION_PASSWORD: &str = "application.password";
const READER_PASSWORD: &str = "reader.password";

/// The key of the advisory lock that a process holds while it creates database and roles: "offercast", cut to eight
/// bytes, plus one.
const LOCK: i64 = 0x6f66_6665_7263_6174;

/// Passwords consist of hexadecimal digits, so they need no escaping in SQL and URLs.
pub(crate) struct Passwords {
    pub superuser: String,
    pub owner: String,
    pub application: String,
    pub reader: String,
}

impl Passwords {
    /// Reads the passwords from the folder and creates those that are missing.
    pub(crate) fn of(folder: &Folder, account: Account) -> Result<Self, Error> {
        let password = |file: &str| folder.password(file, account);
        Ok(Self {
            superuser: password(SUPERUSER_PASSWORD)?,
            owner: password(OWNER_PASSWORD)?,
            application: password(APPLICATION_PASSWORD)?,
            reader: password(READER_PASSWORD)?,
        })
    }
}

/// Creates the database and the roles if they do not exist, and sets the roles' passwords and rights.
pub(crate) async fn ensure(port: u16, passwords: &Passwords, may_create: bool) -> Result<(), Error> {
    let prepare = async || {
        let mut server = superuser(port, passwords).await?;
        sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut server).await?;
        ensure_database(&mut server).await?;
        let mut database = connect(port, &passwords.superuser, NAME).await?;
        ensure_roles(&mut database, passwords, may_create).await?;
        database.close().await?;
        // Closing the connection releases the lock.
        server.close().await
    };
    prepare().await.map_err(Error::Prepare)
}

/// Connects as superuser. In a cluster of an older version, the superuser still has the owner's password and gets its
/// own here.
async fn superuser(port: u16, passwords: &Passwords) -> Result<PgConnection, sqlx::Error> {
    match connect(port, &passwords.superuser, SUPERUSER).await {
        Err(error) if is_wrong_password(&error) => {}
        connected => return connected,
    }
    let mut connection = connect(port, &passwords.owner, SUPERUSER).await?;
    let sql = format!("alter role {SUPERUSER} password '{}'", passwords.superuser);
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    Ok(connection)
}

async fn connect(port: u16, password: &str, database: &str) -> Result<PgConnection, sqlx::Error> {
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(SUPERUSER)
        .password(password)
        .database(database);
    options.connect().await
}

fn is_wrong_password(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() == Some("28P01")
}

async fn ensure_database(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(NAME)
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        let sql = format!("create database {NAME}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    }
    Ok(())
}

async fn ensure_roles(
    connection: &mut PgConnection,
    passwords: &Passwords,
    may_create: bool,
) -> Result<(), sqlx::Error> {
    for (name, value) in [
        ("offercast.owner", NAME),
        ("offercast.owner_password", &passwords.owner),
        ("offercast.application_password", &passwords.application),
        ("offercast.reader_password", &passwords.reader),
    ] {
        let set = sqlx::query("select set_config($1, $2, false)").bind(name).bind(value);
        set.execute(&mut *connection).await?;
    }
    sqlx::raw_sql(include_str!("roles.sql")).execute(&mut *connection).await?;
    let create = if may_create { "createdb" } else { "nocreatedb" };
    let sql = format!("alter role {NAME} {create}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}
