use anyhow::Context;
use offercast_app::{App, Clock, Limits, Pool};
use offercast_database::{Options, Server};

use crate::settings::{AccessControl, Settings, WrongSetting};
use crate::signals;

/// The URLs of one database for two roles. If DATABASE_URL is set, both are that URL.
pub struct Urls {
    /// The role that may change the schema.
    pub owner: String,
    /// The role for everything else.
    pub application: String,
}

/// Runs `work` with a database: that of DATABASE_URL, otherwise that of the data folder, whose server runs as long as a
/// process uses it. Ctrl-C or SIGTERM cancels the work and stops the server cleanly.
pub async fn with<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Urls) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let stop = signals::stop_signal()?;
    let (urls, server) = open(settings).await?;
    let result = tokio::select! {
        result = work(&urls) => result,
        () = signals::received(stop) => Err(anyhow::anyhow!("interrupted; nothing was changed")),
    };
    close(server).await?;
    result
}

/// Returns the URLs, and the server if DATABASE_URL is not set.
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

/// The URL for a command that needs DATABASE_URL.
pub fn required_url(settings: &Settings) -> anyhow::Result<&str> {
    settings.database_url.as_deref().context(
        "DATABASE_URL is not set: set it to a database, such as postgres://user:password@host/database, \
         or use `offercast up`, which starts its own",
    )
}

/// An application whose requests need credentials, unless access control is off.
pub fn app_with_access(settings: &Settings, url: &str) -> Result<App, WrongSetting> {
    settings.check_listen()?;
    let app = app(settings, url)?;
    Ok(match settings.access {
        AccessControl::On => app.with_access_control(),
        AccessControl::Off => app,
    })
}

pub fn app(settings: &Settings, url: &str) -> Result<App, WrongSetting> {
    let pool = Pool::new(url, settings.pool_size)
        .map_err(|error| WrongSetting(format!("DATABASE_URL: {:#}", anyhow::Error::from(error))))?;
    let limits = Limits { holds: settings.hold_limits(), ..Limits::for_connections(settings.pool_size) };
    Ok(App::with_limits(pool, Clock::system(), limits).with_code_keys(settings.code_keys()?))
}
