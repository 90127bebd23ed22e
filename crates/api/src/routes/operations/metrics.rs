use actix_web::{HttpResponse, get, web};
use metrics_exporter_prometheus::PrometheusHandle;
use offercast_app::{App, CHUNK_QUEUE, FORECAST_QUEUE, NIGHTLY_QUEUE};

use crate::deprecated_metrics::with_deprecated_names;
use crate::examples;
use crate::routes::documented_responses::MetricsFailures;

/// Read the metrics
///
/// Returns metrics in the Prometheus text format. Job counts are read from the database; if that fails, they are
/// omitted.
#[utoipa::path(tag = "operations", operation_id = "get_metrics",
    responses((status = 200, description = "The metrics in the Prometheus text format",
               content_type = "text/plain", body = String, example = examples::metrics), MetricsFailures))]
#[get("/metrics")]
pub async fn metrics(app: web::Data<App>, handle: web::Data<PrometheusHandle>) -> HttpResponse {
    let pool = app.pool.status();
    for (state, count) in [("open", pool.size), ("idle", pool.available), ("waited_for", pool.waiting)] {
        #[expect(clippy::cast_precision_loss, reason = "pools are small")]
        ::metrics::gauge!("offercast_pool_connections", "state" => state).set(count as f64);
    }
    #[expect(clippy::cast_precision_loss, reason = "the number of open queues is limited")]
    ::metrics::gauge!("offercast_batch_open_queues").set(app.open_queues() as f64);
    #[expect(clippy::cast_precision_loss, reason = "the number of event streams is limited")]
    ::metrics::gauge!("offercast_live_watchers").set(app.live_subscribers() as f64);
    match offercast_app::job_counts(&app).await {
        Ok(counts) => set_job_gauges(&counts),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "cannot read job counts; metrics omit them");
        }
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(with_deprecated_names(handle.render()))
}

/// Sets a gauge for every status of every queue, including those without jobs, so that gauges return to 0.
fn set_job_gauges(counts: &[(String, String, i64)]) {
    for queue in [FORECAST_QUEUE, NIGHTLY_QUEUE, CHUNK_QUEUE] {
        for status in ["Pending", "Queued", "Running", "Done", "Failed", "Killed"] {
            let found =
                counts.iter().find(|(job_queue, job_status, _)| job_queue == queue && job_status == status);
            #[expect(clippy::cast_precision_loss, reason = "finished jobs are purged")]
            let count = found.map_or(0, |(_, _, count)| *count) as f64;
            ::metrics::gauge!("offercast_jobs", "queue" => queue, "status" => status).set(count);
        }
    }
}
