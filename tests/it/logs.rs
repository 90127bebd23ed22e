use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Client, Program, World, eventually, offer};

/// Sends bytes over a connection of their own, and returns the response.
async fn send_raw(client: &Client, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(client.base.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut response = Vec::new();
    // The server may reset the connection after its response.
    let _ = stream.read_to_end(&mut response).await;
    String::from_utf8_lossy(&response).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_requests_are_not_logged_and_failures_are() {
    let world = World::new().await;
    world.client.create(&offer("LOGS", &json!({}))).await;
    let (api, client) = Program::api(&world.database).await;
    for malformed in [
        &b"\x16\x03\x01\x02\x00\x01\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/redeem HTTP/1.1\r\nhost: localhost\r\ncontent-length: many\r\n\r\n",
    ] {
        let response = send_raw(&client, malformed).await;
        assert!(response.starts_with("HTTP/1.1 400"), "{malformed:?}: {response}");
    }
    world.database.execute("alter table redemptions rename to renamed").await;
    let ledger = "/api/offers/LOGS/redemptions";
    let csv = client.http.get(format!("{}{ledger}?format=csv", client.base));
    let download = async { csv.send().await?.bytes().await };
    assert!(download.await.is_err(), "the download is complete");
    eventually("the first failure is logged", async || !api.logged_problems().is_empty()).await;
    assert_eq!(client.get(ledger).await.status, 500);
    eventually("the second failure is logged", async || api.logged_problems().len() > 1).await;
    assert_eq!(api.logged_problems(), ["response ended early", "request failed"]);
}
