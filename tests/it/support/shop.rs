use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::described::assert_described;

/// Speaks to the API as a shop or the dashboard would.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    pub http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn data(&self) -> &Value {
        assert!(self.status.is_success(), "{self:?}");
        &self.body["data"]
    }

    /// The code of a refusal, whose envelope is complete.
    pub fn code(&self) -> &str {
        assert_eq!(self.body["status"], false, "{self:?}");
        assert!(!self.body["message"].as_str().unwrap().is_empty());
        assert!(!self.body["error"]["request_id"].as_str().unwrap().is_empty());
        self.body["error"]["code"].as_str().unwrap()
    }

    /// (field, code) of every problem.
    pub fn fields(&self) -> Vec<(&str, &str)> {
        assert_eq!(self.code(), "invalid_request", "{self:?}");
        let fields = self.body["error"]["fields"].as_array().unwrap();
        fields.iter().map(|f| (f["field"].as_str().unwrap(), f["code"].as_str().unwrap())).collect()
    }
}

impl Client {
    pub fn new(base: &str) -> Client {
        Client { base: base.to_owned(), http: reqwest::Client::new() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        answer(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        answer(self.request(Method::PATCH, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    pub async fn create(&self, offer: &Value) -> Value {
        let answer = self.post("/api/offers", offer).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        answer.data().clone()
    }

    pub async fn redeem(&self, offer: &str, order_amount: &Value) -> Answer {
        let body = json!({"customer_id": 1001, "order_amount": order_amount});
        self.post(&format!("/api/offers/{offer}/redeem"), &body).await
    }

    /// Redeems as a shop does: busy means that nothing happened and that a retry may work.
    pub async fn insist(&self, offer: &str, order_amount: &Value) -> Answer {
        loop {
            let answer = self.redeem(offer, order_amount).await;
            if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                return answer;
            }
            assert_eq!(answer.code(), "busy");
        }
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = client.execute(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    assert_described(&method, &path, status, &body);
    Answer { status, headers, body }
}

/// An offer of 10 percent that is valid in June 2026, with these fields besides or instead.
pub fn offer(code: &str, fields: &Value) -> Value {
    let mut offer = json!({
        "name": "Summer sale",
        "code": code,
        "discount_type": "percent",
        "discount_value": 10,
        "currency": "USD",
        "start_date": "2026-06-01",
        "end_date": "2026-06-30",
    });
    for (field, value) in fields.as_object().unwrap() {
        offer[field] = value.clone();
    }
    offer
}
