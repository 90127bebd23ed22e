use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Database, TestClock, World, app, offer, send_request, serve};

#[tokio::test(flavor = "multi_thread")]
async fn every_client_error_is_in_the_envelope() {
    let world = World::new().await;
    world.client.create(&offer("E", &json!({}))).await;
    let raw = |method: Method, path: &str, kind: &str, body: &str| {
        let request = world.client.request(method, path).header("content-type", kind);
        send_request(request.body(body.to_owned()))
    };
    let redeem = "/api/offers/E/redeem";
    let json_type = "application/json";
    let long = format!("{{\"customer_id\": \"{}\"}}", "x".repeat(70_000));
    for (method, path, kind, body, status, code) in [
        (Method::GET, "/api/nothing", json_type, "", 404, "not_found"),
        (Method::GET, "/api/offers/", json_type, "", 404, "not_found"),
        (Method::GET, "/somewhere.html", json_type, "", 404, "not_found"),
        (Method::GET, "/api/offers/99999", json_type, "", 404, "offer_not_found"),
        (Method::GET, "/api/offers/%FF%00", json_type, "", 404, "offer_not_found"),
        (Method::GET, "/api/offers/99999999999999999999", json_type, "", 404, "offer_not_found"),
        (Method::POST, redeem, json_type, "{\"customer_id\": 1,", 400, "malformed_json"),
        (Method::POST, redeem, json_type, "", 400, "malformed_json"),
        (Method::POST, redeem, json_type, "{} {}", 400, "malformed_json"),
        (Method::POST, redeem, json_type, "[1, 10]", 422, "invalid_request"),
        (Method::POST, redeem, json_type, "\"text\"", 422, "invalid_request"),
        (Method::POST, redeem, json_type, "null", 422, "invalid_request"),
        (Method::POST, redeem, "text/plain", "{}", 415, "unsupported_media_type"),
        (Method::POST, redeem, json_type, &long, 413, "payload_too_large"),
        (Method::GET, "/api/offers/E/dashboard?from=yesterday", json_type, "", 422, "invalid_request"),
    ] {
        let refused = raw(method.clone(), path, kind, body).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (status, code), "{method} {path} {body:.40}");
        assert_eq!(refused.body["error"]["request_id"], refused.headers["x-request-id"].to_str().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_response_to_a_wrong_method_lists_the_allowed_ones() {
    let world = World::new().await;
    for (method, path, allow) in [
        (Method::DELETE, "/api/offers", "GET, POST"),
        (Method::POST, "/api/offers/X", "GET, PUT, PATCH, DELETE"),
        (Method::GET, "/api/offers/X/redeem", "POST"),
        (Method::TRACE, "/healthz", "GET"),
        (Method::POST, "/docs/", "GET"),
        (Method::POST, "/api/openapi.json", "GET"),
    ] {
        let refused = send_request(world.client.request(method.clone(), path)).await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(
            (refused.code(), &refused.headers["allow"]),
            ("method_not_allowed", &allow.parse().unwrap())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_framework_are_in_the_envelope_too() {
    let world = World::new().await;
    let get = |path: &str, header: (&str, &str)| {
        send_request(world.client.request(Method::GET, path).header(header.0, header.1))
    };
    let refused = get("/healthz", ("accept-encoding", "foo, *;q=0")).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (406, "not_acceptable"));
    assert_eq!(get("/docs/nope.js", ("accept", "*/*")).await.code(), "not_found");
    assert_eq!(get("/docs/", ("accept", "*/*")).await.status, StatusCode::OK);
    assert_eq!(get("/api/openapi.json", ("accept", "*/*")).await.body["openapi"], "3.1.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_the_server_is_alive_but_not_ready_and_responds_busy() {
    let nowhere = "postgres://nobody@127.0.0.1:1/nothing";
    let client = serve(app(nowhere, &TestClock::at("2026-06-15T12:00:00Z"), 2));
    assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
    let ready = client.get("/readyz").await;
    assert_eq!((ready.status.as_u16(), ready.code()), (503, "not_ready"));
    let refused = client.redeem("ANY", &json!(10)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "busy"));
    assert_eq!(refused.headers["retry-after"], "1");
    // Details are only in the log.
    assert!(!refused.body.to_string().contains("127.0.0.1"));
    assert_eq!(client.get("/metrics").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_the_schema_is_not_ready() {
    let database = Database::without_schema().await;
    let client = serve(app(&database.url, &TestClock::at("2026-06-15T12:00:00Z"), 2));
    assert_eq!(client.get("/readyz").await.code(), "not_ready");
    let failed = client.get("/api/offers").await;
    assert_eq!((failed.status.as_u16(), failed.code()), (500, "internal"));
    assert!(!failed.body.to_string().contains("relation"), "{failed:?}");
    offercast_database::migrate(&database.url).await.unwrap();
    assert_eq!(client.get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_requests_and_redemptions_by_result() {
    let world = World::new().await;
    world.client.create(&offer("COUNTED", &json!({"max_redemptions": 1}))).await;
    world.client.redeem("COUNTED", &json!(10)).await.data();
    world.client.redeem("COUNTED", &json!(10)).await.code();
    let metrics = world.client.get("/metrics").await;
    let text = metrics.body.as_str().unwrap();
    for line in [
        "offercast_redemptions_total{result=\"accepted\"}",
        "offercast_redemptions_total{result=\"max_redemptions_reached\"}",
        "offercast_http_requests_total{method=\"POST\",route=\"/api/offers/{offer}/redeem\",status=\"201\"}",
        "offercast_http_request_duration_seconds_bucket{method=\"POST\",route=\"/api/offers/{offer}/redeem\",le=",
        "offercast_pool_connections{state=\"open\"}",
        "offercast_jobs{queue=\"forecast.v1\",status=\"Pending\"} 1",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}
