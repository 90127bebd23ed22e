use anyhow::Context;
use offercast_api::Server;
use offercast_app::App;
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
    let metrics = offercast_api::install_metrics()?;
    let listen = settings.listen;
    Server::bind(app, offercast_api::Settings { listen, web_dir, metrics }).with_context(|| {
        format!("cannot listen on {listen}: choose another address with --listen, or stop what listens there")
    })
}

/// Serves until told to stop; then refuses new requests and finishes those under way.
pub async fn serve(server: Server, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let handle = server.handle();
    let mut running = tokio::spawn(server.run());
    tokio::select! {
        ended = &mut running => anyhow::bail!("the server ended by itself: {:?}", ended?),
        () = signals::received(stop) => {}
    }
    tracing::info!("stopping: requests under way are finished");
    handle.stop(true).await;
    running.await??;
    Ok(())
}
