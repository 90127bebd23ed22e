//! The roles that Offercast works with, and its database. Each role has a password of its own and does no more than it has to:
//! the superuser makes the others, the owner brings the schema up, the application is what serves and works, the reader is
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
/// An older program had this file alone, for the superuser and the owner.
const OWNER_PASSWORD: &str = "password";
const APPLICATION_PASSWORD: &str = "application.password";
const READER_PASSWORD: &str = "reader.password";

/// "offercast roles" does not fit: one process at a time makes roles and database.
const LOCK: i64 = 0x6f66_6665_7263_6174;

/// Hexadecimal digits only.
pub(crate) struct Passwords {
    pub superuser: String,
    pub owner: String,
    pub application: String,
    pub reader: String,
}

impl Passwords {
    /// Those of the folder; each is made when it is not there.
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

/// Makes database and roles unless they are there, and gives the roles these passwords and their rights.
pub(crate) async fn ensure(port: u16, passwords: &Passwords, may_create: bool) -> Result<(), Error> {
    let prepare = async || {
        let mut server = superuser(port, passwords).await?;
        sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut server).await?;
        ensure_database(&mut server).await?;
        let mut database = connect(port, &passwords.superuser, NAME).await?;
        ensure_roles(&mut database, passwords, may_create).await?;
        database.close().await?;
        // Closing the connection gives the lock back.
        server.close().await
    };
    prepare().await.map_err(Error::Prepare)
}

/// The superuser of a cluster that an older program made has the owner's password: it gets one of its own.
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
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(NAME)
        .fetch_one(&mut *connection)
        .await?;
    if !there {
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
