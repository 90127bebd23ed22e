use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap};
use reqwest::{Method, Response};
use serde_json::Value;
use tokio::time::timeout;

use super::Client;

/// Shorter than the 15 seconds after which a process reads again without a notification.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A stream of server-sent events.
pub struct EventStream {
    response: Response,
    text: String,
}

impl Client {
    /// Opens the event stream of an offer.
    pub async fn subscribe(&self, offer: &str) -> EventStream {
        let request = self.request(Method::GET, &format!("/api/offers/{offer}/events"));
        // Like a browser.
        let response = request.header(ACCEPT_ENCODING, "gzip, br").send().await.unwrap();
        assert_eq!(response.status(), 200);
        EventStream { response, text: String::new() }
    }
}

impl EventStream {
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// Name and data of the next event; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let parsed = parse(event);
                self.text = rest.to_owned();
                if parsed.is_some() {
                    return parsed;
                }
            }
            let chunk = timeout(TIMEOUT, self.response.chunk()).await.expect("an event in time").unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Data of the next event `offer`.
    pub async fn offer(&mut self) -> Value {
        loop {
            let (name, data) = self.next().await.expect("another event");
            if name == "offer" {
                return data;
            }
        }
    }
}

/// `None` for a message without an event, such as the reconnection time.
fn parse(event: &str) -> Option<(String, Value)> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some((field("event")?.to_owned(), serde_json::from_str(field("data")?).unwrap()))
}
