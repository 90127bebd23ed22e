use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

use crate::envelope::request_id;

/// Seconds; from a redemption on an idle machine to what a client would call an outage.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Requests, or offers.
const BATCH_BUCKETS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Makes this process collect metrics. Once a process.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)?
        .set_buckets_for_metric(Matcher::Full("offercast_lane_batch_size".into()), &BATCH_BUCKETS)?
        .set_buckets_for_metric(Matcher::Full("offercast_lane_trip_offers".into()), &BATCH_BUCKETS)?
        .install_recorder()?;
    describe();
    Ok(handle)
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("offercast_http_requests_total", "Requests by method, route and status");
    describe_histogram!("offercast_http_request_duration_seconds", "Latency by method and route");
    describe_counter!(
        "offercast_redemptions_total",
        "Requests about redemptions by result: accepted, reversed, reserved, released, or the code of the refusal"
    );
    describe_histogram!("offercast_lane_batch_size", "Redemptions that were decided in one transaction");
    describe_histogram!("offercast_lane_trip_offers", "Offers whose batches were written by one statement");
    describe_counter!(
        "offercast_lane_batches_total",
        "Batches by way: at_once (on remembered facts), outdated (these no longer held, done again), behind_lock"
    );
    describe_histogram!("offercast_lane_wait_seconds", "Time from a redemption's arrival to its batch");
    describe_counter!("offercast_codes_issued_total", "Unique codes that were issued");
    describe_counter!("offercast_lane_unserved_total", "Redemptions that were turned away busy, by reason");
    describe_gauge!("offercast_lanes_open", "Offers that are being redeemed right now");
    describe_gauge!("offercast_live_watchers", "Open streams of live figures");
    describe_counter!("offercast_jobs_run_total", "Jobs run by this worker, by queue and result");
    describe_histogram!("offercast_job_duration_seconds", "Run time of jobs by queue");
    describe_counter!(
        "offercast_nightly_forecasts_total",
        "Forecasts that nightly runs have made in this process"
    );
    describe_gauge!("offercast_pool_connections", "Connections of the request path by state");
    describe_gauge!("offercast_jobs", "Jobs in the database by queue and status");
}

/// Clients may invent methods; labels may not grow with them.
fn known(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
    ];
    if known.contains(method) { method.as_str() } else { "other" }
}

/// What is logged on the way says which request it was about; the rest stands in the request's own line. The default
/// repeats a dozen fields in each.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        tracing::info_span!("request", id = %request_id(request.request()))
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, Error>) {}
}

/// Counts and logs every request.
pub async fn request(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let method = known(request.method()).to_owned();
    let route = request.match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let response = next.call(request).await?;
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    let labels = [("method", method.clone()), ("route", route.clone())];
    metrics::histogram!("offercast_http_request_duration_seconds", &labels).record(seconds);
    metrics::counter!(
        "offercast_http_requests_total",
        "method" => method.clone(), "route" => route.clone(), "status" => status.to_string()
    )
    .increment(1);
    let request_id = request_id(response.request());
    tracing::info!(method, route, status, duration_ms = seconds * 1e3, request_id, "request");
    Ok(response)
}
