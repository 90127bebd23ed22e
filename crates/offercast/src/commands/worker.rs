use std::net::SocketAddr;

use anyhow::Context;
use offercast_api::Serves;
use offercast_worker::Worker;

use crate::commands::api;
use crate::settings::Settings;
use crate::{database, signals};

pub async fn run(settings: &Settings, listen: Option<SocketAddr>) -> anyhow::Result<()> {
    let url = database::required_url(settings)?;
    let app = database::app(settings, url)?;
    let worker = Worker::new(app.clone(), url, settings.jobs).context("DATABASE_URL cannot be used")?;
    let stop = signals::stop_signal()?;
    tracing::info!(jobs = settings.jobs, "starting worker");
    let Some(listen) = listen else {
        worker.run(stop).await;
        return Ok(());
    };
    let server = api::bind_at(listen, app, None, Serves::Operations, settings.edge()?)?;
    tracing::info!(address = %server.address(), "worker listens");
    api::serve_with_worker(server, worker, stop).await
}
