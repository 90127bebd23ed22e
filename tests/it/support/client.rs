use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::described::assert_described;

/// A client of the API.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    pub http: reqwest::Client,
}

/// A response of the API.
#[derive(Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Response {
    pub fn data(&self) -> &Value {
        assert!(self.status.is_success(), "{self:?}");
        &self.body["data"]
    }

    /// The error code. Also asserts that the envelope is complete.
    pub fn code(&self) -> &str {
        assert_eq!(self.body["status"], false, "{self:?}");
        assert!(!self.body["message"].as_str().unwrap().is_empty());
        assert!(!self.body["error"]["request_id"].as_str().unwrap().is_empty());
        self.body["error"]["code"].as_str().unwrap()
    }

    /// The field and code of each validation error.
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

    pub async fn get(&self, path: &str) -> Response {
        send_request(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        send_request(self.request(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Response {
        send_request(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Response {
        send_request(self.request(Method::PATCH, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Response {
        send_request(self.request(Method::DELETE, path)).await
    }

    pub async fn create(&self, offer: &Value) -> Value {
        let response = self.post("/api/offers", offer).await;
        assert_eq!(response.status, StatusCode::CREATED, "{response:?}");
        response.data().clone()
    }

    pub async fn redeem(&self, offer: &str, order_amount: &Value) -> Response {
        let body = json!({"customer_id": 1001, "order_amount": order_amount});
        self.post(&format!("/api/offers/{offer}/redeem"), &body).await
    }

    /// Redeems and retries while the server is busy.
    pub async fn redeem_with_retries(&self, offer: &str, order_amount: &Value) -> Response {
        loop {
            let response = self.redeem(offer, order_amount).await;
            if response.status != StatusCode::SERVICE_UNAVAILABLE {
                return response;
            }
            assert_eq!(response.code(), "busy");
        }
    }
}

pub async fn send_request(request: RequestBuilder) -> Response {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = client.execute(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    assert_described(&method, &path, status, &body);
    Response { status, headers, body }
}

/// An offer of 10 percent that is valid in June 2026, with these fields added or replaced.
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
