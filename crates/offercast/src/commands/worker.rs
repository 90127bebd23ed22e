use anyhow::Context;
use offercast_worker::Worker;

use crate::settings::Settings;
use crate::{database, signals};

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let url = database::required_url(settings)?;
    let app = database::app(settings, url)?;
    let worker = Worker::new(app, url, settings.jobs).context("DATABASE_URL cannot be used")?;
    tracing::info!(jobs = settings.jobs, "worker starts");
    worker.run(signals::stop_signal()?).await;
    Ok(())
}
