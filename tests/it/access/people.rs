use std::time::Duration;

use offercast_app::access::{self, Caller, Principal, Role, Scope};
use reqwest::StatusCode;
use reqwest::header::SET_COOKIE;
use serde_json::json;

use crate::support::{Client, PASSWORD, World, cookies, eventually, guarded_replica, guarded_world, key};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_accepts_an_invitation_signs_out_and_signs_in() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    let invite = json!({"email": "Ada@Example.com", "name": "Ada", "role": "manager"});
    let invited = admin.post("/api/users", &invite).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{invited:?}");
    assert_eq!(invited.data()["user"]["status"], "invited");
    let path = invited.data()["path"].as_str().unwrap();
    let token = path.strip_prefix("/welcome#token=").unwrap();
    let page = world.client.as_page();
    let shown = page.post("/api/links/show", &json!({"token": token})).await;
    assert_eq!(
        (&shown.data()["purpose"], &shown.data()["email"]),
        (&json!("invitation"), &json!("Ada@Example.com"))
    );
    let weak = page.post("/api/links/password", &json!({"token": token, "password": "password1234"})).await;
    assert_eq!(weak.fields(), [("password", "too_weak")]);
    let body = json!({"token": token, "password": PASSWORD});
    let accepted = page.post("/api/links/password", &body).await;
    let browser = page.with_cookies_of(&accepted);
    assert_eq!(browser.account().await["role"], "manager");
    let again = page.post("/api/links/password", &body).await;
    assert_eq!((again.status.as_u16(), again.code()), (401, "link_invalid"));

    assert_eq!(browser.delete("/api/session").await.data()["ended"], 1);
    assert_eq!(browser.get("/api/account").await.status, StatusCode::UNAUTHORIZED);
    let signed_in = page.sign_in("ada@example.COM", PASSWORD).await;
    assert_eq!(page.with_cookies_of(&signed_in).account().await["name"], "Ada");
    let taken =
        admin.post("/api/users", &json!({"email": "ADA@example.com", "name": "B", "role": "analyst"})).await;
    assert_eq!(taken.fields(), [("email", "taken")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_cookie_is_protected_and_new_at_each_sign_in() {
    let world = guarded_world().await;
    world.with_person("ada@example.com", Role::Analyst).await;
    let page = world.client.as_page();
    let first = page.sign_in("ada@example.com", PASSWORD).await;
    let cookie = first.headers.get_all(SET_COOKIE).iter().next().unwrap().to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    // A token that was there before is not taken over.
    let fixed = page.with_cookies_of(&first);
    let second = fixed.sign_in("ada@example.com", PASSWORD).await;
    assert_ne!(cookies(&first), cookies(&second));
    let secure = offercast_api::Edge { behind_tls: true, ..offercast_api::Edge::default() };
    let secure = crate::support::serve_with(world.app.clone(), secure).as_page();
    let signed_in = secure.sign_in("ada@example.com", PASSWORD).await;
    let cookie = signed_in.headers.get_all(SET_COOKIE).iter().next().unwrap().to_str().unwrap();
    assert!(cookie.starts_with("__Host-offercast-session=") && cookie.contains("Secure"), "{cookie}");
    assert!(signed_in.headers["strict-transport-security"].to_str().unwrap().starts_with("max-age="));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_and_a_wrong_password_get_the_same_response() {
    let world = guarded_world().await;
    world.with_person("ada@example.com", Role::Analyst).await;
    let page = world.client.as_page();
    let wrong = page.sign_in("ada@example.com", "wrong password 123").await;
    let unknown = page.sign_in("nobody@example.com", "wrong password 123").await;
    let invalid = page.sign_in("no address", "wrong password 123").await;
    for response in [&wrong, &unknown, &invalid] {
        assert_eq!((response.status.as_u16(), response.code()), (401, "sign_in_failed"));
        assert_eq!(response.body["message"], wrong.body["message"]);
        assert!(response.headers.get(SET_COOKIE).is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_delayed_but_not_on_a_known_device() {
    let world = guarded_world().await;
    world.with_person("ada@example.com", Role::Owner).await;
    let page = world.client.as_page();
    let known = page.with_cookies_of(&page.sign_in("ada@example.com", PASSWORD).await);
    for _ in 0..5 {
        assert_eq!(page.sign_in("ada@example.com", "a wrong password").await.status, 401);
    }
    let delayed = page.sign_in("ada@example.com", PASSWORD).await;
    assert_eq!((delayed.status.as_u16(), delayed.code()), (429, "rate_limited"));
    assert!(delayed.headers.contains_key("retry-after"));
    assert_eq!(known.sign_in("ada@example.com", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_is_signed_out_everywhere_and_the_last_owner_stays() {
    let world = guarded_world().await;
    let owner = world.with_person("owner@example.com", Role::Owner).await;
    let ada = world.with_person("ada@example.com", Role::Manager).await;
    let id = ada.account().await["id"].clone();
    let disabled = owner.patch(&format!("/api/users/{id}"), &json!({"disabled": true})).await;
    assert_eq!(disabled.data()["status"], "disabled");
    assert_eq!(ada.get("/api/account").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.client.as_page().sign_in("ada@example.com", PASSWORD).await.status, 401);
    let owner_id = owner.account().await["id"].clone();
    for (change, path) in [
        (Some(json!({"role": "analyst"})), format!("/api/users/{owner_id}")),
        (Some(json!({"disabled": true})), format!("/api/users/{owner_id}")),
        (None, format!("/api/users/{owner_id}")),
    ] {
        let response = match change {
            Some(change) => owner.patch(&path, &change).await,
            None => owner.delete(&path).await,
        };
        assert_eq!((response.status.as_u16(), response.code()), (409, "last_owner"));
    }
    assert_eq!(owner.account().await["role"], "owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_and_ends_the_own_sessions() {
    let world = guarded_world().await;
    let first = world.with_person("ada@example.com", Role::Analyst).await;
    let page = world.client.as_page();
    let second = page.with_cookies_of(&page.sign_in("ada@example.com", PASSWORD).await);
    let sessions = second.get("/api/account/sessions").await;
    let current: Vec<_> =
        sessions.data().as_array().unwrap().iter().map(|one| one["is_current"].clone()).collect();
    assert_eq!(current.iter().filter(|is_current| **is_current == json!(true)).count(), 1);
    assert_eq!(current.len(), 2);
    let other = world.with_person("bob@example.com", Role::Owner).await;
    let id = sessions.data()[0]["id"].clone();
    assert_eq!(other.delete(&format!("/api/account/sessions/{id}")).await.code(), "session_not_found");
    assert_eq!(second.delete("/api/account/sessions").await.data()["ended"], 1);
    assert_eq!(first.get("/api/account").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(second.get("/api/account").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_without_requests_and_after_a_week() {
    let world = guarded_world().await;
    let ada = world.with_person("ada@example.com", Role::Analyst).await;
    for _ in 0..14 {
        world.clock.advance(Duration::from_secs(11 * 60 * 60));
        assert_eq!(ada.get("/api/account").await.status, StatusCode::OK);
    }
    world.clock.advance(Duration::from_secs(15 * 60 * 60));
    assert_eq!(ada.get("/api/account").await.status, StatusCode::UNAUTHORIZED, "a week after the sign-in");
    let page = world.client.as_page();
    let idle = page.with_cookies_of(&page.sign_in("ada@example.com", PASSWORD).await);
    world.clock.advance(Duration::from_secs(12 * 60 * 60 + 1));
    assert_eq!(idle.get("/api/account").await.status, StatusCode::UNAUTHORIZED, "12 hours without a request");
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_ends_the_other_sessions() {
    let world = guarded_world().await;
    let first = world.with_person("ada@example.com", Role::Analyst).await;
    let page = world.client.as_page();
    let second = page.with_cookies_of(&page.sign_in("ada@example.com", PASSWORD).await);
    let new = "another long password x";
    let change = |current: &str| json!({"current_password": current, "new_password": new});
    let wrong = second.post("/api/account/password", &change("a wrong password")).await;
    assert_eq!(wrong.fields(), [("password", "wrong")]);
    assert_eq!(second.post("/api/account/password", &change(PASSWORD)).await.data()["ended"], 1);
    assert_eq!(first.get("/api/account").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(second.get("/api/account").await.status, StatusCode::OK);
    assert_eq!(page.sign_in("ada@example.com", PASSWORD).await.status, 401);
    assert_eq!(page.sign_in("ada@example.com", new).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_step_verification_asks_for_a_code_that_works_once() {
    let world = guarded_world().await;
    let ada = world.with_person("ada@example.com", Role::Manager).await;
    let set_up = ada.post("/api/account/second-factor", &json!({"password": PASSWORD})).await;
    let secret = set_up.data()["secret"].as_str().unwrap().to_owned();
    assert!(set_up.data()["uri"].as_str().unwrap().starts_with("otpauth://totp/Offercast:"));
    let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(&secret).unwrap());
    let totp = totp.build_noncompliant();
    let code = |later: u64| {
        let seconds = u64::try_from(world.app.clock.now().timestamp()).unwrap() + later;
        totp.generate(seconds).to_string()
    };
    let wrong = ada.post("/api/account/second-factor/confirm", &json!({"code": "12345"})).await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (401, "second_factor_failed"));
    let confirmed = ada.post("/api/account/second-factor/confirm", &json!({"code": code(0)})).await;
    let recovery = confirmed.data()["recovery_codes"].as_array().unwrap().clone();
    assert_eq!(recovery.len(), 10);

    let page = world.client.as_page();
    let missing = page.sign_in("ada@example.com", PASSWORD).await;
    assert_eq!((missing.status.as_u16(), missing.code()), (401, "second_factor_required"));
    let with = async |factor: &str| {
        let body = json!({"email": "ada@example.com", "password": PASSWORD, "second_factor": factor});
        page.post("/api/session", &body).await
    };
    assert_eq!(with(&code(0)).await.code(), "second_factor_failed", "the confirming code was used");
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(with(&code(0)).await.status, StatusCode::OK);
    assert_eq!(with(&code(0)).await.code(), "second_factor_failed", "a code works once");
    let recovery = recovery[3].as_str().unwrap().to_uppercase();
    assert_eq!(with(&recovery).await.status, StatusCode::OK);
    assert_eq!(with(&recovery).await.code(), "second_factor_failed");
    assert_eq!(ada.account().await["recovery_codes_left"], 9);
    let off = ada
        .request(reqwest::Method::DELETE, "/api/account/second-factor")
        .json(&json!({"password": PASSWORD}));
    assert_eq!(crate::support::send_request(off).await.data()["has_second_factor"], false);
    assert_eq!(page.sign_in("ada@example.com", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_link_works_once_and_for_a_quarter_of_an_hour() {
    let world = guarded_world().await;
    world.with_person("ada@example.com", Role::Owner).await;
    let user = access::user_named(&world.app, "ADA@example.com").await.unwrap();
    let page = world.client.as_page();
    let link = async || {
        let link = access::sign_in_link(&world.app, user.id, &Caller::command_line()).await.unwrap();
        link.path.strip_prefix("/login#once=").unwrap().to_owned()
    };
    let token = link().await;
    let body = json!({"token": token});
    assert_eq!(page.post("/api/session/link", &body).await.status, StatusCode::OK);
    assert_eq!(page.post("/api/session/link", &body).await.code(), "link_invalid");
    let late = json!({"token": link().await});
    world.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(page.post("/api/session/link", &late).await.code(), "link_invalid");
    let replaced = json!({"token": link().await});
    link().await;
    assert_eq!(page.post("/api/session/link", &replaced).await.code(), "link_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_session_is_known_to_other_processes() {
    let world = guarded_world().await;
    let replica = guarded_replica(&world).await;
    let ada = world.with_person("ada@example.com", Role::Analyst).await;
    let there = Client { base: replica.base.clone(), http: ada.http.clone() };
    eventually("the replica knows the session", async || there.get("/api/account").await.status == 200).await;
    // A key has no account.
    let shop = world.with_key(&key(&[Scope::OffersRead])).await;
    assert_eq!(shop.get("/api/account").await.code(), "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_the_code_does_not_forget_wrong_codes() {
    let world = guarded_world().await;
    let ada = world.with_person("ada@example.com", Role::Manager).await;
    switch_on_second_factor(&world, &ada).await;
    let page = world.client.as_page();
    let with = async |factor: Option<&str>| {
        let body = json!({"email": "ada@example.com", "password": PASSWORD, "second_factor": factor});
        page.post("/api/session", &body).await
    };
    for _ in 0..5 {
        assert_eq!(with(Some("000000")).await.code(), "second_factor_failed");
        if with(None).await.code() == "rate_limited" {
            break;
        }
    }
    assert_eq!(with(Some("000000")).await.code(), "rate_limited", "five wrong codes are delayed");
    let log = world.with_full_key().await.get("/api/audit?action=session.second_factor_asked").await;
    assert!(!log.data().as_array().unwrap().is_empty(), "that the password was right is recorded");
}

/// Returns the app that generates codes.
async fn switch_on_second_factor(world: &World, person: &Client) -> totp_rs::Totp {
    let set_up = person.post("/api/account/second-factor", &json!({"password": PASSWORD})).await;
    let secret = set_up.data()["secret"].as_str().unwrap().to_owned();
    let secret = totp_rs::Secret::try_from_base32(&secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    let seconds = u64::try_from(world.app.clock.now().timestamp()).unwrap();
    let code = json!({"code": totp.generate(seconds).to_string()});
    person.post("/api/account/second-factor/confirm", &code).await.data();
    totp
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_reset_the_password_does_not_replace_the_second_factor() {
    let world = guarded_world().await;
    let owner = world.with_person("owner@example.com", Role::Owner).await;
    let ada = world.with_person("ada@example.com", Role::Manager).await;
    let totp = switch_on_second_factor(&world, &ada).await;
    let id = ada.account().await["id"].clone();
    let link = owner.post(&format!("/api/users/{id}/link"), &json!({})).await;
    let token = link.data()["path"].as_str().unwrap().strip_prefix("/welcome#token=").unwrap().to_owned();
    let page = world.client.as_page();
    let choose = async |factor: Option<String>| {
        let body = json!({"token": token, "password": "another long password x", "second_factor": factor});
        page.post("/api/links/password", &body).await
    };
    assert_eq!(choose(None).await.code(), "second_factor_required");
    for _ in 0..5 {
        assert_eq!(choose(Some("000000".to_owned())).await.code(), "second_factor_failed");
    }
    assert_eq!(choose(Some("000000".to_owned())).await.code(), "rate_limited");
    let failures = owner.get("/api/audit?action=session.failed").await;
    assert_eq!(failures.data().as_array().unwrap().len(), 5);
    // Delays are real time; another process does not know of them.
    let page = guarded_replica(&world).await.as_page();
    let choose = async |factor: Option<String>| {
        let body = json!({"token": token, "password": "another long password x", "second_factor": factor});
        page.post("/api/links/password", &body).await
    };
    assert_eq!(ada.get("/api/account").await.status, StatusCode::OK, "nothing has changed");
    world.clock.advance(Duration::from_secs(60));
    let seconds = u64::try_from(world.app.clock.now().timestamp()).unwrap();
    assert_eq!(choose(Some(totp.generate(seconds).to_string())).await.status, StatusCode::OK);
    eventually("the session has ended", async || ada.get("/api/account").await.status == 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resetting_a_person_ends_everything_that_let_them_in() {
    let world = guarded_world().await;
    let ada = world.with_person("ada@example.com", Role::Owner).await;
    switch_on_second_factor(&world, &ada).await;
    let user = access::user_named(&world.app, "ada@example.com").await.unwrap();
    let (_, link) = access::reset_user(&world.app, user.id, &Caller::command_line()).await.unwrap();
    let page = world.client.as_page();
    assert_eq!(page.sign_in("ada@example.com", PASSWORD).await.code(), "sign_in_failed");
    eventually("the session has ended", async || ada.get("/api/account").await.status == 401).await;
    let token = link.path.strip_prefix("/welcome#token=").unwrap();
    let body = json!({"token": token, "password": PASSWORD});
    assert_eq!(page.post("/api/links/password", &body).await.status, StatusCode::OK);
}

/// Each takes a hash of the password, also for a person who does not exist.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_failed_sign_in_does_not_show_whether_the_person_exists() {
    let world = guarded_world().await;
    world.with_person("ada@example.com", Role::Analyst).await;
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for number in 0..9 {
        for (email, times) in [("ada@example.com", &mut known), ("bob@example.com", &mut unknown)] {
            // Delays count in real time per address and account, so each attempt comes from another address.
            let address = Some([192, 0, 2, number].into());
            let caller = Caller { principal: Principal::nobody(), address, request_id: String::new() };
            let attempt = access::SignIn {
                email,
                password: "a wrong password",
                second_factor: None,
                device: None,
                user_agent: "",
            };
            let started = std::time::Instant::now();
            let result = access::sign_in(&world.app, &attempt, &caller).await;
            if matches!(result, Err(offercast_app::Error::SignInFailed)) {
                times.push(started.elapsed());
            }
        }
    }
    known.sort();
    unknown.sort();
    let (known, unknown) = (known[known.len() / 2], unknown[unknown.len() / 2]);
    // Without the hash, one of them would be tens of times as fast.
    assert!(known < unknown * 5 && unknown < known * 5, "{known:?} {unknown:?}");
}
