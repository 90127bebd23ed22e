use anyhow::Context;
use offercast_app::{App, Clock, Limits, Pool};
use offercast_database::{Options, Server};

use crate::settings::{Settings, WrongSetting};
use crate::signals;

/// The same database as two users. With DATABASE_URL, both are the one that it names.
pub struct Urls {
    /// May change the schema.
    pub owner: String,
    /// For everything else.
    pub application: String,
}

/// Works on the database of a command: the one of DATABASE_URL, else that of the data folder, which runs
/// for as long as somebody uses it. Ctrl-C or SIGTERM breaks the work off, and the server stops cleanly.
pub async fn with<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Urls) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let stop = signals::stop_signal()?;
    let (urls, server) = open(settings).await?;
    let result = tokio::select! {
        result = work(&urls) => result,
        () = signals::received(stop) => Err(anyhow::anyhow!("stopped before it was done; nothing was changed")),
    };
    close(server).await?;
    result
}

/// The URLs, and the server if it is one of ours.
pub async fn open(settings: &Settings) -> anyhow::Result<(Urls, Option<Server>)> {
    if let Some(url) = &settings.database_url {
        return Ok((Urls { owner: url.clone(), application: url.clone() }, None));
    }
    let server = Server::start(&settings.data_dir, Options::durable()).await?;
    let urls = Urls { owner: server.owner_url(), application: server.application_url() };
    Ok((urls, Some(server)))
}

pub async fn close(server: Option<Server>) -> anyhow::Result<()> {
    if let Some(server) = server {
        server.stop().await?;
    }
    Ok(())
}

/// The database of a role that runs in a container of its own.
pub fn required_url(settings: &Settings) -> anyhow::Result<&str> {
    settings.database_url.as_deref().context(
        "DATABASE_URL is not set: give it the database, such as postgres://user:password@host/database, \
         or use `offercast up`, which brings its own",
    )
}

pub fn app(settings: &Settings, url: &str) -> Result<App, WrongSetting> {
    let pool = Pool::new(url, settings.pool_size)
        .map_err(|error| WrongSetting(format!("DATABASE_URL: {:#}", anyhow::Error::from(error))))?;
    let limits = Limits { holds: settings.hold_limits(), ..Limits::for_connections(settings.pool_size) };
    Ok(App::with_limits(pool, Clock::system(), limits))
}
