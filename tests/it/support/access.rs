//! Keys and people for tests of access control.

use offercast_app::App;
use offercast_app::access::{self, Caller, KeyDraft, PersonDraft, Role, Scope};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use serde_json::{Value, json};

use super::{Client, Response, World, app, serve};

pub const PASSWORD: &str = "correct horse battery";

/// An API that requires credentials. `World::client` has none.
pub async fn guarded_world() -> World {
    let mut world = World::new().await;
    world.app = world.app.with_access_control();
    world.app.access.ready(std::time::Duration::from_secs(10)).await;
    world.client = serve(world.app.clone());
    world
}

/// Another API with access control on the same database, like that of another process.
pub async fn guarded_replica(world: &World) -> Client {
    let app = app(&world.database.application_url(), &world.clock, 16).with_access_control();
    app.access.ready(std::time::Duration::from_secs(10)).await;
    serve(app)
}

/// A draft of a key with these scopes.
pub fn key(scopes: &[Scope]) -> KeyDraft {
    KeyDraft { name: Some("Shop".to_owned()), scopes: Some(scopes.to_vec()), ..KeyDraft::default() }
}

/// Creates a key from the command line. Returns its id and its secret.
pub async fn create_key(app: &App, draft: &KeyDraft) -> (i64, String) {
    let new = access::create_key(app, draft, &Caller::command_line()).await.unwrap();
    (new.key.id, new.secret)
}

impl World {
    /// A client with a new key.
    pub async fn with_key(&self, draft: &KeyDraft) -> Client {
        self.client.with_bearer(&create_key(&self.app, draft).await.1)
    }

    /// A client with a key that has every scope.
    pub async fn with_full_key(&self) -> Client {
        self.with_key(&key(&Scope::ALL)).await
    }

    /// The browser of a new person, who has accepted the invitation.
    pub async fn with_person(&self, email: &str, role: Role) -> Client {
        let draft = PersonDraft {
            email: Some(email.to_owned()),
            name: Some(format!("The {}", role.as_str())),
            role: Some(role),
        };
        let (_, link) = access::invite(&self.app, &draft, &Caller::command_line()).await.unwrap();
        let token = link.path.split_once("#token=").unwrap().1.to_owned();
        let body = json!({"token": token, "password": PASSWORD});
        let browser = self.client.as_page();
        browser.with_cookies_of(&browser.post("/api/links/password", &body).await)
    }
}

impl Client {
    fn with_headers(&self, headers: HeaderMap) -> Client {
        let http = reqwest::Client::builder().default_headers(headers).build().unwrap();
        Client { base: self.base.clone(), http }
    }

    pub fn with_bearer(&self, key: &str) -> Client {
        let bearer = HeaderValue::from_str(&format!("Bearer {key}")).unwrap();
        self.with_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
    }

    /// A page of the dashboard in a browser without cookies.
    pub fn as_page(&self) -> Client {
        self.with_headers(page_headers())
    }

    /// The browser after a response that has set cookies.
    pub fn with_cookies_of(&self, response: &Response) -> Client {
        assert!(response.status.is_success(), "{response:?}");
        let mut headers = page_headers();
        headers.insert(COOKIE, HeaderValue::from_str(&cookies(response)).unwrap());
        self.with_headers(headers)
    }

    /// Signs in by password in this browser.
    pub async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.post("/api/session", &json!({"email": email, "password": password})).await
    }

    pub async fn account(&self) -> Value {
        self.get("/api/account").await.data().clone()
    }
}

/// The cookies that a response sets, as a browser sends them.
pub fn cookies(response: &Response) -> String {
    let set = response.headers.get_all(SET_COOKIE).iter();
    let pairs = set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
    pairs.collect::<Vec<_>>().join("; ")
}

fn page_headers() -> HeaderMap {
    let name = HeaderName::from_static;
    HeaderMap::from_iter([
        (name("x-offercast-request"), HeaderValue::from_static("1")),
        (name("sec-fetch-site"), HeaderValue::from_static("same-origin")),
    ])
}
