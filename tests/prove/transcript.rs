//! The orders that were sent, and the responses to them.

use std::collections::BTreeMap;

use serde_json::Value;

/// The part of a response that a shop relies on.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    /// 2xx, with its data.
    Done(Value),
    /// 4xx, with its code: nothing was changed, and a retry gets the same response.
    Refused(String),
    /// `busy`: nothing was changed, and a retry may succeed.
    Busy,
    /// The connection broke, the client disconnected, or the server does not know the outcome.
    Unknown,
}

impl Response {
    pub fn of(status: u16, body: &Value) -> Response {
        let code = body["error"]["code"].as_str().unwrap_or_default();
        match status {
            200..=299 => Response::Done(body["data"].clone()),
            400..=499 => Response::Refused(code.to_owned()),
            503 if code == "busy" => Response::Busy,
            _ => Response::Unknown,
        }
    }

    /// The response to a row of a batch, as if the row had been sent alone. If the batch as a whole failed, its
    /// response applies to each row.
    pub fn of_row(&self, index: usize) -> Response {
        let Response::Done(rows) = self else { return self.clone() };
        let row = &rows[index];
        let status = row["http_status"].as_u64().and_then(|status| u16::try_from(status).ok());
        status.map_or(Response::Unknown, |status| Response::of(status, row))
    }

    pub fn is_final(&self) -> bool {
        matches!(self, Response::Done(_) | Response::Refused(_))
    }
}

/// How an order is redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Redeem,
    /// Reserved first, then confirmed.
    Confirm,
    /// Reserved first, then released.
    Release,
    /// Reserved first, then left to expire.
    Expire,
}

/// An order and all responses to it. Each order has its own customer, which identifies its entries in the ledger.
#[derive(Debug, Clone)]
pub struct Transcript {
    pub offer: usize,
    pub customer: String,
    /// In cents.
    pub amount: i64,
    pub way: Way,
    /// Whether it was first sent as a row of a batch.
    pub in_batch: bool,
    pub key: Option<String>,
    pub order: Option<String>,
    /// The unique code to redeem; other orders may use the same one.
    pub code: Option<String>,
    /// To redeeming or confirming, including retries.
    pub responses: Vec<Response>,
    /// To reserving and releasing.
    pub held: Vec<Response>,
    /// To a different request with the same key.
    pub misuse: Option<Response>,
    /// To reversing it.
    pub reversed: Vec<Response>,
}

impl Transcript {
    pub fn requests(&self) -> usize {
        self.responses.len() + self.held.len() + self.reversed.len() + usize::from(self.misuse.is_some())
    }

    /// The first final response.
    pub fn outcome(&self) -> Option<&Response> {
        self.responses.iter().find(|response| response.is_final())
    }

    pub fn accepted(&self) -> Option<&Value> {
        self.responses.iter().find_map(|response| match response {
            Response::Done(data) => Some(data),
            _ => None,
        })
    }

    /// Whether it may have been redeemed without a response.
    pub fn is_in_doubt(&self) -> bool {
        self.responses.contains(&Response::Unknown)
    }
}

/// The number of orders by outcome.
pub fn summary(transcripts: &[Transcript]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in transcripts {
        let outcome = match one.outcome() {
            Some(Response::Done(_)) => "accepted",
            Some(Response::Refused(code)) => code,
            _ if one.is_in_doubt() => "in doubt",
            _ => "busy or not redeemed",
        };
        *counts.entry(outcome).or_default() += 1;
        *counts.entry("(repeated responses)").or_default() +=
            one.responses.iter().filter(|response| response.is_final()).count().saturating_sub(1);
        *counts.entry("(sent in batches)").or_default() += usize::from(one.in_batch);
        *counts.entry("(reversed)").or_default() += usize::from(one.reversed.iter().any(Response::is_final));
    }
    counts.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect::<Vec<_>>().join(", ")
}
