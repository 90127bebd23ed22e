use offercast_api::{Caps, Edge, Hosts};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;

use crate::support::{Program, TestClock, World, app, eventually, offer, send_request, serve_with};

/// A world whose server has these limits.
async fn world(edge: Edge) -> World {
    let mut world = World::new().await;
    world.client = serve_with(app(&world.database.url, &TestClock::at("2026-06-15T12:00:00Z"), 16), edge);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn only_configured_hosts_are_accepted() {
    let hosts = Hosts::parse(&["offers.example.com".to_owned()]).unwrap();
    let world = world(Edge { hosts, ..Edge::default() }).await;
    let get =
        |path: &str, host: &str| send_request(world.client.request(Method::GET, path).header("host", host));
    for host in ["offers.example.com", "OFFERS.example.com:8443", "localhost", "127.0.0.1:1"] {
        assert_eq!(get("/api/offers", host).await.status, StatusCode::OK, "{host}");
    }
    for path in ["/api/offers", "/api/nothing", "/docs/", "/admin/offers", "/metrics"] {
        let refused = get(path, "evil.example").await;
        assert_eq!((refused.status.as_u16(), refused.code()), (421, "misdirected_request"), "{path}");
    }
    assert_eq!(get("/healthz", "10.1.2.3:8080").await.status, StatusCode::OK);
    assert_eq!(get("/readyz", "anything.example").await.status, StatusCode::OK);
    assert_eq!(get("/metrics", "10.1.2.3:8080").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_cannot_reverse_a_redemption() {
    let world = World::new().await;
    world.client.create(&offer("FORGED", &json!({}))).await;
    let id = world.client.redeem("FORGED", &json!(50)).await.data()["redemption_id"].clone();
    let reverse = || world.client.request(Method::POST, &format!("/api/redemptions/{id}/reverse"));
    let form = "application/x-www-form-urlencoded";
    for (request, status, code) in [
        (reverse().header("origin", "http://evil.example"), 403, "forbidden"),
        (reverse().header("sec-fetch-site", "cross-site"), 403, "forbidden"),
        (reverse().header("content-type", form), 415, "unsupported_media_type"),
        (reverse().header("content-type", "text/plain").body("{}"), 415, "unsupported_media_type"),
        (reverse().body("{}"), 415, "unsupported_media_type"),
    ] {
        let refused = send_request(request).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (status, code));
    }
    let own_page = reverse().header("origin", world.client.base.clone());
    assert_eq!(
        send_request(own_page.header("sec-fetch-site", "same-origin")).await.status,
        StatusCode::CREATED
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compressed_body_is_rejected_with_the_accepted_encoding() {
    let world = World::new().await;
    world.client.create(&offer("GZIP", &json!({}))).await;
    let redeem = |coding: &str| {
        let request = world.client.request(Method::POST, "/api/offers/GZIP/redeem");
        send_request(
            request
                .json(&json!({"customer_id": 1, "order_amount": 50}))
                .header("content-encoding", coding.to_owned()),
        )
    };
    for coding in ["gzip", "br", "deflate", "gzip, identity"] {
        let refused = redeem(coding).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (415, "unsupported_media_type"), "{coding}");
        assert_eq!(refused.headers["accept-encoding"], "identity");
    }
    assert_eq!(redeem("identity").await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_has_a_content_security_policy_and_the_docs_load_nothing_from_other_hosts() {
    let world = World::new().await;
    for path in
        ["/api/offers", "/api/nothing", "/docs/", "/docs/swagger-ui.css", "/api/openapi.json", "/healthz"]
    {
        let policy = world.client.get(path).await.headers["content-security-policy"].clone();
        assert!(policy.to_str().unwrap().starts_with("default-src 'none'"), "{path}: {policy:?}");
    }
    let page = world.client.get("/docs/").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let settings = world.client.get("/docs/swagger-initializer.js").await.body.to_string();
    assert!(settings.contains(r#"\"validatorUrl\": \"none\""#), "{settings}");
    assert!(settings.contains("/api/openapi.json"), "{settings}");
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_behind_a_trusted_proxy_are_counted_by_forwarded_address() {
    let caps = Caps { streams_per_address: 2, ..Caps::default() };
    let proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let world = world(Edge { trusted_proxies: proxies, caps, ..Edge::default() }).await;
    world.client.create(&offer("CROWD", &json!({}))).await;
    let stream = |client: &str| {
        let request = world.client.request(Method::GET, "/api/offers/CROWD/events");
        request.header("x-forwarded-for", format!("192.0.2.99, {client}"))
    };
    let mut open = Vec::new();
    for client in ["198.51.100.1", "198.51.100.1", "198.51.100.2"] {
        let response = stream(client).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{client}");
        open.push(response);
    }
    let refused = send_request(stream("198.51.100.1")).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "rate_limited"));
    assert_eq!(refused.headers["retry-after"], "5");
    open.remove(0);
    eventually("another stream is allowed", async || opens(stream("198.51.100.1")).await).await;
}

async fn opens(request: RequestBuilder) -> bool {
    request.send().await.unwrap().status() == StatusCode::OK
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_in_the_environment_are_separated_by_commas() {
    let world = World::new().await;
    let (_api, client) =
        Program::with(&world.database, &[("OFFERCAST_HOSTS", "api, offers.example.com,")]).await;
    for host in ["api:8080", "offers.example.com"] {
        let request = client.request(Method::GET, "/api/offers").header("host", host);
        assert_eq!(send_request(request).await.status, StatusCode::OK, "{host}");
    }
}
