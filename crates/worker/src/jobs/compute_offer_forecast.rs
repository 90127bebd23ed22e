use apalis::prelude::{BoxDynError, Data};
use offercast_app::{App, ComputeOfferForecast, FORECAST_QUEUE};

/// Computes and stores the forecast of one offer.
pub async fn run(job: ComputeOfferForecast, app: Data<App>) -> Result<(), BoxDynError> {
    let app = (*app).clone();
    crate::run_job::run(
        FORECAST_QUEUE,
        async move { offercast_app::compute_offer_forecast(&app, &job).await },
    )
    .await
}
