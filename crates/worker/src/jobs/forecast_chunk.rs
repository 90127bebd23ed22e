use std::time::Instant;

use apalis::prelude::{BoxDynError, Data};
use offercast_app::{App, CHUNK_QUEUE, ForecastChunk};

/// Computes and stores the forecasts of one part of the nightly run.
pub async fn run(job: ForecastChunk, app: Data<App>) -> Result<(), BoxDynError> {
    let app = (*app).clone();
    let started = Instant::now();
    let (part, parts) = (job.part, job.parts);
    let body = async move { offercast_app::run_chunk(&app, &job).await };
    let forecasts = crate::run_job::run(CHUNK_QUEUE, body).await?;
    metrics::counter!("offercast_nightly_forecasts_total").increment(forecasts as u64);
    let duration_ms = started.elapsed().as_secs_f64() * 1e3;
    tracing::info!(part, parts, forecasts, duration_ms, "part of the nightly run");
    Ok(())
}
