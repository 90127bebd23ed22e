use apalis::prelude::{BoxDynError, Data};
use offercast_app::{App, NIGHTLY_QUEUE, NightlyForecasts};

/// Queues the parts of the nightly run, which forecast every offer whose local day has changed.
pub async fn run(job: NightlyForecasts, app: Data<App>) -> Result<(), BoxDynError> {
    let app = (*app).clone();
    let hour = job.hour;
    let queued =
        crate::run_job::run(NIGHTLY_QUEUE, async move { offercast_app::run_nightly(&app, &job).await })
            .await?;
    tracing::info!(queued, %hour, "nightly run");
    Ok(())
}
