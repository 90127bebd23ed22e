//! Metrics and logging of requests.

use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use metrics::SharedString;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::access::Route;
use crate::envelope::request_id;

/// Histogram buckets for durations, in seconds: from a redemption on an idle machine to a timeout.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Histogram buckets for batch sizes, in requests or offers.
const BATCH_BUCKETS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Installs the metrics recorder of this process. Fails if one is already installed.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)?
        .set_buckets_for_metric(Matcher::Full("offercast_batch_size".into()), &BATCH_BUCKETS)?
        .set_buckets_for_metric(Matcher::Full("offercast_batch_combined_offers".into()), &BATCH_BUCKETS)?
        .install_recorder()?;
    describe();
    Ok(handle)
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("offercast_http_requests_total", "HTTP requests by method, route and status");
    describe_histogram!(
        "offercast_http_request_duration_seconds",
        "Duration of HTTP requests by method and route"
    );
    describe_counter!(
        "offercast_connections_closed_total",
        "Connections closed because of a limit or timeout, by reason"
    );
    describe_counter!(
        "offercast_redemptions_total",
        "Redemption and reservation requests by result: accepted, reversed, reserved, released, replayed, or an error code"
    );
    describe_histogram!("offercast_batch_size", "Requests of one offer decided in one transaction");
    describe_histogram!("offercast_batch_combined_offers", "Offers written by one combined batch");
    describe_counter!(
        "offercast_batches_total",
        "Batches by path: combined (decided from the cache), outdated (the cache was stale, decided again), \
         exclusive (counter row locked)"
    );
    describe_histogram!("offercast_batch_wait_seconds", "Time that a request waits for its batch to start");
    describe_counter!(
        "offercast_batch_rejected_total",
        "Requests rejected by the batch queues, by reason: too_many_offers, queue_full, waited_too_long, lost"
    );
    describe_gauge!("offercast_batch_open_queues", "Offers with queued or running requests");
    describe_counter!("offercast_codes_issued_total", "Issued unique codes");
    describe_gauge!("offercast_live_watchers", "Open event streams");
    describe_counter!("offercast_jobs_run_total", "Jobs run by this worker, by queue and result");
    describe_histogram!("offercast_job_duration_seconds", "Duration of jobs by queue");
    describe_counter!(
        "offercast_nightly_forecasts_total",
        "Forecasts computed by nightly runs in this process"
    );
    describe_gauge!("offercast_pool_connections", "Database connections for requests, by state");
    describe_gauge!("offercast_jobs", "Jobs in the database by queue and status");
}

/// The label of a method. Unknown methods share one label, so that clients cannot create any number of time series.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Counts, times and logs a request.
pub struct Measurement {
    started: Instant,
    method: &'static str,
    route: SharedString,
}

impl Measurement {
    /// `route`: the call that the request is for; `pattern`: its path, also if the method does not exist.
    pub fn start(method: &Method, route: Option<&'static Route>, pattern: Option<&str>) -> Measurement {
        let label = match (route, pattern) {
            (Some(route), _) => SharedString::const_str(route.path),
            (None, Some(pattern)) => Arc::<str>::from(pattern).into(),
            (None, None) => SharedString::const_str("unmatched"),
        };
        Measurement { started: Instant::now(), method: method_label(method), route: label }
    }

    pub fn record<B>(self, response: &ServiceResponse<B>) {
        let Measurement { started, method, route } = self;
        let status = response.status();
        let seconds = started.elapsed().as_secs_f64();
        metrics::histogram!(
            "offercast_http_request_duration_seconds", "method" => method, "route" => route.clone()
        )
        .record(seconds);
        metrics::counter!(
            "offercast_http_requests_total",
            "method" => method, "route" => route.clone(), "status" => status.as_str().to_owned()
        )
        .increment(1);
        let (route, status) = (&*route, status.as_u16());
        tracing::info!(
            method,
            route,
            status,
            duration_ms = seconds * 1e3,
            request_id = request_id(response.request()),
            "request"
        );
    }
}
