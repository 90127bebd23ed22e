use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use offercast_api::{Edge, Server, Serves};
use offercast_app::App;
use offercast_app::access::has_users;
use offercast_worker::Worker;
use tokio::sync::watch;

use crate::settings::Settings;
use crate::{database, signals};

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let app = database::app_with_access(settings, database::required_url(settings)?)?;
    let server = bind(settings, app.clone())?;
    app.access.ready(ACCESS_TIMEOUT).await;
    warn_without_users(&app).await;
    tracing::info!(address = %server.address(), "API listens");
    serve(server, signals::stop_signal()?).await
}

/// How long the start waits for the keys and sessions. Without them, requests are answered as busy.
pub const ACCESS_TIMEOUT: Duration = Duration::from_secs(10);

async fn warn_without_users(app: &App) {
    // Without a database, the readiness check tells.
    if app.access.is_on() && has_users(app).await.is_ok_and(|has_users| !has_users) {
        tracing::warn!("{}", super::migrate::NOBODY);
    }
}

pub fn bind(settings: &Settings, app: App) -> anyhow::Result<Server> {
    let web_dir = Some(settings.web_dir.clone()).filter(|folder| folder.join("index.html").exists());
    if web_dir.is_none() {
        tracing::warn!(folder = %settings.web_dir.display(), "dashboard not found; serving only the API");
    }
    bind_at(settings.listen, app, web_dir, Serves::Everything, settings.edge()?)
}

pub fn bind_at(
    listen: SocketAddr,
    app: App,
    web_dir: Option<PathBuf>,
    serves: Serves,
    edge: Edge,
) -> anyhow::Result<Server> {
    let metrics = offercast_api::install_metrics()?;
    let settings = offercast_api::Settings { listen, web_dir, metrics, serves, edge };
    Server::bind(app, settings).with_context(|| {
        format!(
            "cannot listen on {listen}: choose another address with --listen, or stop the program that uses it"
        )
    })
}

/// Serves until `stop` becomes true; then refuses new requests and finishes those in progress.
pub async fn serve(server: Server, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let stopper = server.stopper();
    let mut running = tokio::spawn(server.run());
    tokio::select! {
        ended = &mut running => anyhow::bail!("the server stopped unexpectedly: {:?}", ended?),
        () = signals::received(stop) => {}
    }
    tracing::info!("stopping; finishing requests in progress");
    stopper.stop().await;
    running.await??;
    Ok(())
}

/// Runs server and worker until `stop` becomes true. If the server ends unexpectedly, the worker is stopped too.
pub async fn serve_with_worker(
    server: Server,
    worker: Worker,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let (stop_worker, worker_stops) = watch::channel(false);
    let worker = tokio::spawn(worker.run(worker_stops));
    let served = serve(server, stop).await;
    // Fails if the worker has ended already, which is fine.
    let _ = stop_worker.send(true);
    worker.await?;
    served
}
