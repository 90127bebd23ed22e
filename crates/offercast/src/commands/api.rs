use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use offercast_api::{Edge, Server, Serves};
use offercast_app::App;
use offercast_worker::Worker;
use tokio::sync::watch;

use crate::settings::Settings;
use crate::{database, signals};

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let app = database::app(settings, database::required_url(settings)?)?;
    let server = bind(settings, app)?;
    tracing::info!(address = %server.address(), "API listens");
    serve(server, signals::stop_signal()?).await
}

pub fn bind(settings: &Settings, app: App) -> anyhow::Result<Server> {
    let web_dir = Some(settings.web_dir.clone()).filter(|folder| folder.join("index.html").exists());
    if web_dir.is_none() {
        tracing::warn!(folder = %settings.web_dir.display(), "no dashboard there: only the API is served");
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
        format!("cannot listen on {listen}: choose another address with --listen, or stop what listens there")
    })
}

/// Serves until told to stop; then refuses new requests and finishes those under way.
pub async fn serve(server: Server, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let stopper = server.stopper();
    let mut running = tokio::spawn(server.run());
    tokio::select! {
        ended = &mut running => anyhow::bail!("the server ended by itself: {:?}", ended?),
        () = signals::received(stop) => {}
    }
    tracing::info!("stopping: requests under way are finished");
    stopper.stop().await;
    running.await??;
    Ok(())
}

/// Serves and works until told to stop. A server that ends by itself takes the worker along.
pub async fn serve_beside(server: Server, worker: Worker, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let (stop_worker, worker_stops) = watch::channel(false);
    let worker = tokio::spawn(worker.run(worker_stops));
    let served = serve(server, stop).await;
    // A worker that has ended already hears nothing.
    let _ = stop_worker.send(true);
    worker.await?;
    served
}
