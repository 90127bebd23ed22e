//! `offercast keys`, `offercast users`, the first start of `up`, and what a start refuses.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::support::{Client, Database, PASSWORD, Program, cookies, eventually, offer};

/// Runs a command. Returns its standard output; fails with its errors.
async fn run(database: &Database, arguments: &[&str]) -> Result<String, String> {
    let output = Program::command(Some(database), arguments).output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

const ON: &[(&str, &str)] = &[("OFFERCAST_ACCESS", "on"), ("OFFERCAST_LOG", "debug")];

async fn status(client: &Client) -> u16 {
    client.get("/api/offers").await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_people_are_managed_from_the_command_line() {
    let database = Database::new().await;
    let (api, client) = Program::with(&database, ON).await;
    let scopes = "redemptions:write,offers:read,offers:write";
    let secret = run(&database, &["keys", "create", "--name", "Shop", "--scopes", scopes]).await.unwrap();
    let shop = client.with_bearer(&secret);
    eventually("the running API knows the key", async || status(&shop).await == 200).await;
    let list = run(&database, &["keys", "list"]).await.unwrap();
    assert!(list.contains("Shop") && !list.contains(&secret), "{list}");
    let rotated = run(&database, &["keys", "rotate", "1"]).await.unwrap();
    eventually("it knows the new one too", async || status(&client.with_bearer(&rotated)).await == 200).await;
    run(&database, &["keys", "revoke", "1"]).await.unwrap();
    eventually("it has forgotten the key", async || status(&shop).await == 401).await;

    let add = ["users", "add", "--email", "ada@example.com", "--name", "Ada", "--role", "owner"];
    let link = run(&database, &add).await.unwrap();
    let token = link.strip_prefix("/welcome#token=").unwrap();
    let page = client.as_page();
    let chosen = page.post("/api/links/password", &json!({"token": token, "password": PASSWORD})).await;
    assert_eq!(page.with_cookies_of(&chosen).account().await["role"], "owner");
    let once = run(&database, &["users", "sign-in-link", "ada@example.com"]).await.unwrap();
    let once = once.strip_prefix("/login#once=").unwrap();
    assert_eq!(page.post("/api/session/link", &json!({"token": once})).await.status, 200);
    assert!(
        run(&database, &["users", "disable", "ada@example.com"]).await.unwrap_err().contains("administer")
    );
    for (arguments, wrong) in [
        (
            &["keys", "create", "--name", "x", "--scopes", "everything"][..],
            "`everything` must be one of offers:read",
        ),
        (&["users", "role", "ada@example.com", "king"], "`king` must be one of owner, manager, analyst"),
        (&["users", "reset", "bob@example.com"], "there is no such person"),
        (&["keys", "revoke", "99"], "there is no such key"),
    ] {
        let error = run(&database, arguments).await.unwrap_err();
        assert!(error.contains(wrong), "{error}");
    }
    // Nothing of what proves an identity is logged, however much is logged.
    let session = cookies(&chosen);
    let session = session.split(['=', ';']).nth(1).unwrap();
    let log = api.logged_text();
    assert!(log.contains("\"request\""), "the log is empty");
    for secret in [&secret, &rotated, PASSWORD, token, once, session] {
        assert!(!log.contains(secret), "the log has a secret");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_would_be_open_to_others_is_refused() {
    for (settings, expected) in [
        (&[("OFFERCAST_ACCESS", "off")][..], "access (OFFERCAST_ACCESS) must not be off on 0.0.0.0:"),
        (&[("OFFERCAST_ACCESS", "on")], "behind_tls (OFFERCAST_BEHIND_TLS) must be true on 0.0.0.0:"),
        (&[("OFFERCAST_ACCESS", "perhaps")], "access"),
    ] {
        let mut command = Program::command(None, &["api", "--listen", "0.0.0.0:0"]);
        command.env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none").envs(settings.iter().copied());
        let output = command.output().await.unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}

/// A running `offercast up`, and what it has printed until it was running.
struct Up {
    child: Child,
    printed: String,
    client: Client,
}

impl Up {
    async fn start(database: &Database, folder: &Path) -> Up {
        let folder = folder.to_str().unwrap();
        let arguments = ["up", "--empty", "--listen", "127.0.0.1:0", "--access", "on", "--data-dir", folder];
        let mut command = Program::command(Some(database), &arguments);
        let mut child = command.env("OFFERCAST_LOG", "info").stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut printed = String::new();
        // The server starts after everything is printed.
        while !printed.contains("starting service") {
            printed += &lines.next_line().await.unwrap().expect("it ended");
            printed.push('\n');
        }
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let address = printed.split_once("running at http://").unwrap().1.split('/').next().unwrap();
        let client = Client::new(&format!("http://{address}"));
        Up { child, client, printed }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_creates_an_owner_and_a_key_and_prints_a_link_that_works_once() {
    let database = Database::new().await;
    let folder = std::env::temp_dir().join(format!("offercast-first-start-{}", std::process::id()));
    let up = Up::start(&database, &folder).await;
    let file = folder.join("credentials.json");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(&folder)), (0o600, 0o700));
    let credentials: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let text = |name: &str| credentials[name].as_str().unwrap();
    assert!(!up.printed.contains(text("password")) && !up.printed.contains(text("api_key")));
    let shop = up.client.with_bearer(text("api_key"));
    shop.create(&offer("FIRST", &json!({"start_date": "2020-01-01", "end_date": "2199-12-31"}))).await;
    assert_eq!(shop.redeem("FIRST", &json!(50)).await.status, 201);
    let token = up.printed.split_once("/login#once=").unwrap().1.lines().next().unwrap();
    let page = up.client.as_page();
    let link = json!({"token": token});
    let signed_in = page.post("/api/session/link", &link).await;
    assert_eq!(page.with_cookies_of(&signed_in).account().await["email"], text("email"));
    assert_eq!(page.post("/api/session/link", &link).await.code(), "link_invalid");
    assert_eq!(page.sign_in(text("email"), text("password")).await.status, 200);
    let Up { mut child, .. } = up;
    child.kill().await.unwrap();
    let again = Up::start(&database, &folder).await;
    assert!(!again.printed.contains("/login#once="), "only the first start creates an owner");
    drop(again);
    std::fs::remove_dir_all(&folder).unwrap();
}
