use anyhow::Context;
use offercast_app::{App, Clock, Pool};
use offercast_database::{Options, Server};

use crate::settings::Settings;

/// The database of a command: the one of DATABASE_URL, else that of the data folder, which runs for as
/// long as somebody uses it.
pub struct Database {
    url: String,
    server: Option<Server>,
}

impl Database {
    pub async fn open(settings: &Settings) -> anyhow::Result<Database> {
        if let Some(url) = &settings.database_url {
            return Ok(Database { url: url.clone(), server: None });
        }
        let server = Server::start(&settings.data_dir, Options::durable()).await?;
        Ok(Database { url: server.url(), server: Some(server) })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(server) = self.server {
            server.stop().await?;
        }
        Ok(())
    }
}

/// The database of a role that runs in a container of its own.
pub fn required_url(settings: &Settings) -> anyhow::Result<&str> {
    settings.database_url.as_deref().context(
        "DATABASE_URL is not set: give it the database, such as postgres://user:password@host/database, \
         or use `offercast up`, which brings its own",
    )
}

pub fn app(settings: &Settings, url: &str) -> anyhow::Result<App> {
    let pool = Pool::new(url, settings.pool_size).context("DATABASE_URL cannot be used")?;
    Ok(App::new(pool, Clock::system()))
}
