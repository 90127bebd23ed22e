//! Requests from pages of other sites, and what may be cached.

use offercast_app::access::{Role, Scope};
use reqwest::Method;
use serde_json::json;

use crate::support::{World, guarded_world, key, offer, send_request};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_cannot_use_the_session() {
    let world = guarded_world().await;
    let ada = world.with_person("ada@example.com", Role::Manager).await;
    let accepted = ada.post("/api/offers", &offer("OWN", &json!({}))).await;
    assert_eq!(accepted.status, 201);
    let signed_in = world.client.as_page().sign_in("ada@example.com", crate::support::PASSWORD).await;
    let cookie = crate::support::cookies(&signed_in);
    let plain = |headers: &[(&'static str, &str)]| {
        let request = world.client.request(Method::DELETE, "/api/offers/OWN").header("cookie", &cookie);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let own = world.client.base.clone();
    for headers in [
        &[][..],
        &[("origin", own.as_str())],
        &[("x-offercast-request", "1")],
        &[("x-offercast-request", "1"), ("sec-fetch-site", "same-site")],
        &[("x-offercast-request", "1"), ("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("x-offercast-request", "1"), ("sec-fetch-site", "none")],
        &[("x-offercast-request", "1"), ("origin", "null")],
    ] {
        let response = send_request(plain(headers)).await;
        assert_eq!((response.status.as_u16(), response.code()), (403, "forbidden"), "{headers:?}");
    }
    let read = world.client.request(Method::GET, "/api/offers/OWN").header("cookie", &cookie);
    assert_eq!(send_request(read).await.status, 200, "reading needs no header");
    let old_browser = plain(&[("x-offercast-request", "1"), ("origin", own.as_str())]);
    assert_eq!(send_request(old_browser).await.status, 200, "a browser without Sec-Fetch-Site");
    let sign_in = world.client.request(Method::POST, "/api/session");
    let sign_in = send_request(sign_in.json(&json!({"email": "a@b", "password": "x"}))).await;
    assert_eq!((sign_in.status.as_u16(), sign_in.code()), (403, "forbidden"), "signing in is a change too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_takes_precedence_over_a_session() {
    let world = guarded_world().await;
    let owner = world.with_person("ada@example.com", Role::Owner).await;
    let analyst = world.with_key(&key(&[Scope::OffersRead])).await;
    let signed_in = world.client.as_page().sign_in("ada@example.com", crate::support::PASSWORD).await;
    let both =
        analyst.request(Method::GET, "/api/keys").header("cookie", crate::support::cookies(&signed_in));
    assert_eq!(send_request(both).await.code(), "forbidden");
    assert_eq!(owner.get("/api/keys").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cache_keeps_a_response_for_somebody_else() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    admin.create(&offer("CACHED", &json!({}))).await;
    for path in
        ["/api/offers", "/api/offers/CACHED", "/api/offers/CACHED/dashboard", "/api/overview", "/api/keys"]
    {
        let response = admin.get(path).await;
        assert_eq!(response.headers["cache-control"], "private, no-store", "{path}");
    }
    let unauthenticated = world.client.get("/api/offers").await;
    assert_eq!(unauthenticated.headers["cache-control"], "no-store");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_access_control_everybody_is_an_owner() {
    let world = World::new().await;
    let account = world.client.get("/api/account").await;
    assert_eq!(
        (&account.data()["role"], &account.data()["access_control"]),
        (&json!("owner"), &json!(false))
    );
    assert_eq!(world.client.get("/api/keys").await.status, 200);
}
