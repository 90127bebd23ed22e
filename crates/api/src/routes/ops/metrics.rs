use actix_web::{HttpResponse, get, web};
use metrics_exporter_prometheus::PrometheusHandle;
use offercast_app::{App, CHUNK_QUEUE, FORECAST_QUEUE, NIGHTLY_QUEUE};

use crate::examples;
use crate::routes::responses::MetricsFailures;

/// Read the metrics
///
/// Metrics in the text format of Prometheus. The number of jobs is read from the database; if it cannot be read, the answer has
/// all other metrics.
#[utoipa::path(tag = "operations", operation_id = "get_metrics",
    responses((status = 200, description = "The metrics in the text format of Prometheus",
               content_type = "text/plain", body = String, example = examples::metrics), MetricsFailures))]
#[get("/metrics")]
pub async fn metrics(app: web::Data<App>, handle: web::Data<PrometheusHandle>) -> HttpResponse {
    let pool = app.pool.status();
    for (state, count) in [("open", pool.size), ("idle", pool.available), ("waited_for", pool.waiting)] {
        #[expect(clippy::cast_precision_loss, reason = "a pool is small")]
        ::metrics::gauge!("offercast_pool_connections", "state" => state).set(count as f64);
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "lanes are as many as offers that are asked for right now"
    )]
    ::metrics::gauge!("offercast_lanes_open").set(app.lanes_open() as f64);
    #[expect(clippy::cast_precision_loss, reason = "watchers are bounded")]
    ::metrics::gauge!("offercast_live_watchers").set(app.live_watchers() as f64);
    match offercast_app::job_counts(&app).await {
        Ok(counts) => show_jobs(&counts),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "metrics without jobs: they could not be read");
        }
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(handle.render())
}

/// Every status of every queue, so that a gauge goes back to 0 when there is nothing left to count.
fn show_jobs(counts: &[(String, String, i64)]) {
    for queue in [FORECAST_QUEUE, NIGHTLY_QUEUE, CHUNK_QUEUE] {
        for status in ["Pending", "Queued", "Running", "Done", "Failed", "Killed"] {
            let found = counts.iter().find(|(of, is, _)| of == queue && is == status);
            #[expect(clippy::cast_precision_loss, reason = "finished jobs are purged")]
            let count = found.map_or(0, |(_, _, count)| *count) as f64;
            ::metrics::gauge!("offercast_jobs", "queue" => queue, "status" => status).set(count);
        }
    }
}
