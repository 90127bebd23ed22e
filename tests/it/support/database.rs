use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::sync::OnceCell;

/// A database for one test, on the throw-away PostgreSQL of `cargo xtask test`.
pub struct Database {
    /// The URL of the owner, who may read and change everything.
    pub url: String,
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

impl Database {
    /// Creates a database with the schema.
    pub async fn new() -> Database {
        let template = TEMPLATE.get_or_init(template).await;
        Database::create(&format!("template {template}")).await
    }

    /// Creates an empty database.
    pub async fn without_schema() -> Database {
        Database::create("").await
    }

    /// Creates a database with the schema and these locale options of `create database`.
    pub async fn with_locale(locale: &str) -> Database {
        let database = Database::create(&format!("encoding 'UTF8' {locale} template template0")).await;
        offercast_database::migrate(&database.url).await.unwrap();
        database
    }

    async fn create(options: &str) -> Database {
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        admin(&format!("create database {name} {options}")).await;
        Database { url: url_of(&name) }
    }

    /// The URL that the program uses, with the rights of the application's role.
    pub fn application_url(&self) -> String {
        format!("{}?options=-c%20role%3Doffercast_app", self.url)
    }

    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    pub async fn connect_as_application(&self) -> PgConnection {
        PgConnection::connect(&self.application_url()).await.unwrap()
    }

    /// Runs SQL that the program does not have, to prepare or inspect a state.
    pub async fn execute(&self, sql: &str) {
        let mut connection = self.connect().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Makes every write of a redemption with an order amount of 13 fail, as on a corrupt page.
    pub async fn break_on_13(&self) {
        self.execute(
            "create function fail() returns trigger language plpgsql as
             $$ begin raise exception 'a page is broken' using errcode = 'XX001'; end $$;
             create trigger fail before insert on redemptions
             for each row when (new.order_amount = 13) execute function fail()",
        )
        .await;
    }

    pub async fn text(&self, sql: &str) -> String {
        let mut connection = self.connect().await;
        let text =
            sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        text
    }

    /// The first column of all rows.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let mut connection = self.connect().await;
        let texts =
            sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        texts
    }

    pub async fn count(&self, sql: &str) -> i64 {
        let mut connection = self.connect().await;
        let count =
            sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        count
    }
}

async fn template() -> String {
    let name = format!("template_{}", std::process::id());
    admin(&format!("create database {name}")).await;
    offercast_database::migrate(&url_of(&name)).await.unwrap();
    name
}

async fn admin(sql: &str) {
    let mut connection = PgConnection::connect(&server_url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the address comes from `cargo xtask test`")]
fn server_url() -> String {
    std::env::var("OFFERCAST_TEST_DATABASE_URL")
        .expect("the integration tests need a PostgreSQL: run them with `cargo xtask test rust`")
}

fn url_of(database: &str) -> String {
    let url = server_url();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{database}")
}

/// Waits until the condition is true; fails after a minute.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < Duration::from_secs(60), "did not happen within a minute: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
